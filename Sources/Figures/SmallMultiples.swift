/// Line charts side by side, or below one another where there is no room.
public struct SmallMultiples: Chart {
  /// The charts, in reading order.
  public var charts: [LineChart]
  /// The height of each in pixels.
  public var height: Double

  /// Charts of equal size.
  public init(_ charts: [LineChart], height: Double = 190) {
    self.charts = charts
    self.height = height
  }

  /// The tables of the charts side by side.
  public var table: FigureTable? {
    .joined(charts.compactMap { chart in chart.table.map { (chart.yTitle, $0) } })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width)
    let gutter = 36.0
    let columns = max(1, min(charts.count, Int((width + gutter) / (240 + gutter))))
    let part = (width - Double(columns - 1) * gutter) / Double(columns)
    let left = charts.map { $0.axisWidth(part) }.max() ?? 0
    for (index, chart) in charts.enumerated() {
      var chart = chart
      chart.height = height
      chart.isThin = true
      chart.minimumLeft = left
      layout.add(
        chart.layout(width: part), x: Double(index % columns) * (part + gutter),
        y: Double(index / columns) * (height + 24))
    }
    return layout
  }
}
