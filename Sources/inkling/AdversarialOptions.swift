import ArgumentParser
import Attacks
import Training

/// Adversarial training: what changes each mini-batch before the network learns from it.
struct AdversarialOptions: ParsableArguments {
  /// Half of what Zhang et al. took for MNIST: 98.2 % right instead of 97.9 %, and 93.8 % under PGD.
  private static let beta: Float = 3

  @Option(
    help: ArgumentHelp(
      """
      Learn from images that this attack has changed, such as pgd, or from both by trades: slower, and harder to fool.
      """, valueName: "attack"))
  var adversarial: String?

  @Option(help: "Largest change of a pixel by --adversarial. (default: the attack's own)")
  var adversarialEpsilon: Float?

  @Option(help: "Steps of --adversarial, each of 2.5 epsilon / steps.")
  var adversarialSteps = 5

  mutating func validate() throws {
    if let adversarial, InnerAttack.Kind(adversarial) == nil {
      throw ValidationError(
        "--adversarial: “\(adversarial)” is no attack to train with; there are "
          + InnerAttack.names.joined(separator: ", ") + ".")
    }
    guard adversarial != nil || adversarialEpsilon == nil else {
      throw ValidationError("--adversarial-epsilon goes with --adversarial.")
    }
    guard adversarialEpsilon.map({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--adversarial-epsilon must be 0 or more.")
    }
    guard (1...1000).contains(adversarialSteps) else {
      throw ValidationError("--adversarial-steps must be from 1 to 1,000.")
    }
  }

  private var kind: InnerAttack.Kind? { adversarial.flatMap { InnerAttack.Kind($0) } }

  private var epsilon: Float? { kind.map { adversarialEpsilon ?? $0.defaultEpsilon } }

  /// What changes the images; `nil` without `--adversarial`.
  func adversary(seed: UInt64) -> Adversary? {
    guard let kind, let epsilon else { return nil }
    let attack = InnerAttack(kind, epsilon: epsilon, steps: adversarialSteps, seed: seed)
    var lesson = Adversary.Lesson.changed
    if case .trades = kind { lesson = .tradeOff(beta: Self.beta) }
    return Adversary(lesson) { images, labels, executor, step, steps in
      attack.adversarial(images, labels: labels, against: executor, step: step, of: steps)
    }
  }

  /// The choices for the checkpoint, named as the options are.
  var recipe: [String: String] {
    guard let adversarial, let epsilon else { return [:] }
    return [
      "adversarial": adversarial, "adversarial epsilon": "\(epsilon)",
      "adversarial steps": "\(adversarialSteps)",
    ]
  }
}
