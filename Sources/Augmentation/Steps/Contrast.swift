package import Networks

/// Moves every pixel away from the mean of the image, or towards it.
package struct Contrast: SymmetricStep {
  /// The word that begins it.
  package static let word = "contrast"
  /// How a person writes it.
  package static let form = "contrast(SHARE)"
  /// What it does.
  package static let summary = "given more or less contrast by up to SHARE"
  /// Steps of the kind as a text has them.
  package static let examples = ["contrast(0.3)"]
  /// The farthest factor from 1, in 0...1.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("a share, as in contrast(0.2)", "the share must be from 0 to 1") {
      (0...1).contains($0)
    }
  }

  /// Adds that share of contrast.
  package func go(_ distance: Float, in change: inout ImageChange) {
    change.stretch(1 + distance)
  }
}
