public import Engine

/// The momentum iterative method: steps along a running sum of the gradients, which transfer better to other
/// networks.
///
/// `g' = g + ∇L / ‖∇L‖₁`, `x' = clip(x + α sign g')`; under L2, along `g' / ‖g'‖`.
///
/// Reference: Dong et al., Boosting Adversarial Attacks with Momentum (2018); its decay of 1, 10 steps of ε/10.
public struct MIFGSM: Attack {
  /// The name on the command line and in figures.
  public static let name = "mi-fgsm"
  /// One line that says what it does.
  public static let summary = "steps along a running sum of the gradients; transfers better"

  private let settings: AttackSettings
  private let ascent: Ascent

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    let (norm, epsilon) = Self.ball(settings)
    let steps = settings.steps ?? 10
    ascent = Ascent(
      norm: norm, epsilon: epsilon, steps: steps,
      stepSize: settings.stepSize ?? epsilon / Float(steps), momentum: 1)
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    ascent.attack(images, labels: labels, settings: settings, against: executor)
  }
}
