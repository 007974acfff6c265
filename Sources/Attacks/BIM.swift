public import Engine

/// The basic iterative method: FGSM in small steps, from the image itself.
///
/// Reference: Kurakin, Goodfellow, Bengio, Adversarial Examples in the Physical World (2017); the default of 10
/// steps of ε/5 is Foolbox's.
public struct BIM: Attack {
  /// The name on the command line and in figures.
  public static let name = "bim"
  /// One line that says what it does.
  public static let summary = "FGSM in small steps, from the image itself"

  private let settings: AttackSettings
  private let ascent: Ascent

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    let (norm, epsilon) = Self.ball(settings)
    ascent = Ascent(
      norm: norm, epsilon: epsilon, steps: settings.steps ?? 10,
      stepSize: settings.stepSize ?? epsilon / 5)
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    ascent.attack(images, labels: labels, settings: settings, against: executor)
  }
}
