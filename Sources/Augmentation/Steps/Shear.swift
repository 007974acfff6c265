package import Networks

/// Slants an image: what is above moves one way, what is below the other.
package struct Shear: SymmetricStep {
  /// The word that begins it.
  package static let word = "shear"
  /// How a person writes it.
  package static let form = "shear(DEGREES)"
  /// What it does.
  package static let summary = "slanted by up to DEGREES either way"
  /// Steps of the kind as a text has them.
  package static let examples = ["shear(8.0)", "shear(30.0)"]
  /// Degrees, in 0...60.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("degrees, as in shear(8)", "the degrees must be from 0 to 60") {
      (0...60).contains($0)
    }
  }

  /// Slants by so many degrees.
  package func go(_ distance: Float, in change: inout ImageChange) {
    change.shear(degrees: distance)
  }
}
