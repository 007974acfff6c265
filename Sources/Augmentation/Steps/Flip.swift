public import Networks
public import Randomness

/// Exchanges left and right in some images.
public struct Flip: AugmentationStep {
  /// The word that begins it.
  public static let word = "flip"
  /// How a person writes it.
  public static let form = "flip(P)"
  /// What it does.
  public static let summary = "mirrored with probability P (0.5)"
  /// Steps of the kind as a text has them.
  public static let examples = ["flip(0.5)", "flip(1.0)"]
  /// In 0...1.
  public let probability: Float

  /// Takes the probability, a half if it is left out.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    probability = try arguments.probability()
  }

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(probability))" }

  /// Draws whether.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    if generator.uniform() < probability { change.mirror() }
  }

  /// The image exchanged.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    var change = size
    change.mirror()
    return [change]
  }
}
