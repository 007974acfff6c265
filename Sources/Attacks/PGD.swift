public import Engine

/// Projected gradient descent: many small steps uphill in the loss, kept inside the ball.
///
/// Starts at a random point of the ball, clipped to [0, 1]; each step goes along the gradient's sign (Linf) or
/// direction (L2), is projected back to the ball and clipped. With several restarts the first
/// that fools the network is kept. With ε = 0 the images come back unchanged.
///
/// Reference: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks (2018); its
/// defaults for MNIST: ε 0.3, 40 steps of 0.01.
public struct PGD: Attack {
  /// The name on the command line and in figures.
  public static let name = "pgd"
  /// One line that says what it does.
  public static let summary = "many small steps uphill in the loss, inside a ball around the image"
  /// Gradient steps.
  public static let defaultSteps = 40

  private let settings: AttackSettings
  private let ascent: Ascent

  /// An attack with these settings; the step is ε/30 unless given.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    let (norm, epsilon) = Self.ball(settings)
    ascent = Ascent(
      norm: norm, epsilon: epsilon, steps: settings.steps ?? Self.defaultSteps,
      stepSize: settings.stepSize ?? epsilon / 30,
      start: (Self.name, max(1, settings.restarts ?? 1)))
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    ascent.attack(images, labels: labels, settings: settings, against: executor)
  }
}
