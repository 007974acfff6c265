/// How a line is drawn.
public struct Stroke: Hashable, Sendable {
  /// The role of its color.
  public var ink: Ink
  /// Its thickness in pixels.
  public var width: Double
  /// The lengths of dashes and of the gaps between them; empty for an unbroken line.
  public var dash: [Double]

  /// A line of a color and thickness, unbroken unless dashes are given.
  public init(_ ink: Ink, width: Double = 1, dash: [Double] = []) {
    self.ink = ink
    self.width = width
    self.dash = dash
  }
}
