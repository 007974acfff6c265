public import Engine
import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Pictures that a channel, unit or class answers to most strongly, found by gradient ascent from noise.
///
/// A picture is the sigmoid of a sum of cosine waves whose amplitudes are learned (Adam), slow waves faster than quick
/// ones, which keeps the picture from noise. At every step it is shifted, turned and scaled a little by chance, so
/// that only what survives that is kept. Several pictures of one unit are pushed apart.
///
/// Reference: Olah, Mordvintsev, Schubert, Feature Visualization (2017); settings cut down to pictures of 28 x 28: shifts of up
/// to 2 pixels, turns of up to 5 degrees, scales of up to 5 %.
public struct FeatureVisualization: Sendable {
  /// What is to be excited: the mean of a channel of a layer's output or one place of it, or one number of a flat layer.
  ///
  /// Name a convolution or linear layer rather than the rectifier after it: before it there is a slope even where
  /// nothing is active yet.
  public struct Unit: Sendable {
    /// The layer.
    public let layer: String
    /// The channel, or the number of the unit or class.
    public let index: Int
    /// The place in the channel, row by row; `nil` for the mean of all.
    public let place: Int?

    /// A unit.
    public init(layer: String, index: Int, place: Int? = nil) {
      self.layer = layer
      self.index = index
      self.place = place
    }
  }

  private let pictures: Int
  private let steps: Int
  private let rate: Float
  private let diversity: Float
  private let thrift: Float
  private let seed: UInt64

  /// A search.
  ///
  /// - Parameters:
  ///   - pictures: how many of each unit.
  ///   - steps: gradient steps.
  ///   - rate: Adam's learning rate.
  ///   - diversity: how strongly pictures of one unit are pushed apart, relative to the unit's own gradient.
  ///   - thrift: how strongly ink is held back, relative to the unit's own gradient: what hardly matters stays blank. Of color pictures none is held back.
  ///   - seed: seed of the noise and of the transformations.
  public init(
    pictures: Int = 3, steps: Int = 256, rate: Float = 0.05, diversity: Float = 0.3,
    thrift: Float = 0.3, seed: UInt64 = 1
  ) {
    self.pictures = max(1, pictures)
    self.steps = max(1, steps)
    self.rate = rate
    self.diversity = diversity
    self.thrift = thrift
    self.seed = seed
  }

  /// The pictures of some units of one layer, unit by unit, `[units · pictures][C][H][W]`, and what each excites.
  public func images(
    of units: [Unit], in executor: Executor
  ) -> (pixels: [Float], activations: [Float]) {
    guard let layer = units.first?.layer else { return ([], []) }
    let shape = executor.network.architecture.inputShape
    let waves = CosineWaves(height: shape.height, width: shape.width)
    let (size, plane) = (shape.count, shape.height * shape.width)
    let count = units.count * pictures
    var generator = SplitMix64(seed: seed, purpose: "feature visualization")
    var amplitudes = (0..<count * size).map { _ in 0.01 * generator.normal() }
    var (mean, square) = (
      [Float](repeating: 0, count: amplitudes.count), [Float](repeating: 0, count: amplitudes.count)
    )
    let output = executor.network.architecture.entries.first { $0.name == layer }?.outputShape
    let positions = output.map { $0.count / $0.channels } ?? 1
    let objective = Self.objective(units, pictures, positions: positions)
    for step in 1...steps {
      let images = pixels(amplitudes, waves, plane)
      let moves = (0..<count).map { _ in AffineSample(shape, using: &generator) }
      let moved = (0..<count).flatMap { row in
        moves[row].applied(to: images[row * size..<(row + 1) * size], plane: plane)
      }
      let gradients = executor.tracer.trace(moved, of: objective, from: layer).pixels
      var slopes: [Float] = []
      slopes.reserveCapacity(count * size)
      for row in 0..<count {
        slopes += moves[row].spread(gradients[row * size..<(row + 1) * size], plane: plane)
      }
      pushApart(images, &slopes, size)
      if shape.channels == 1 { spareInk(&slopes, size) }
      for start in stride(from: 0, to: slopes.count, by: plane) {
        let through = (start..<start + plane).map { slopes[$0] * images[$0] * (1 - images[$0]) }
        let slope = waves.amplitudes(of: through)
        let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-12
        for i in 0..<plane {
          // Each picture's slope has length 1: units of all strengths move alike.
          let g = slope[i] / norm
          mean[start + i] = 0.9 * mean[start + i] + 0.1 * g
          square[start + i] = 0.999 * square[start + i] + 0.001 * g * g
          let m = mean[start + i] / (1 - powf(0.9, Float(step)))
          let v = square[start + i] / (1 - powf(0.999, Float(step)))
          amplitudes[start + i] += rate * m / (v.squareRoot() + 1e-8)
        }
      }
    }
    let result = pixels(amplitudes, waves, plane)
    return (result, executor.tracer.trace(result, of: objective, from: layer).values)
  }

  /// The mean of the unit's numbers; those of a channel follow each other.
  private static func objective(_ units: [Unit], _ pictures: Int, positions: Int) -> Objective {
    Objective { image, values in
      let unit = units[image / pictures]
      let start = unit.index * positions + (unit.place ?? 0)
      let range = start..<start + (unit.place == nil ? positions : 1)
      var gradient = [Float](repeating: 0, count: values.count)
      for i in range { gradient[i] = 1 / Float(range.count) }
      return (values[range].reduce(0, +) / Float(range.count), gradient)
    }
  }

  private func pixels(_ amplitudes: [Float], _ waves: CosineWaves, _ plane: Int) -> [Float] {
    stride(from: 0, to: amplitudes.count, by: plane).flatMap { start in
      // Minus two: pictures begin dark, as digits are.
      waves.sum(Array(amplitudes[start..<start + plane])).map { 1 / (1 + expf(2 - $0)) }
    }
  }

  /// Takes from each picture's slope the same everywhere: ink has to earn its place.
  private func spareInk(_ slopes: inout [Float], _ size: Int) {
    for start in stride(from: 0, to: slopes.count, by: size) {
      let norm = slopes[start..<start + size].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let price = thrift * norm / Float(size).squareRoot()
      for i in start..<start + size { slopes[i] -= price }
    }
  }

  /// Adds to each picture's slope the way away from the others of its unit.
  private func pushApart(_ images: [Float], _ slopes: inout [Float], _ size: Int) {
    guard pictures > 1, diversity > 0 else { return }
    for row in 0..<slopes.count / size {
      let own = row * size..<(row + 1) * size
      var away = [Float](repeating: 0, count: size)
      for other in row / pictures * pictures..<(row / pictures + 1) * pictures where other != row {
        let mean = images[other * size..<(other + 1) * size].reduce(0, +) / Float(size)
        for i in 0..<size { away[i] -= images[other * size + i] - mean }
      }
      func norm(_ values: some Sequence<Float>) -> Float {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      let share = diversity * norm(slopes[own]) / max(norm(away), 1e-12)
      for i in 0..<size { slopes[own.lowerBound + i] += share * away[i] }
    }
  }
}
