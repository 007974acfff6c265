package import Randomness

/// A step that goes by one number, drawn evenly, as far one way as the other.
package protocol SymmetricStep: AugmentationStep {
  /// The farthest, at least 0.
  var most: Float { get }
  /// Goes so far, from `-most` to `most`.
  func go(_ distance: Float, in change: inout ImageChange)
}

extension SymmetricStep {
  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(most))" }

  /// Draws evenly up to the farthest, either way.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    go(generator.uniform(-most, most), in: &change)
  }

  /// The farthest either way.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    [-most, most].map { distance in
      var change = size
      go(distance, in: &change)
      return change
    }
  }
}
