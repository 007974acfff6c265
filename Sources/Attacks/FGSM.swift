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
  /// 0.1 (Linf), 1 (L2).
  public static func defaultEpsilon(_ norm: Norm) -> Float? { norm == .linf ? 0.1 : 1 }

  private let settings: AttackSettings
  private let ascent: Ascent

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    let (norm, epsilon) = Self.ball(settings)
    ascent = Ascent(norm: norm, epsilon: epsilon, steps: 1, stepSize: epsilon)
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    ascent.attack(images, labels: labels, settings: settings, against: executor)
  }
}
