import Drawing

/// Bars of equal length divided into shares, such as parameters per layer.
public struct StackedBar: Chart {
  /// One share of a bar.
  public struct Segment: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its size in any unit.
    public var value: Double

    /// A share from its name and size.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// One bar.
  public struct Bar: Hashable, Sendable {
    /// What is divided, such as `184,586 parameters`.
    public var label: String
    /// The shares from left to right.
    public var segments: [Segment]

    /// A bar from its label and shares.
    public init(_ label: String, _ segments: [Segment]) {
      self.label = label
      self.segments = segments
    }
  }

  /// The bars from top to bottom.
  public var bars: [Bar]

  /// Bars of equal length.
  public init(_ bars: [Bar]) { self.bars = bars }

  /// One row per segment.
  public var table: FigureTable? {
    FigureTable(
      header: ["", "Part", "Amount"],
      rows: bars.flatMap { bar in
        bar.segments.map { [bar.label, $0.name, Format.fixed($0.value, 0)] }
      })
  }

  /// The marks for a width in pixels; the largest share of each bar is emphasized.
  public func layout(width: Double) -> FigureLayout {
    let style = TextStyle(.ink, size: 13)
    let isStacked = width < 450
    let widest = bars.map { TextMetrics.width(of: $0.label, style: style) }.max() ?? 0
    let left = isStacked ? 0 : min(widest, width * 0.35).rounded(.up) + 18
    let pitch = isStacked ? 72.0 : 54
    var layout = FigureLayout(width: width, height: Double(bars.count) * pitch)
    for (index, bar) in bars.enumerated() {
      let top = Double(index) * pitch + (isStacked ? 20 : 0)
      let room = isStacked ? width : left - 10
      let label = TextMetrics.truncated(bar.label, to: room, style: style)
      layout.text(label, 0, isStacked ? top - 6 : top + 18, style)
      draw(bar, x: left, y: top, width: width - left, &layout)
    }
    return layout
  }

  private func draw(_ bar: Bar, x: Double, y: Double, width: Double, _ layout: inout FigureLayout) {
    let values = bar.segments.map { $0.value.isFinite ? max($0.value, 0) : 0 }
    let total = values.reduce(0, +)
    guard total > 0 else {
      layout.area(x, y, width, 26, .background3)
      layout.text("none", x + 8, y + 17, TextStyle(.ink2, size: 12))
      return
    }
    let largest = values.max() ?? 0
    var start = x
    var below: [(text: String, middle: Double, extent: Double)] = []
    for (segment, value) in zip(bar.segments, values) {
      let extent = value / total * width
      let isLargest = value == largest
      layout.area(start, y, max(extent - 1, 0.5), 26, isLargest ? .ink : .background3)
      let style = TextStyle(isLargest ? .background : .ink2, size: 12.5)
      let share = "\(segment.name) \(Format.shortProbability(value / total))"
      if TextMetrics.width(of: share, style: style) + 14 <= extent {
        layout.text(share, start + 7, y + 17.5, style)
      } else if value > 0 {
        below.append((share, start + extent / 2, extent))
      }
      start += extent
    }
    name(
      Self.fitting(below, between: x, and: x + width), between: x, and: x + width, y: y + 26,
      &layout)
  }

  private static let nameStyle = TextStyle(.ink3, size: 11)
  private static let nameGap = 12.0

  /// Where names of many parts have no room, those that do at their own places, the largest parts first.
  private static func fitting(
    _ parts: [(text: String, middle: Double, extent: Double)], between left: Double,
    and right: Double
  ) -> [(text: String, middle: Double)] {
    let places = parts.map { part in
      let width = TextMetrics.width(of: part.text, style: nameStyle)
      return (start: part.middle - width / 2, end: part.middle + width / 2)
    }
    let needed = places.reduce(-nameGap) { $0 + $1.end - $1.start + nameGap }
    var chosen: [Int] = []
    for index in parts.indices.sorted(by: { (parts[$1].extent, $0) < (parts[$0].extent, $1) }) {
      let place = places[index]
      let isFree =
        place.start >= left && place.end <= right
        && chosen.allSatisfy {
          place.start >= places[$0].end + nameGap || place.end + nameGap <= places[$0].start
        }
      if needed <= right - left || isFree { chosen.append(index) }
    }
    return chosen.sorted().map { (parts[$0].text, parts[$0].middle) }
  }

  /// Names the parts that have no room for it, as far as there is room below them.
  private func name(
    _ parts: [(text: String, middle: Double)], between left: Double, and right: Double, y: Double,
    _ layout: inout FigureLayout
  ) {
    var free = left
    for (index, part) in parts.enumerated() {
      let width = TextMetrics.width(of: part.text, style: Self.nameStyle)
      // Those that follow keep their room at the right.
      let others = parts[(index + 1)...].reduce(0) {
        $0 + TextMetrics.width(of: $1.text, style: Self.nameStyle) + Self.nameGap
      }
      let start = max(free, min(part.middle - width / 2, right - width - others))
      guard start + width <= right + 0.5 else { return }
      layout.line(part.middle, y, part.middle, y + 4, Stroke(.rule2))
      layout.text(part.text, start, y + 15, Self.nameStyle)
      free = start + width + Self.nameGap
    }
  }
}
