public import Engine
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The image turned and shifted, without any change of its ink.
///
/// Tries 31 angles up to ±30 degrees and 5 x 5 shifts up to ±3 pixels (of 28; in proportion elsewhere), the gentlest
/// first; keeps the first that fools, or the one with the largest margin. Pixels are bilinear, black outside.
///
/// Reference: Engstrom et al., Exploring the Landscape of Spatial Robustness (2019), its grid for MNIST.
public struct Spatial: Attack {
  /// The name on the command line and in figures.
  public static let name = "spatial"
  /// One line that says what it does.
  public static let summary = "the image turned and shifted"
  /// None: its size is an angle and a shift.
  public static let norms: [Norm] = []
  /// None.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private struct Move {
    /// In radians.
    let angle: Float
    /// As shares of the height and the width.
    let down: Float
    let right: Float
    /// How far from standing still.
    var size: Float { abs(angle) / (.pi / 6) + (abs(down) + abs(right)) / (3 / 28) }
  }

  private let settings: AttackSettings
  private let moves: [Move]

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    var moves: [Move] = []
    for angle in -15...15 {
      for down in -2...2 {
        for right in -2...2 {
          let (degrees, step) = (Float(2 * angle), Float(1.5 / 28))
          moves.append(
            Move(
              angle: degrees * .pi / 180, down: step * Float(down), right: step * Float(right)))
        }
      }
    }
    let order = moves.indices.sorted { (moves[$0].size, $0) < (moves[$1].size, $1) }
    self.moves = order.dropFirst().prefix(Self.budget(settings, usual: .max)).map { moves[$0] }
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    let size = problem.size
    var best = images
    var values = [Float](repeating: -.infinity, count: labels.count)
    var open = problem.unmet()
    for move in moves where !open.isEmpty {
      var moved: [Float] = []
      moved.reserveCapacity(open.count * size)
      for image in open {
        moved += turned(images[image * size..<(image + 1) * size], move, problem)
      }
      let answers = problem.logits(moved)
      var staying: [Int] = []
      for (place, image) in open.enumerated() {
        let isMet = problem.aims[image].isMet(answers[place])
        let value = Loss.margin.evaluate(Array(answers[place]), problem.aims[image]).value
        if isMet || value > values[image] {
          values[image] = value
          best.put(moved, place, at: image, size: size)
        }
        if !isMet { staying.append(image) }
      }
      open = staying
    }
    return best
  }

  private func turned(_ image: ArraySlice<Float>, _ move: Move, _ problem: Problem) -> [Float] {
    let shape = problem.shape
    let (height, width) = (Float(shape.height), Float(shape.width))
    let (sine, cosine) = (sinf(move.angle), cosf(move.angle))
    let (middleY, middleX) = ((height - 1) / 2, (width - 1) / 2)
    var result = [Float](repeating: 0, count: image.count)
    func pixel(_ channel: Int, _ y: Int, _ x: Int) -> Float {
      guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return 0 }
      return image[image.startIndex + (channel * shape.height + y) * shape.width + x]
    }
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        // Where the pixel comes from.
        let (dy, dx) = (
          Float(y) - middleY - move.down * height, Float(x) - middleX - move.right * width
        )
        let (fromY, fromX) = (
          cosine * dy - sine * dx + middleY, sine * dy + cosine * dx + middleX
        )
        let (top, left) = (Int(fromY.rounded(.down)), Int(fromX.rounded(.down)))
        let (shareY, shareX) = (fromY - Float(top), fromX - Float(left))
        for channel in 0..<shape.channels {
          let upper =
            (1 - shareX) * pixel(channel, top, left) + shareX * pixel(channel, top, left + 1)
          let lower =
            (1 - shareX) * pixel(channel, top + 1, left)
            + shareX * pixel(channel, top + 1, left + 1)
          result[(channel * shape.height + y) * shape.width + x] = min(
            max((1 - shareY) * upper + shareY * lower, 0), 1)
        }
      }
    }
    return result
  }
}
