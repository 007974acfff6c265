package import Networks

/// Multiplies every pixel.
package struct Brightness: SymmetricStep {
  /// The word that begins it.
  package static let word = "brightness"
  /// How a person writes it.
  package static let form = "brightness(SHARE)"
  /// What it does.
  package static let summary = "made brighter or darker by up to SHARE"
  /// Steps of the kind as a text has them.
  package static let examples = ["brightness(0.2)"]
  /// The farthest factor from 1, in 0...1.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("a share, as in brightness(0.2)", "the share must be from 0 to 1") {
      (0...1).contains($0)
    }
  }

  /// Brightens by that share.
  package func go(_ distance: Float, in change: inout ImageChange) {
    change.brighten(1 + distance)
  }
}
