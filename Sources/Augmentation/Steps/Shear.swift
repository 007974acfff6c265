public import Networks
public import Randomness

/// Slants an image: what is above moves one way, what is below the other.
public struct Shear: AugmentationStep {
  /// The word that begins it.
  public static let word = "shear"
  /// How a person writes it.
  public static let form = "shear(DEGREES)"
  /// What it does.
  public static let summary = "slanted by up to DEGREES either way"
  /// Steps of the kind as a text has them.
  public static let examples = ["shear(8.0)", "shear(30.0)"]
  /// Degrees, in 0...60.
  public let most: Float

  /// Takes the farthest.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("degrees, as in shear(8)", "the degrees must be from 0 to 60") {
      (0...60).contains($0)
    }
  }

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest, either way.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    change.shear(degrees: generator.uniform(-most, most))
  }

  /// The farthest either way.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { value in
      var change = size
      change.shear(degrees: value)
      return change
    }
  }
}
