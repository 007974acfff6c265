package import Networks
package import Randomness

/// Lays another image of the mini-batch over one, both as faint as their shares, which the label has too.
///
/// Reference: Zhang et al., mixup: Beyond Empirical Risk Minimization (2018); the share is drawn for each image.
package struct Mixup: MixingStep {
  /// The word that begins it.
  package static let word = "mixup"
  /// How a person writes it.
  package static let form = "mixup(ALPHA)"
  /// What it does.
  package static let summary = "another image laid over it, share drawn from Beta(ALPHA, ALPHA)"
  /// Steps of the kind as a text has them.
  package static let examples = ["mixup(1.0)", "mixup(0.2)"]
  /// Of the beta distribution, above 0.
  package let alpha: Float

  /// Takes α, 1 if it is left out.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    alpha = try arguments.concentration()
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(alpha))" }

  /// Draws the share, and which image.
  package func mix(of shape: ImageShape, using generator: inout SplitMix64) -> ImageMix {
    let share = generator.beta(alpha)
    return ImageMix(share: share, pick: generator.uniform())
  }
}
