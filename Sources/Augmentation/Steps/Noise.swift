public import Networks
public import Randomness

/// Adds a normal number to every pixel.
public struct Noise: AugmentationStep {
  /// The word that begins it.
  public static let word = "noise"
  /// How a person writes it.
  public static let form = "noise(SIGMA)"
  /// What it does.
  public static let summary = "noise of deviation SIGMA on pixels of 0 to 1"
  /// Steps of the kind as a text has them.
  public static let examples = ["noise(0.1)"]
  /// The standard deviation, in 0...1.
  public let deviation: Float

  /// Takes the standard deviation.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    deviation = try arguments.number(
      "a standard deviation, as in noise(0.1)", "the standard deviation must be from 0 to 1"
    ) { (0...1).contains($0) }
  }

  /// The step as a text has it.
  public var text: String { "\(Self.word)(\(deviation))" }

  /// Draws the noise's seed.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    change.light.append(.noise(deviation, seed: generator.next()))
  }

  /// Noise.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    var change = size
    change.light.append(.noise(deviation, seed: 1))
    return [change]
  }
}
