package import Networks
package import Randomness

/// Exchanges left and right in some images.
package struct Flip: AugmentationStep {
  /// The word that begins it.
  package static let word = "flip"
  /// How a person writes it.
  package static let form = "flip(P)"
  /// What it does.
  package static let summary = "mirrored with probability P (0.5)"
  /// Steps of the kind as a text has them.
  package static let examples = ["flip(0.5)", "flip(1.0)"]
  /// In 0...1.
  package let probability: Float

  /// Takes the probability, a half if it is left out.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    probability = try arguments.probability()
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(probability))" }

  /// Draws whether.
  package func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    if generator.uniform() < probability { change.mirror() }
  }

  /// The image exchanged.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    var change = size
    change.mirror()
    return [change]
  }
}
