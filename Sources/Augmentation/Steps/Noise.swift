package import Networks
package import Randomness

/// Adds a normal number to every pixel.
package struct Noise: AugmentationStep {
  /// The word that begins it.
  package static let word = "noise"
  /// How a person writes it.
  package static let form = "noise(SIGMA)"
  /// What it does.
  package static let summary = "noise of deviation SIGMA on pixels of 0 to 1"
  /// Steps of the kind as a text has them.
  package static let examples = ["noise(0.1)"]
  /// The standard deviation, in 0...1.
  package let deviation: Float

  /// Takes the standard deviation.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    deviation = try arguments.number(
      "a standard deviation, as in noise(0.1)", "the standard deviation must be from 0 to 1"
    ) { (0...1).contains($0) }
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(deviation))" }

  /// Draws the noise's seed.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    change.light.append(.noise(deviation, seed: generator.next()))
  }

  /// Noise.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    var change = size
    change.light.append(.noise(deviation, seed: 1))
    return [change]
  }
}
