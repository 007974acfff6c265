public import Networks

/// Turns an image about its middle.
public struct Rotate: SymmetricStep {
  /// The word that begins it.
  public static let word = "rotate"
  /// How a person writes it.
  public static let form = "rotate(DEGREES)"
  /// What it does.
  public static let summary = "turned by up to DEGREES either way"
  /// Steps of the kind as a text has them.
  public static let examples = ["rotate(10.0)", "rotate(180.0)"]
  /// Degrees, in 0...180.
  public let most: Float

  /// Takes the farthest.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("degrees, as in rotate(10)", "the degrees must be from 0 to 180") {
      (0...180).contains($0)
    }
  }

  /// Turns by so many degrees.
  public func go(_ distance: Float, in change: inout ImageChange) {
    change.turn(degrees: distance)
  }
}
