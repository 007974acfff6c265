package import Networks
package import Randomness

/// Exchanges left and right in some images, drawn anew each time; or, alternating, in every image every other time, of
/// which half begin with it.
///
/// Reference for the latter: Jordan, 94 % on CIFAR-10 in 3.29 Seconds on a Single GPU (2024).
package struct Flip: AugmentationStep {
  /// The word that begins it.
  package static let word = "flip"
  /// How a person writes it.
  package static let form = "flip(P|alternating)"
  /// What it does.
  package static let summary = "mirrored with probability P (0.5), or in every other epoch"
  /// Steps of the kind as a text has them.
  package static let examples = ["flip(0.5)", "flip(1.0)", "flip(alternating)"]
  /// When an image is mirrored.
  package let occasion: Occasion

  /// When an image is mirrored.
  package enum Occasion: Sendable {
    /// With a probability in 0...1.
    case random(Float)
    /// Every other epoch.
    case alternating
  }

  private static let alternating = "alternating"

  /// Takes the probability, a half if it is left out, or `alternating`.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    occasion =
      arguments.takes(Self.alternating) ? .alternating : .random(try arguments.probability())
  }

  /// The step as a text has it.
  package var text: String {
    switch occasion {
    case .random(let probability): "\(Self.word)(\(probability))"
    case .alternating: "\(Self.word)(\(Self.alternating))"
    }
  }

  /// Draws whether.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    switch occasion {
    case .random(let probability):
      if generator.uniform() < probability { change.mirror() }
    case .alternating:
      var own = SplitMix64(seed: sight.seed, purpose: "flip", index: UInt64(sight.image))
      if (own.next() ^ UInt64(sight.epoch)) & 1 == 1 { change.mirror() }
    }
  }

  /// The image exchanged.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    var change = size
    change.mirror()
    return [change]
  }
}
