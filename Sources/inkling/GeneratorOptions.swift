public import ArgumentParser
import Experiments
public import Networks
import Training

/// `--generator`, `--latents` and `--critic`.
struct GeneratorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Learn to draw: the network is a generator of this kind, as in the presets vae, gan and flow.",
      valueName: "kind"))
  var generator: GeneratorKind?

  @Option(
    help: ArgumentHelp(
      "Numbers that a picture is drawn from, for vae and gan; 2 make a plane to look at. (default: 20, gan: 64)",
      valueName: "n"))
  var latents: Int?

  @Option(
    help: ArgumentHelp("The network that judges what is drawn, for gan.", valueName: "spec"))
  var critic: String?

  /// Sets what is given.
  ///
  /// - Parameters:
  ///   - run: where.
  ///   - hasModel: true if the network is given too.
  /// - Throws: `ValidationError` for a kind without its network.
  func apply(to run: inout RunConfiguration, hasModel: Bool) throws {
    if let generator {
      guard hasModel || run.generator == generator else {
        throw ValidationError(
          "--generator \(generator.rawValue) needs --model; --preset \(generator.rawValue) has both."
        )
      }
      run.generator = generator
    }
    if let latents { run.latents = latents }
    if let critic { run.critic = critic }
  }
}

extension GeneratorKind: ExpressibleByArgument {}
