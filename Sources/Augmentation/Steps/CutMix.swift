package import Networks
package import Randomness

/// Puts a window of another image of the mini-batch into one; the label has the shares of their areas.
///
/// Reference: Yun et al., CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features (2019);
/// as in torchvision and timm, the share is that of the window as far as it lies within the image. It is drawn for each
/// image.
package struct CutMix: MixingStep {
  /// The word that begins it.
  package static let word = "cutmix"
  /// How a person writes it.
  package static let form = "cutmix(ALPHA)"
  /// What it does.
  package static let summary = "a window of another image, area drawn from Beta(ALPHA, ALPHA)"
  /// Steps of the kind as a text has them.
  package static let examples = ["cutmix(1.0)", "cutmix(0.5)"]
  /// Of the beta distribution, above 0.
  package let alpha: Float

  /// Takes α, 1 if it is left out.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    alpha = try arguments.concentration()
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(alpha))" }

  /// Draws the window about a place anywhere in the image, and which image.
  package func mix(of shape: ImageShape, using generator: inout SplitMix64) -> ImageMix {
    let side = generator.beta(alpha).squareRoot()
    func window(_ size: Int) -> Range<Int> {
      let middle = Int(generator.uniform() * Float(size))
      let half = Int(side * Float(size) / 2)
      return max(0, middle - half)..<min(size, middle + half)
    }
    let box = ImageChange.Box(rows: window(shape.height), columns: window(shape.width))
    let area = box.rows.count * box.columns.count
    return ImageMix(
      share: Float(area) / Float(shape.height * shape.width), pick: generator.uniform(), box: box)
  }
}
