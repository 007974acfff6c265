package import Networks
package import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Puts ground over a rectangle of some images: 2 to 33 % of the area, sides of 3 : 10 to 10 : 3.
///
/// Reference: Zhong et al., Random Erasing Data Augmentation (2017), with torchvision's numbers.
package struct Erase: AugmentationStep {
  /// The word that begins it.
  package static let word = "erase"
  /// How a person writes it.
  package static let form = "erase(P)"
  /// What it does.
  package static let summary = "a rectangle blanked with probability P (0.5)"
  /// Steps of the kind as a text has them.
  package static let examples = ["erase(0.5)", "erase(1.0)"]
  private static let (smallest, largest, longest): (Float, Float, Float) = (0.02, 0.33, 3.3)
  /// Rectangles that are drawn until one fits.
  private static let trials = 10
  /// In 0...1.
  package let probability: Float

  /// Takes the probability, a half if it is left out.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    probability = try arguments.probability()
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(probability))" }

  /// Draws whether, and where.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    guard generator.uniform() < probability else { return }
    let (h, w) = (change.shape.height, change.shape.width)
    for _ in 0..<Self.trials {
      let area = Float(h * w) * generator.uniform(Self.smallest, Self.largest)
      let ratio = expf(generator.uniform(-logf(Self.longest), logf(Self.longest)))
      let height = Int((area * ratio).squareRoot().rounded())
      let width = Int((area / ratio).squareRoot().rounded())
      guard height > 0, width > 0, height < h, width < w else { continue }
      let top = generator.below(h - height + 1)
      let left = generator.below(w - width + 1)
      change.erased.append(
        ImageChange.Box(rows: top..<top + height, columns: left..<left + width))
      return
    }
  }

  /// The largest square, in the middle.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    let (h, w) = (size.shape.height, size.shape.width)
    let side = min(h, w, Int((Float(h * w) * Self.largest).squareRoot()))
    var change = size
    let (top, left) = ((h - side) / 2, (w - side) / 2)
    change.erased.append(
      ImageChange.Box(rows: top..<top + side, columns: left..<left + side))
    return [change]
  }
}
