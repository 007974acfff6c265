/// A surface that figures draw on: eight primitives, with colors given as roles.
///
/// Positions are in pixels from the top left corner. Text is placed by its baseline.
package protocol Canvas {
  /// Fills a rectangle.
  mutating func fill(_ rectangle: Rectangle, with ink: Ink, opacity: Double)
  /// Draws the outline of a rectangle, the line being centered on its edges.
  mutating func stroke(_ rectangle: Rectangle, with stroke: Stroke)
  /// Draws a straight line.
  mutating func line(from start: Point, to end: Point, with stroke: Stroke)
  /// Draws straight lines from each point to the next; where there is a title, a page shows it when they are chosen.
  mutating func polyline(_ points: [Point], with stroke: Stroke, title: String?)
  /// Fills the area inside the points.
  mutating func polygon(_ points: [Point], with ink: Ink, opacity: Double)
  /// Draws a circle, filled or outlined or both; the title is shown on hovering where possible.
  mutating func circle(
    center: Point, radius: Double, fill: Ink?, stroke: Stroke?, title: String?)
  /// Sets one line of text with the anchor and the baseline at a position.
  mutating func text(_ text: String, at position: Point, style: TextStyle)
  /// Draws a picture into a rectangle, each pixel as a sharp box.
  mutating func image(_ picture: Picture, in rectangle: Rectangle)
}
