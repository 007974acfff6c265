import Randomness

/// How weights start that do not start by PyTorch's default; biases then start at zero.
public enum Initialization: String, CaseIterable, Hashable, Sendable {
  /// N(0, 2 / fan-in), for rectifiers: He, Zhang, Ren, Sun, Delving Deep into Rectifiers (2015).
  case kaiming
  /// U(-b, b), b = √(6 / (fan-in + fan-out)): Glorot, Bengio (2010).
  case xavier
  /// Rows, or columns if they are fewer, that stand at right angles: Saxe, McClelland, Ganguli (2013).
  case orthogonal
  /// Each channel goes on as it is, as far as there are filters in its group: the middle of its own window is 1. Filters
  /// beyond start by PyTorch's default, where `torch.nn.init.dirac_` has zeros, which `norm` would blow up.
  case dirac
  /// All zero.
  case zero
  /// For a convolution of the image: the directions in which windows of the training images vary, each divided by how
  /// much they do, and the same with the other sign. Until there are images, the same as orthogonal.
  /// Reference: Page, How to Train Your ResNet (2018); Jordan, 94 % on CIFAR-10 in 3.29 Seconds on a Single GPU (2024).
  case whitening

  static var choices: [String: Initialization] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
  }
}

extension Initialization {
  /// The values of a tensor `[out][in]...` in PyTorch's order, of which `groups` parts do not see each other.
  func values(of shape: [Int], groups: Int, using generator: inout SplitMix64) -> [Float] {
    let outputs = shape[0]
    let fanIn = shape.dropFirst().reduce(1, *)
    let window = shape.dropFirst(2).reduce(1, *)
    let count = outputs * fanIn
    switch self {
    case .kaiming:
      let deviation = (2 / Float(fanIn)).squareRoot()
      return (0..<count).map { _ in deviation * generator.normal() }
    case .xavier:
      let bound = (6 / Float(fanIn + outputs * window)).squareRoot()
      return (0..<count).map { _ in generator.uniform(-bound, bound) }
    case .orthogonal, .whitening: return Self.orthogonal(outputs, fanIn, using: &generator)
    case .dirac:
      let bound = 1 / Float(fanIn).squareRoot()
      var values = [Float](repeating: 0, count: count)
      // The middle as padding that keeps the size has it: an even window has one more behind than before.
      let side = shape.count > 2 ? shape[2] : 1
      let middle = (side - 1) / 2 * side + (side - 1) / 2
      let filters = outputs / groups
      for output in 0..<outputs {
        let place = output * fanIn
        if output % filters < shape[1] {
          values[place + output % filters * window + middle] = 1
        } else {
          for i in place..<place + fanIn { values[i] = generator.uniform(-bound, bound) }
        }
      }
      return values
    case .zero: return [Float](repeating: 0, count: count)
    }
  }

  /// Normal numbers made orthonormal one after the other (modified Gram-Schmidt, twice for the rounding): rows, or
  /// columns if there are fewer of these.
  private static func orthogonal(
    _ rows: Int, _ columns: Int, using generator: inout SplitMix64
  ) -> [Float] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors: [[Double]] = []
    for _ in 0..<count {
      var vector = (0..<length).map { _ in Double(generator.normal()) }
      for _ in 0..<2 {
        for other in vectors {
          let share = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in vector.indices { vector[i] -= share * other[i] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / norm })
    }
    return (0..<rows * columns).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return Float(rows <= columns ? vectors[row][column] : vectors[column][row])
    }
  }
}
