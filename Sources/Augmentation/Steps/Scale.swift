public import Networks
public import Randomness

/// Grows or shrinks an image about its middle.
public struct Scale: AugmentationStep {
  /// The word that begins it.
  public static let word = "scale"
  /// How a person writes it.
  public static let form = "scale(SHARE)"
  /// What it does.
  public static let summary = "grown or shrunk by up to SHARE"
  /// Steps of the kind as a text has them.
  public static let examples = ["scale(0.1)", "scale(0.5)"]
  /// The farthest factor from 1, in 0..<1.
  public let most: Float

  /// Takes the farthest.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number(
      "a share, as in scale(0.1)", "the share must be at least 0 and below 1"
    ) { (0..<1).contains($0) }
  }

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest, either way.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    change.grow(1 + generator.uniform(-most, most))
  }

  /// The farthest either way.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { value in
      var change = size
      change.grow(1 + value)
      return change
    }
  }
}
