public import Drawing

/// Dots with interval lines, one row each, in panels that share one axis.
public struct IntervalDots: Chart {
  /// One dot.
  public struct Row: Hashable, Sendable {
    /// The words before the row.
    public var label: String
    /// Where the dot is.
    public var value: Double
    /// The line through the dot.
    public var interval: ClosedRange<Double>?
    /// A second number of the same kind, drawn as a ring.
    public var other: Double?
    /// The color of the dot.
    public var ink: Ink

    /// A dot with its interval.
    public init(
      _ label: String, value: Double, interval: ClosedRange<Double>? = nil, other: Double? = nil,
      ink: Ink = .ink
    ) {
      self.label = label
      self.value = value
      self.interval = interval
      self.other = other
      self.ink = ink
    }
  }

  /// Rows under one title.
  public struct Panel: Hashable, Sendable {
    /// What the dots measure.
    public var title: String
    /// What the rings measure.
    public var otherTitle: String
    /// The rows from top to bottom.
    public var rows: [Row]

    /// A panel of rows.
    public init(_ title: String, other: String = "", rows: [Row]) {
      self.title = title
      otherTitle = other
      self.rows = rows
    }

    /// The words above it.
    var words: String { otherTitle.isEmpty ? title : "● \(title)   ○ \(otherTitle)" }
  }

  /// Further numbers of the rows, which the table alone has.
  public struct Column: Hashable, Sendable {
    /// What they measure.
    public var title: String
    /// One a row; nil where there is none.
    public var values: [Double?]

    /// Numbers under a title.
    public init(_ title: String, _ values: [Double?]) {
      self.title = title
      self.values = values
    }
  }

  /// The panels, side by side where there is room.
  public var panels: [Panel]
  /// How the axis is written.
  public var style: NumberStyle
  /// Bounds of the axis in place of round numbers around the intervals.
  public var bounds: ClosedRange<Double>?

  /// Columns that only the table has.
  public var more: [Column]

  /// Panels on one axis.
  public init(
    _ panels: [Panel], style: NumberStyle = .percent, bounds: ClosedRange<Double>? = nil,
    more: [Column] = []
  ) {
    self.panels = panels
    self.more = more
    self.style = style
    self.bounds = bounds
  }

  /// One row per label with value and interval of each panel.
  public var table: FigureTable? {
    guard let first = panels.first, panels.allSatisfy({ $0.rows.count == first.rows.count })
    else { return nil }
    let hasIntervals = panels.contains { $0.rows.contains { $0.interval != nil } }
    return FigureTable(
      header: [""]
        + panels.flatMap {
          (hasIntervals ? [$0.title, "95% interval"] : [$0.title])
            + ($0.otherTitle.isEmpty ? [] : [$0.otherTitle])
        } + more.map(\.title),
      rows: first.rows.indices.map { index in
        [first.rows[index].label]
          + panels.flatMap { panel -> [String] in
            let row = panel.rows[index]
            let ends = row.interval.map { [$0.lowerBound, $0.upperBound].map(style.value) }
            return [style.value(row.value)]
              + (hasIntervals ? [ends?.joined(separator: " – ") ?? ""] : [])
              + (panel.otherTitle.isEmpty ? [] : [row.other.map(style.value) ?? ""])
          }
          + more.map { $0.values[index].map(style.value) ?? "" }
      })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width)
    let rows = panels.flatMap(\.rows)
    let axis = AxisScale(
      rows.flatMap {
        [
          $0.value, $0.other ?? .nan, $0.interval?.lowerBound ?? .nan,
          $0.interval?.upperBound ?? .nan,
        ]
      },
      bounds: bounds, isShare: style.isShare, ticks: 4)
    let columns = width >= 700 ? max(1, min(2, panels.count)) : 1
    let gutter = 40.0
    let part = (width - Double(columns - 1) * gutter) / Double(columns)
    var y = 0.0
    for start in stride(from: 0, to: panels.count, by: columns) {
      for (place, panel) in panels[start..<min(start + columns, panels.count)].enumerated() {
        let x = Double(place) * (part + gutter)
        layout.add(self.layout(of: panel, axis: axis, width: part), x: x, y: y)
      }
      y = layout.height + 16
    }
    return layout
  }

  private func layout(of panel: Panel, axis: AxisScale, width: Double) -> FigureLayout {
    var axis = axis
    let count = panel.rows.count
    let pitch: Double = count > 40 ? 15 : count > 15 ? 20 : width < 450 ? 26 : 29
    let bottom = 24 + Double(count) * pitch
    var layout = FigureLayout(width: width, height: bottom + 20)
    let bold = TextStyle(.ink, size: pitch < 20 ? 12 : 13, weight: .semibold, anchor: .end)
    let widest = panel.rows.map { TextMetrics.width(of: $0.label, style: bold) }.max() ?? 0
    let left = min(widest, width * 0.42).rounded(.up) + 12
    let ticks = axis.ticks(count: max(2, min(5, Int((width - left) / 70))))
    (axis.start, axis.end) = (left, width - 20)
    layout.text(
      TextMetrics.truncated(panel.words, to: width, style: TextStyle(.ink2, size: 12.5)), 0, 12,
      TextStyle(.ink2, size: 12.5))
    for value in ticks.values {
      guard let x = axis.position(value) else { continue }
      layout.line(x, 24, x, bottom, Stroke(.rule))
      layout.text(
        style.tick(value, step: ticks.step), x, bottom + 16, TextStyle(anchor: .middle))
    }
    for (index, row) in panel.rows.enumerated() {
      let y = 24 + (Double(index) + 0.5) * pitch
      layout.text(
        TextMetrics.truncated(row.label, to: left - 12, style: bold), left - 12, y + 4.5, bold)
      if let interval = row.interval, let low = axis.position(interval.lowerBound),
        let high = axis.position(interval.upperBound)
      {
        layout.line(low, y, high, y, Stroke(.ink, width: 1.25))
      }
      if let x = axis.position(row.value) {
        if let value = row.other, let other = axis.position(value) {
          layout.line(x, y, other, y, Stroke(.rule2))
          layout.marks.append(
            .circle(
              Point(other, y), radius: 4, fill: .background, stroke: Stroke(row.ink, width: 1.5),
              title: "\(row.label), \(panel.otherTitle): \(style.value(value))"))
        }
        layout.marks.append(
          .circle(
            Point(x, y), radius: 4, fill: row.ink, stroke: nil,
            title: "\(row.label): \(style.value(row.value))"))
      }
    }
    return layout
  }
}
