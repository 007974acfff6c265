import Drawing

/// Any charts side by side under titles of their own, or below one another on narrow pages.
public struct Panels: Chart {
  /// One chart with its title.
  public struct Panel: Sendable {
    /// The words above the chart; empty for none.
    public var title: String
    /// More words below the title, paler; empty for none.
    public var subtitle: String
    /// The chart.
    public var chart: any Chart

    /// A chart with its title.
    public init(_ title: String, subtitle: String = "", _ chart: any Chart) {
      self.title = title
      self.subtitle = subtitle
      self.chart = chart
    }
  }

  /// The charts in reading order.
  public var panels: [Panel]
  /// The least width of a chart in pixels.
  public var minimumWidth: Double
  /// The space between charts.
  public var gutter: Double

  /// Charts of equal width.
  public init(_ panels: [Panel], minimumWidth: Double = 260, gutter: Double = 40) {
    self.panels = panels
    self.minimumWidth = minimumWidth
    self.gutter = gutter
  }

  /// The tables of the charts side by side.
  public var table: FigureTable? {
    .joined(panels.compactMap { panel in panel.chart.table.map { (panel.title, $0) } })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width)
    let fitting = Int((width + gutter) / (minimumWidth + gutter))
    let columns = max(1, min(panels.count, fitting))
    let part = (width - Double(columns - 1) * gutter) / Double(columns)
    let bold = TextStyle(.ink, size: 13, weight: .semibold)
    for start in stride(from: 0, to: panels.count, by: columns) {
      let line = panels[start..<min(start + columns, panels.count)]
      let top = start == 0 ? 0 : layout.height + 24
      let hasTitle = line.contains { !$0.title.isEmpty }
      let hasSubtitle = line.contains { !$0.subtitle.isEmpty }
      let below = top + (hasTitle ? 20.0 : 0) + (hasSubtitle ? 20 : 0)
      for (column, panel) in line.enumerated() {
        let x = Double(column) * (part + gutter)
        layout.text(TextMetrics.truncated(panel.title, to: part, style: bold), x, top + 13, bold)
        let words = TextMetrics.truncated(panel.subtitle, to: part, style: TextStyle())
        layout.text(words, x, top + (hasTitle ? 33 : 13), TextStyle())
        var chart = panel.chart.layout(width: part)
        chart.readout = nil
        layout.add(chart, x: x, y: below)
      }
    }
    return layout
  }
}
