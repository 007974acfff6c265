public import Networks
public import Randomness

/// Turns an image about its middle.
public struct Rotate: AugmentationStep {
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

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest, either way.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    change.turn(degrees: generator.uniform(-most, most))
  }

  /// The farthest either way.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { value in
      var change = size
      change.turn(degrees: value)
      return change
    }
  }
}
