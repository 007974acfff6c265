import Drawing

/// The area between two axes, and how to draw them.
struct Plot {
  let box: Rectangle
  var x: AxisScale
  var y: AxisScale

  init(box: Rectangle, x: AxisScale, y: AxisScale) {
    self.box = box
    self.x = x
    self.y = y
    (self.x.start, self.x.end) = (box.x, box.maxX)
    (self.y.start, self.y.end) = (box.maxY, box.y)
  }

  /// The position of a pair of numbers; nil where an axis cannot show one of them.
  func point(_ x: Double, _ y: Double) -> Point? {
    guard let x = self.x.position(x), let y = self.y.position(y) else { return nil }
    return Point(x, y)
  }

  /// The title of a vertical axis with what must be said about it.
  static func title(_ title: String, axis: AxisScale, style: NumberStyle) -> String {
    if axis.isLogarithmic { return "\(title) (log scale)" }
    guard axis.lower != 0 else { return title }
    let step = Ticks.linear(axis.lower, axis.upper, count: 5).step
    return "\(title) (axis starts at \(style.tick(axis.lower, step: min(step, abs(axis.lower)))))"
  }

  /// The space that the labels of a vertical axis need.
  static func labelWidth(_ axis: AxisScale, count: Int, style: NumberStyle) -> Double {
    let ticks = style.fitting(axis.ticks(count: count))
    let widths = ticks.values.map { value in
      TextMetrics.width(of: style.tick(value, step: ticks.step), style: TextStyle())
    }
    return (widths.max() ?? 0).rounded(.up)
  }

  /// Draws hairlines and labels of the vertical axis, and its title at the top left.
  func drawVerticalAxis(_ layout: inout FigureLayout, title: String, style: NumberStyle, count: Int)
  {
    let ticks = style.fitting(y.ticks(count: count))
    for value in ticks.values {
      guard let at = y.position(value) else { continue }
      if at < box.maxY - 0.5 { layout.line(box.x, at, box.maxX, at, Stroke(.rule)) }
      layout.text(style.tick(value, step: ticks.step), box.x - 6, at + 4, TextStyle(anchor: .end))
    }
    let words = Plot.title(title, axis: y, style: style)
    for (index, line) in TextMetrics.wrapped(words, to: layout.width, style: TextStyle())
      .prefix(2).enumerated()
    {
      layout.text(line, 0, 11 + Double(index) * 14, TextStyle())
    }
  }

  /// Draws the horizontal axis with its labels, and its title at the bottom right.
  func drawHorizontalAxis(
    _ layout: inout FigureLayout, title: String, style: NumberStyle, count: Int
  ) {
    layout.line(box.x, box.maxY, box.maxX, box.maxY, Stroke(.rule2))
    let ticks = style.fitting(x.ticks(count: count))
    var free = -Double.infinity
    for value in ticks.values {
      guard let at = x.position(value) else { continue }
      layout.line(at, box.maxY, at, box.maxY + 4, Stroke(.rule2))
      let label = style.tick(value, step: ticks.step)
      let half = TextMetrics.width(of: label, style: TextStyle()) / 2
      let center = min(max(at, half), layout.width - half)
      guard center - half > free else { continue }
      layout.text(label, center, box.maxY + 17, TextStyle(anchor: .middle))
      free = center + half + 6
    }
    layout.text(title, box.maxX, box.maxY + 31, TextStyle(anchor: .end))
  }

  /// The number of labels that a vertical axis has room for.
  static func verticalCount(_ height: Double) -> Int { max(2, min(6, Int(height / 34))) }

  /// The number of labels that a horizontal axis has room for.
  static func horizontalCount(_ width: Double) -> Int { max(3, min(10, Int(width / 50))) }
}
