package import Drawing

/// One stroke of a figure.
package enum Mark: Hashable, Sendable {
  /// A filled rectangle.
  case area(Rectangle, Ink, opacity: Double = 1)
  /// The outline of a rectangle.
  case frame(Rectangle, Stroke)
  /// A straight line.
  case line(Point, Point, Stroke)
  /// Straight lines from each point to the next; the title is shown when they are chosen.
  case polyline([Point], Stroke, title: String? = nil)
  /// A filled area.
  case polygon([Point], Ink, opacity: Double = 1)
  /// A circle; the title is shown on hovering.
  case circle(Point, radius: Double, fill: Ink?, stroke: Stroke?, title: String? = nil)
  /// One line of text, by its baseline.
  case text(String, Point, TextStyle)
  /// A picture of pixels.
  case image(Picture, Rectangle)

  /// Draws the mark.
  package func draw(on canvas: inout some Canvas) {
    switch self {
    case .area(let rectangle, let ink, let opacity):
      canvas.fill(rectangle, with: ink, opacity: opacity)
    case .frame(let rectangle, let stroke): canvas.stroke(rectangle, with: stroke)
    case .line(let start, let end, let stroke): canvas.line(from: start, to: end, with: stroke)
    case .polyline(let points, let stroke, let title):
      canvas.polyline(points, with: stroke, title: title)
    case .polygon(let points, let ink, let opacity):
      canvas.polygon(points, with: ink, opacity: opacity)
    case .circle(let center, let radius, let fill, let stroke, let title):
      canvas.circle(center: center, radius: radius, fill: fill, stroke: stroke, title: title)
    case .text(let text, let position, let style): canvas.text(text, at: position, style: style)
    case .image(let picture, let rectangle): canvas.image(picture, in: rectangle)
    }
  }

  /// The mark moved by an offset.
  package func moved(x: Double, y: Double) -> Mark {
    func point(_ point: Point) -> Point { Point(point.x + x, point.y + y) }
    func box(_ box: Rectangle) -> Rectangle {
      Rectangle(x: box.x + x, y: box.y + y, width: box.width, height: box.height)
    }
    return switch self {
    case .area(let rectangle, let ink, let opacity): .area(box(rectangle), ink, opacity: opacity)
    case .frame(let rectangle, let stroke): .frame(box(rectangle), stroke)
    case .line(let start, let end, let stroke): .line(point(start), point(end), stroke)
    case .polyline(let points, let stroke, let title):
      .polyline(points.map(point), stroke, title: title)
    case .polygon(let points, let ink, let opacity):
      .polygon(points.map(point), ink, opacity: opacity)
    case .circle(let center, let radius, let fill, let stroke, let title):
      .circle(point(center), radius: radius, fill: fill, stroke: stroke, title: title)
    case .text(let text, let position, let style): .text(text, point(position), style)
    case .image(let picture, let rectangle): .image(picture, box(rectangle))
    }
  }

  /// The smallest rectangle around the mark, line widths left out and text widths estimated.
  package var bounds: Rectangle {
    switch self {
    case .area(let rectangle, _, _), .frame(let rectangle, _), .image(_, let rectangle):
      return rectangle
    case .line(let start, let end, _): return Mark.bounds(of: [start, end])
    case .polyline(let points, _, _), .polygon(let points, _, _): return Mark.bounds(of: points)
    case .circle(let center, let radius, _, _, _):
      return Rectangle(
        x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius)
    case .text(let text, let position, let style):
      let width = TextMetrics.width(of: text, style: style)
      let shift: Double =
        switch style.anchor {
        case .start: 0
        case .middle: width / 2
        case .end: width
        }
      return Rectangle(
        x: position.x - shift, y: position.y - style.size * 0.78, width: width, height: style.size)
    }
  }

  private static func bounds(of points: [Point]) -> Rectangle {
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (x, y) = (xs.min() ?? 0, ys.min() ?? 0)
    return Rectangle(x: x, y: y, width: (xs.max() ?? 0) - x, height: (ys.max() ?? 0) - y)
  }
}
