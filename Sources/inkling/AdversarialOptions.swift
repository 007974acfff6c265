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
    if tradesBeta != nil, run.adversarial != InnerAttack.trades {
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
