package import Networks
package import Randomness

/// Moves an image right or left, and down or up; not by whole pixels.
package struct Shift: AugmentationStep {
  /// The word that begins it.
  package static let word = "shift"
  /// How a person writes it.
  package static let form = "shift(PIXELS)"
  /// What it does.
  package static let summary = "moved by up to PIXELS along each axis"
  /// Steps of the kind as a text has them.
  package static let examples = ["shift(2.0)", "shift(0.5)"]
  /// Pixels along each axis, in 0...1,000.
  package let most: Float

  /// Takes the farthest.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number(
      "pixels, as in shift(2)", "the pixels must be from 0 to 1,000"
    ) { (0...1000).contains($0) }
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    let x = generator.uniform(-most, most)
    change.shift(x, generator.uniform(-most, most))
  }

  /// To two opposite corners.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { value in
      var change = size
      change.shift(value, value)
      return change
    }
  }
}
