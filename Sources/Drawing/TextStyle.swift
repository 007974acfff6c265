/// How a line of text is set.
public struct TextStyle: Hashable, Sendable {
  /// The point of the line that is put at the given position.
  package enum Anchor: String, Sendable {
    /// The left end.
    case start
    /// The middle.
    case middle
    /// The right end.
    case end
  }

  /// The thickness of the letters.
  public enum Weight: Int, Sendable {
    /// Ordinary text.
    case regular = 400
    /// Labels that lead.
    case semibold = 600
  }

  /// The role of its color.
  package var ink: Ink
  /// The size in pixels.
  package var size: Double
  /// The thickness of the letters.
  package var weight: Weight
  /// The point of the line that is put at the given position.
  package var anchor: Anchor
  /// True for letters of equal width.
  package var isMonospaced: Bool
  /// The color of an outline that keeps text legible on top of lines; nil for none.
  package var halo: Ink?

  /// A style; the defaults are those of a label.
  package init(
    _ ink: Ink = .ink3, size: Double = 12, weight: Weight = .regular, anchor: Anchor = .start,
    isMonospaced: Bool = false, halo: Ink? = nil
  ) {
    self.ink = ink
    self.size = size
    self.weight = weight
    self.anchor = anchor
    self.isMonospaced = isMonospaced
    self.halo = halo
  }
}
