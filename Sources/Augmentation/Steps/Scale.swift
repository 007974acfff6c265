package import Networks

/// Grows or shrinks an image about its middle.
package struct Scale: SymmetricStep {
  /// The word that begins it.
  package static let word = "scale"
  /// How a person writes it.
  package static let form = "scale(SHARE)"
  /// What it does.
  package static let summary = "grown or shrunk by up to SHARE"
  /// Steps of the kind as a text has them.
  package static let examples = ["scale(0.1)", "scale(0.5)"]
  /// The farthest factor from 1, in 0..<1.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number(
      "a share, as in scale(0.1)", "the share must be at least 0 and below 1"
    ) { (0..<1).contains($0) }
  }

  /// Grows by that share.
  package func go(_ distance: Float, in change: inout ImageChange) {
    change.grow(1 + distance)
  }
}
