import Drawing

/// How totals add up, side by side: each bar begins where the one before it ended.
package struct Waterfall: Chart {
  /// A part of every total, or the totals themselves.
  package struct Row: Hashable, Sendable {
    /// The words before the bars.
    package var label: String
    /// The numbers, one for each total.
    package var values: [Double]
    /// True for what all parts before add up to, drawn from zero.
    package var isTotal: Bool

    /// A part, or the totals.
    package init(_ label: String, _ values: [Double], isTotal: Bool = false) {
      (self.label, self.values, self.isTotal) = (label, values, isTotal)
    }
  }

  /// What the totals are, from left to right.
  package var columns: [String]
  /// The parts in the order in which they are added, and the totals.
  package var rows: [Row]

  /// Parts of totals; every row has a number for each column.
  package init(_ columns: [String], _ rows: [Row]) {
    precondition(
      rows.allSatisfy { $0.values.count == columns.count }, "Waterfall: a row misses a number")
    (self.columns, self.rows) = (columns, rows)
  }

  /// The numbers.
  package var table: FigureTable? {
    FigureTable(
      header: ["Part"] + columns,
      rows: rows.map { row in [row.label] + row.values.map { Format.fixed($0, 3) } })
  }

  private static let (pitch, top) = (20.0, 24.0)
  /// Room for a number behind the bars, and between two totals.
  private static let (numberWidth, gap) = (50.0, 20.0)

  /// Where each bar of a column starts and ends.
  private func spans(_ column: Int) -> [(start: Double, end: Double)] {
    var sum = 0.0
    return rows.map { row in
      let value = row.values[column].isFinite ? row.values[column] : 0
      if row.isTotal { return (0, value) }
      defer { sum += value }
      return (sum, sum + value)
    }
  }

  /// The marks for a width in pixels: all totals on one scale.
  package func layout(width: Double) -> FigureLayout {
    let plain = TextStyle(.ink2, size: 12)
    let bold = TextStyle(.ink, size: 12, weight: .semibold)
    let widest = rows.map { TextMetrics.width(of: $0.label, style: bold) }.max() ?? 0
    let left = min(widest, width * 0.34).rounded(.up) + 12
    let count = Double(max(columns.count, 1))
    let room = (width - left - (count - 1) * Self.gap) / count
    let length = max(10, room - Self.numberWidth)
    let all = columns.indices.map(spans)
    let ends = all.joined().flatMap { [$0.start, $0.end] }
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
    func x(_ value: Double) -> Double {
      high > low ? (value - low) / (high - low) * length : 0
    }
    var layout = FigureLayout(
      width: width, height: Self.top + Self.pitch * Double(rows.count))
    for (index, row) in rows.enumerated() {
      let y = Self.top + Double(index) * Self.pitch
      let style = row.isTotal ? bold : plain
      layout.text(TextMetrics.truncated(row.label, to: left - 12, style: style), 0, y + 14, style)
    }
    for column in columns.indices {
      let start = left + Double(column) * (room + Self.gap)
      layout.text(
        TextMetrics.truncated(columns[column], to: room, style: bold), start, 12, bold)
      layout.line(start + x(0), Self.top, start + x(0), layout.height, Stroke(.rule2))
      for (index, span) in all[column].enumerated() {
        let (row, y) = (rows[index], Self.top + Double(index) * Self.pitch)
        let (from, to) = (x(min(span.start, span.end)), x(max(span.start, span.end)))
        let value = row.values[column]
        layout.area(
          start + from, y + 5, max(to - from, 1), 10,
          row.isTotal ? .ink : value < 0 ? .negative : .positive)
        if index + 1 < rows.count {
          layout.line(
            start + x(span.end), y + 15, start + x(span.end), y + Self.pitch + 5, Stroke(.rule2))
        }
        var style = row.isTotal ? bold : plain
        style.anchor = .end
        layout.text(Format.fixed(value, 2), start + room, y + 14, style)
      }
    }
    return layout
  }
}
