package import Networks
package import Randomness

/// Lays a margin around an image and cuts its size out at random: a move by whole pixels, as torchvision's `RandomCrop`
/// with padding.
package struct Crop: AugmentationStep {
  /// The word that begins it.
  package static let word = "crop"
  /// How a person writes it.
  package static let form = "crop(PAD), crop(PAD,reflect)"
  /// What it does.
  package static let summary =
    "moved by whole pixels, blank or mirrored edges"
  /// Steps of the kind as a text has them.
  package static let examples = ["crop(2)", "crop(4,reflect)"]
  /// Pixels along each axis, in 0...255.
  package let pad: Int
  /// True if the image goes on mirrored.
  package let isReflected: Bool

  /// Takes the margin, and `reflect` or `blank`.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    pad = try arguments.whole("PAD", 0...255)
    isReflected = try arguments.choice(of: ["reflect": true, "blank": false]) ?? false
  }

  /// The step as a text has it.
  package var text: String { isReflected ? "crop(\(pad),reflect)" : "crop(\(pad))" }

  /// Draws where.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    let x = generator.below(2 * pad + 1) - pad
    move(&change, x, generator.below(2 * pad + 1) - pad)
  }

  private func move(_ change: inout ImageChange, _ x: Int, _ y: Int) {
    change.shift(Float(x), Float(y))
    if isReflected { change.reflect() }
  }

  /// To two opposite corners.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    [-pad, pad].map { value in
      var change = size
      move(&change, value, value)
      return change
    }
  }
}
