/// How much each pixel of each image counts for a class's logit.
public struct Attribution: Sendable {
  /// Signed scores, `[N][C][H][W]`, in pixel space.
  public let scores: [Float]
  /// The class explained, one an image.
  public let targets: [Int]
  /// For each image, the sum of its scores minus the difference that theory says they add up to; `nil` for
  /// methods without such a promise.
  public let convergenceDelta: [Float]?

  /// An attribution.
  public init(scores: [Float], targets: [Int], convergenceDelta: [Float]? = nil) {
    self.scores = scores
    self.targets = targets
    self.convergenceDelta = convergenceDelta
  }
}
