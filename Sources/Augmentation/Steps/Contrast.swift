public import Networks
public import Randomness

/// Moves every pixel away from the mean of the image, or towards it.
public struct Contrast: AugmentationStep {
  /// The word that begins it.
  public static let word = "contrast"
  /// How a person writes it.
  public static let form = "contrast(SHARE)"
  /// What it does.
  public static let summary = "given more or less contrast by up to SHARE"
  /// Steps of the kind as a text has them.
  public static let examples = ["contrast(0.3)"]
  /// The farthest factor from 1, in 0...1.
  public let most: Float

  /// Takes the farthest.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("a share, as in contrast(0.2)", "the share must be from 0 to 1") {
      (0...1).contains($0)
    }
  }

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest, either way.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    change.stretch(1 + generator.uniform(-most, most))
  }

  /// The farthest either way.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { value in
      var change = size
      change.stretch(1 + value)
      return change
    }
  }
}
