import ArgumentParser
import Attacks
import Training

/// Adversarial training: what changes each mini-batch before the network learns from it.
struct AdversarialOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Learn from images that this attack has changed, such as pgd, or from both by trades: slower, and harder to fool.
      """, valueName: "attack"))
  var adversarial: String?

  @Option(help: "Largest change of a pixel by --adversarial. (default: the attack's own)")
  var adversarialEpsilon: Float?

  @Option(help: "Steps of --adversarial, each of 2.5 epsilon / steps. (default: 5)")
  var adversarialSteps: Int?

  @Option(help: "Weight of the changed images with --adversarial trades. (default: 3)")
  var tradesBeta: Float?

  /// Checks that what is given decides something.
  ///
  /// - Throws: `Failure` that names the option.
  func checkUse(in run: RunConfiguration) throws {
    if adversarialSteps != nil, run.adversarial == nil {
      throw Failure("--adversarial-steps goes with --adversarial", .usage)
    }
    if tradesBeta != nil, run.adversarial != "trades" {
      throw Failure("--trades-beta goes with --adversarial trades", .usage)
    }
  }

  /// Sets what is given.
  func apply(to run: inout RunConfiguration) {
    if let adversarial { run.adversarial = adversarial }
    if let adversarialEpsilon { run.adversarialEpsilon = adversarialEpsilon }
    if let adversarialSteps { run.adversarialSteps = adversarialSteps }
    if let tradesBeta { run.tradesBeta = tradesBeta }
  }
}

extension RunConfiguration {
  private var innerAttack: InnerAttack.Kind? { adversarial.flatMap { InnerAttack.Kind($0) } }

  /// Checks that the attack is one to train with.
  ///
  /// - Throws: `Failure` that lists those that are.
  func checkAttack() throws {
    guard let adversarial, innerAttack == nil else { return }
    throw Failure(
      "--adversarial: “\(adversarial)” is no attack to train with; there are "
        + InnerAttack.names.joined(separator: ", "), .usage)
  }

  /// The same run with the attack's own size written out.
  var withAttackSize: RunConfiguration {
    var run = self
    run.adversarialEpsilon = adversarialEpsilon ?? innerAttack?.defaultEpsilon
    return run
  }

  /// What changes the images; `nil` without an attack.
  var adversary: Adversary? {
    guard let kind = innerAttack else { return nil }
    let attack = InnerAttack(
      kind, epsilon: adversarialEpsilon ?? kind.defaultEpsilon, steps: adversarialSteps, seed: seed)
    var lesson = Adversary.Lesson.changed
    if case .trades = kind { lesson = .tradeOff(beta: tradesBeta) }
    return Adversary(lesson) { images, labels, executor, step, steps in
      attack.adversarial(images, labels: labels, against: executor, step: step, of: steps)
    }
  }
}
