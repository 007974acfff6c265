package import Networks

/// Turns an image about its middle.
package struct Rotate: SymmetricStep {
  /// The word that begins it.
  package static let word = "rotate"
  /// How a person writes it.
  package static let form = "rotate(DEGREES)"
  /// What it does.
  package static let summary = "turned by up to DEGREES either way"
  /// Steps of the kind as a text has them.
  package static let examples = ["rotate(10.0)", "rotate(180.0)"]
  /// Degrees, in 0...180.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("degrees, as in rotate(10)", "the degrees must be from 0 to 180") {
      (0...180).contains($0)
    }
  }

  /// Turns by so many degrees.
  package func go(_ distance: Float, in change: inout ImageChange) {
    change.turn(degrees: distance)
  }
}
