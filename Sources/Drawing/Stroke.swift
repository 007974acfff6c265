/// How a line is drawn.
package struct Stroke: Hashable, Sendable {
  /// The role of its color.
  package var ink: Ink
  /// Its thickness in pixels.
  package var width: Double
  /// The lengths of dashes and of the gaps between them; empty for an unbroken line.
  package var dash: [Double]

  /// A line of a color and thickness, unbroken unless dashes are given.
  package init(_ ink: Ink, width: Double = 1, dash: [Double] = []) {
    self.ink = ink
    self.width = width
    self.dash = dash
  }
}
