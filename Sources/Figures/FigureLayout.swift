import Drawing

/// Marks on an area whose width is given and whose height is found.
public struct FigureLayout: Hashable, Sendable {
  /// The width in pixels.
  package var width: Double
  /// The height in pixels.
  package var height: Double
  /// What is drawn, in drawing order.
  package var marks: [Mark] = []
  /// Where the lines are, in a line chart.
  package var readout: Readout?
  /// Parts that lead somewhere.
  package var links: [Link] = []

  /// An empty area.
  package init(width: Double, height: Double = 0) {
    self.width = width
    self.height = height
  }

  /// Adds another layout with its top left corner at a position.
  package mutating func add(_ other: FigureLayout, x: Double, y: Double) {
    marks += other.marks.map { $0.moved(x: x, y: y) }
    height = max(height, y + other.height)
  }

  mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: TextStyle) {
    guard !text.isEmpty else { return }
    marks.append(.text(text, Point(x, y), style))
  }

  /// Sets text around a middle, at 12 or else 11 pixels, cut off where it does not fit.
  mutating func fitted(_ text: String, _ x: Double, _ y: Double, room: Double) {
    var style = TextStyle(anchor: .middle)
    if TextMetrics.width(of: text, style: style) > room { style.size = 11 }
    self.text(TextMetrics.truncated(text, to: room, style: style), x, y, style)
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke) {
    marks.append(.line(Point(x1, y1), Point(x2, y2), stroke))
  }

  mutating func area(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: Ink, opacity: Double = 1
  ) {
    let box = Rectangle(x: x, y: y, width: max(0, width), height: max(0, height))
    marks.append(.area(box, ink, opacity: opacity))
  }
}
