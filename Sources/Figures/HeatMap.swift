import Drawing

/// A table of numbers as cells, the darker the larger, with the number in each where there is room.
package struct HeatMap: Chart {
  /// What the rows and the columns are.
  package var titles: (rows: String, columns: String)
  /// The names of the rows.
  package var rows: [String]
  /// The names of the columns.
  package var columns: [String]
  /// Rows of numbers; `nil` where there is none.
  package var values: [[Double?]]
  /// How numbers are written.
  package var style: NumberStyle

  /// A table; every row has as many numbers as there are columns.
  package init(
    rows: [String], columns: [String], values: [[Double?]], titles: (rows: String, columns: String),
    style: NumberStyle = .percent
  ) {
    precondition(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count },
      "HeatMap: the numbers do not fit the names")
    (self.rows, self.columns, self.values) = (rows, columns, values)
    (self.titles, self.style) = (titles, style)
  }

  /// The numbers.
  package var table: FigureTable? {
    FigureTable(
      header: ["\(titles.rows) / \(titles.columns)"] + columns,
      rows: rows.indices.map { row in
        [rows[row]] + values[row].map { $0.map(style.value) ?? "" }
      })
  }

  /// The marks for a width in pixels.
  package func layout(width: Double) -> FigureLayout {
    let names = TextStyle(.ink2, size: 12, anchor: .end)
    let widest = rows.map { TextMetrics.width(of: $0, style: names) }.max() ?? 0
    let left = max(
      min(widest, width * 0.35).rounded(.up) + 10,
      TextMetrics.width(of: titles.rows, style: TextStyle()) + 10)
    let cell = min(96, max(1, ((width - left) / Double(max(1, columns.count))).rounded(.down)))
    let (top, height) = (38.0, 30.0)
    var layout = FigureLayout(width: width, height: top + height * Double(rows.count) + 2)
    layout.text(titles.columns, left, 11, TextStyle())
    layout.text(titles.rows, left - 10, 30, TextStyle(anchor: .end))
    let all = values.joined().compactMap { $0 }.filter(\.isFinite)
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    for column in columns.indices {
      layout.fitted(
        columns[column], left + (Double(column) + 0.5) * cell, 30, room: cell - 4)
    }
    for row in rows.indices {
      let y = top + Double(row) * height
      layout.text(
        TextMetrics.truncated(rows[row], to: left - 12, style: names), left - 10, y + 19, names)
      for column in columns.indices {
        let x = left + Double(column) * cell
        layout.area(x, y, cell - 1, height - 1, .background2)
        guard let value = values[row][column], value.isFinite else { continue }
        let share = high > low ? (value - low) / (high - low) : 1
        layout.area(x, y, cell - 1, height - 1, .activation, opacity: 0.06 + 0.84 * share)
        let style = TextStyle(share > 0.75 ? .background : .ink, size: 12, anchor: .middle)
        let words = self.style.value(value)
        if TextMetrics.width(of: words, style: style) <= cell - 4 {
          layout.text(words, x + cell / 2, y + 19, style)
        }
      }
    }
    return layout
  }
}
