public import Engine
import Networks

/// How well maps know what answers rest on: what becomes of the probability when they choose the pixels.
///
/// Reference: Petsiuk, Das, Saenko, RISE: Randomized Input Sampling for Explanation of Black-box Models (2018).
public struct Faithfulness: Sendable {
  /// Area below the target's probability while the highest places are blackened; lower is better.
  public let deletion: Estimate
  /// The probability itself, the mean over the images, in equal steps from no place blackened to all.
  public let deletionCurve: [Double]
  /// Area below it while the highest places appear out of a blurred image; higher is better.
  public let insertion: Estimate

  /// Steps of deletion and insertion.
  private static let steps = 28

  /// Measures maps.
  ///
  /// - Parameters:
  ///   - maps: the maps, one an image.
  ///   - images: the images, `[N][C][H][W]`.
  ///   - executor: the network.
  public init(_ maps: Attribution, of images: [Float], in executor: Executor) {
    self.init(RemovalCurve(maps, of: images, in: executor), of: images, in: executor)
  }

  init(_ curve: RemovalCurve, of images: [Float], in executor: Executor) {
    let shape = executor.network.architecture.inputShape
    let whole = Baseline.Rows(images, size: shape.count)
    let black = Baseline.black.images(for: images, shape)
    let blurred = Baseline.Rows(GaussianBlur(shape).applied(to: images), size: shape.count)
    let deleted = curve.scores(from: whole, to: black, steps: Self.steps, asProbability: true)
    deletion = Estimate(deleted.map(RemovalCurve.area))
    deletionCurve = (0...Self.steps).map { step in
      deleted.reduce(0) { $0 + $1[step] } / Double(max(1, deleted.count))
    }
    insertion = Estimate(
      curve.scores(from: blurred, to: whole, steps: Self.steps, asProbability: true)
        .map(RemovalCurve.area))
  }
}
