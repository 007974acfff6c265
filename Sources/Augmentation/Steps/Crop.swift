public import Networks
public import Randomness

/// Lays a margin around an image and cuts its size out at random: a move by whole pixels, as torchvision's `RandomCrop`
/// with padding.
public struct Crop: AugmentationStep {
  /// The word that begins it.
  public static let word = "crop"
  /// How a person writes it.
  public static let form = "crop(PAD), crop(PAD,reflect)"
  /// What it does.
  public static let summary =
    "moved by whole pixels, blank or mirrored edges"
  /// Steps of the kind as a text has them.
  public static let examples = ["crop(2)", "crop(4,reflect)"]
  /// Pixels along each axis, in 0...255.
  public let pad: Int
  /// True if the image goes on mirrored.
  public let isReflected: Bool

  /// Takes the margin, and `reflect` or `blank`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    pad = try arguments.whole("PAD", 0...255)
    isReflected = try arguments.choice(of: ["reflect": true, "blank": false]) ?? false
  }

  /// The step as a text has it.
  public var text: String { isReflected ? "crop(\(pad),reflect)" : "crop(\(pad))" }

  /// Draws where.
  public func draw(_ change: inout ImageChange, using generator: inout SplitMix64) {
    let x = generator.below(2 * pad + 1) - pad
    move(&change, x, generator.below(2 * pad + 1) - pad)
  }

  private func move(_ change: inout ImageChange, _ x: Int, _ y: Int) {
    change.shift(Float(x), Float(y))
    if isReflected { change.reflect() }
  }

  /// To two opposite corners.
  public func extremes(_ size: ImageChange) -> [ImageChange] {
    [-pad, pad].map { value in
      var change = size
      move(&change, value, value)
      return change
    }
  }
}
