public import ArgumentParser
public import Attribution
import Datasets
import Networks

/// The settings of attribution methods; each method takes those that it knows.
struct AttributionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layer that class activation maps look at. (default: the last relu over feature maps)",
      valueName: "name"))
  var layer: String?

  @Option(help: "Points along a path. (default: 50)")
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Random draws. (default: smoothgrad 50, expected-gradients 200, rise, kernel-shap and lime 2000)",
      valueName: "n"))
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of noise, as a share of the pixel range. (default: smoothgrad 0.15, gradient-shap 0.1)",
      valueName: "share"))
  var noise: Float?

  @Option(
    help: ArgumentHelp(
      "What stands for “nothing there”: black, mean, blur or data (random training images).",
      valueName: "kind"))
  var baseline = Baseline.Kind.black

  @Option(
    help: ArgumentHelp(
      "Side of a window, block or cell in pixels. (default: occlusion 7, rise, kernel-shap and lime 4, feature-ablation 1)",
      valueName: "pixels"))
  var window: Int?

  @Option(help: ArgumentHelp("Step of a window. (default: 2)", valueName: "pixels"))
  var stride: Int?

  mutating func validate() throws {
    for (name, value, most) in [
      ("--steps", steps, 10_000), ("--samples", samples, 1_000_000), ("--window", window, 4096),
      ("--stride", stride, 4096),
    ] {
      if let value, !(1...most).contains(value) {
        throw ValidationError("\(name) must be from 1 to \(most).")
      }
    }
    let side = window ?? Occlusion.usualWindow
    if let stride, stride > side {
      throw ValidationError(
        "--stride \(stride) is above the window of \(side): pixels between windows would have no score."
      )
    }
    if let noise, !(noise >= 0 && noise <= 10) {
      throw ValidationError("--noise must be from 0 to 10.")
    }
  }

  /// Training images that stand in for all of them where a method wants a background.
  private static let backgroundCount = 500

  /// True if the method or its baseline wants training images.
  func needsBackground(_ method: String) -> Bool {
    [.mean, .data].contains(baseline)
      || ["expected-gradients", "gradient-shap"].contains { method.hasSuffix($0) }
  }

  /// The method of a name for a network.
  ///
  /// - Throws: `AttributionError`.
  func method(
    _ name: String, for network: Architecture, background: LabeledImages? = nil, seed: UInt64
  ) throws(AttributionError) -> any AttributionMethod {
    var settings = AttributionSettings()
    settings.steps = steps
    settings.samples = samples
    settings.noise = noise
    settings.layer = layer
    settings.baseline = baseline
    settings.window = window
    settings.stride = stride
    settings.seed = seed
    if needsBackground(name), let background {
      settings.background = background.floats(0..<min(Self.backgroundCount, background.count))
    }
    return try AttributionMethods.method(name, settings, for: network)
  }
}

extension Baseline.Kind: ExpressibleByArgument {}
