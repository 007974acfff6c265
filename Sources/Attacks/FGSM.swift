public import Engine

/// The fast gradient sign method: one step of size ε for every pixel, uphill in the loss.
///
/// `x' = clip(x + ε sign ∇L(x, y))`; with a target, `x' = clip(x - ε sign ∇L(x, target))`.
/// Under the L2 norm the step goes along the gradient instead of its sign.
///
/// Reference: Goodfellow, Shlens, Szegedy, Explaining and Harnessing Adversarial Examples (2015).
public struct FGSM: Attack {
  /// The name on the command line and in figures.
  public static let name = "fgsm"
  /// One line that says what it does.
  public static let summary = "one step along the sign of the gradient"
  /// Largest change of a pixel.
  public static let defaultEpsilon: Float = 0.1

  private let epsilon: Float
  private let norm: Norm
  private let target: Int?

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    epsilon = settings.epsilon ?? Self.defaultEpsilon
    norm = settings.norm
    target = settings.target
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let ball = Ball(norm: norm, epsilon: epsilon, size: images.count / max(1, labels.count))
    let gradient = executor.inputGradients(images, of: .crossEntropy(aims(labels))).pixels
    return ball.projected(
      ball.stepped(images, along: gradient, by: target == nil ? epsilon : -epsilon),
      around: images)
  }

  private func aims(_ labels: [Int]) -> [Int] {
    target.map { Array(repeating: $0, count: labels.count) } ?? labels
  }
}
