import ArgumentParser
import Attacks
import Training

/// Adversarial training: what changes each mini-batch before the network learns from it.
///
/// Reference: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks (2018).
struct AdversarialOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Learn from images that this attack has changed, such as pgd: slower, and harder to fool.",
      valueName: "attack"))
  var adversarial: String?

  @Option(help: "Largest change of a pixel by --adversarial. (default: the attack's own)")
  var adversarialEpsilon: Float?

  @Option(help: "Steps of --adversarial, each of 2.5 epsilon / steps.")
  var adversarialSteps = 5

  mutating func validate() throws {
    if let adversarial {
      guard let kind = Attacks.kind(adversarial), Self.isInner(kind) else {
        let names = Attacks.all.filter(Self.isInner).map { $0.name }.joined(separator: ", ")
        throw ValidationError(
          "--adversarial: “\(adversarial)” is no attack to train with; there are \(names).")
      }
    }
    guard adversarialEpsilon.map({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--adversarial-epsilon must be 0 or more.")
    }
    guard (1...1000).contains(adversarialSteps) else {
      throw ValidationError("--adversarial-steps must be from 1 to 1,000.")
    }
  }

  /// Attacks that change each image by itself within a ball.
  private static func isInner(_ kind: any Attack.Type) -> Bool {
    !kind.isShared && kind.norms.first.flatMap { kind.defaultEpsilon($0) } != nil
  }

  private var epsilon: Float? {
    guard let kind = adversarial.flatMap({ Attacks.kind($0) }) else { return nil }
    return adversarialEpsilon ?? kind.defaultEpsilon(.linf)
  }

  /// The change to make; `nil` without `--adversarial`.
  func adversary(seed: UInt64) -> Trainer.Adversary? {
    guard let adversarial, let kind = Attacks.kind(adversarial), let epsilon else { return nil }
    let steps = adversarialSteps
    return { images, labels, executor, step in
      var settings = AttackSettings(
        epsilon: epsilon, norm: .linf, steps: steps, stepSize: 2.5 * epsilon / Float(steps),
        seed: seed)
      // Other random numbers at each step.
      settings.firstIndex = step * labels.count
      return kind.init(settings).adversarial(images, labels: labels, against: executor)
    }
  }

  /// The choices in words, for the checkpoint.
  var recipe: [String: String] {
    guard let adversarial, let epsilon else { return [:] }
    return ["adversarial": "\(adversarial), epsilon \(epsilon), \(adversarialSteps) steps"]
  }
}
