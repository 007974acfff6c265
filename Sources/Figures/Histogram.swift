public import Drawing

/// Counts per bin as bars, for one group or for several side by side.
public struct Histogram: Chart {
  /// One interval of the horizontal axis.
  public struct Bin: Hashable, Sendable {
    /// The words below it.
    public var label: String
    /// One count per group.
    public var counts: [Int]

    /// A bin from its label and its counts.
    public init(_ label: String, counts: [Int]) {
      self.label = label
      self.counts = counts
    }
  }

  /// What the bars of one color count.
  public struct Group: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its color.
    public var ink: Ink

    /// A group from its name and color.
    public init(_ name: String, ink: Ink = .bar) {
      self.name = name
      self.ink = ink
    }

    /// Right answers, in grey.
    public static let right = Group("right")
    /// Wrong answers, in the color of errors.
    public static let wrong = Group("wrong", ink: .wrong)
  }

  /// The bins from left to right.
  public var bins: [Bin]
  /// The groups, as many as each bin has counts.
  public var groups: [Group]
  /// The title of the horizontal axis.
  public var xTitle: String
  /// What is counted.
  public var yTitle: String
  /// True for a logarithmic count.
  public var isLogarithmic = false
  /// The bounds of the bins; with them the axis is numeric and labels of bins are not drawn.
  public var edges: [Double] = []
  /// How a numeric axis is written.
  public var xStyle = NumberStyle.plain
  /// Where to draw a broken vertical line on a numeric axis.
  public var marker: Double?
  /// The height in pixels.
  public var height: Double?

  /// A histogram of labeled bins.
  public init(_ bins: [Bin], groups: [Group] = [.right], xTitle: String, yTitle: String) {
    self.bins = bins
    self.groups = groups
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// A histogram of counts between ascending edges, one more than there are counts.
  public init(
    edges: [Double], counts: [Int], ink: Ink = .bar, xTitle: String, yTitle: String,
    xStyle: NumberStyle = .plain
  ) {
    precondition(
      edges.count == counts.count + 1,
      "Histogram: \(edges.count) edges for \(counts.count) counts, expected one more")
    let labels = zip(edges, edges.dropFirst()).map { "\(xStyle.value($0))–\(xStyle.value($1))" }
    self.init(
      zip(labels, counts).map { Bin($0, counts: [$1]) }, groups: [Group(yTitle, ink: ink)],
      xTitle: xTitle, yTitle: yTitle)
    self.edges = edges
    self.xStyle = xStyle
  }

  /// One row per bin.
  public var table: FigureTable? {
    FigureTable(
      header: [xTitle] + groups.map(\.name),
      rows: bins.map { [$0.label] + $0.counts.prefix(groups.count).map(Format.count) })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width, height: height ?? (width >= 450 ? 290 : 260))
    let highest = Double(bins.flatMap(\.counts).max() ?? 0)
    let top = isLogarithmic ? max(highest * 1.3, 10) : max(highest, 1)
    let isLog = isLogarithmic
    let y = AxisScale(
      [0, top], bounds: isLog ? 0.7...top : nil, isLogarithmic: isLog, ticks: 4)
    let rows = 5
    let left = max(28, Plot.labelWidth(y, count: rows, style: .plain) + 8)
    let numeric = edges.count > 1 ? AxisScale(edges, isTight: true) : nil
    let box = Rectangle(
      x: left, y: 34, width: width - left - 8, height: layout.height - 34 - 44)
    let plot = Plot(
      box: box, x: numeric ?? AxisScale([], bounds: 0...Double(max(bins.count, 1))), y: y)
    plot.drawVerticalAxis(&layout, title: yTitle, style: .plain, count: rows)
    drawGroupNames(&layout)
    for (index, bin) in bins.enumerated() {
      let (start, end): (Double?, Double?) =
        numeric == nil
        ? (plot.x.position(Double(index)), plot.x.position(Double(index + 1)))
        : (plot.x.position(edges[index]), plot.x.position(edges[index + 1]))
      guard let start, let end else { continue }
      draw(bin, from: start, to: end, in: plot, &layout)
    }
    if numeric == nil {
      drawLabels(in: plot, &layout)
      layout.line(box.x, box.maxY, box.maxX, box.maxY, Stroke(.rule2))
      layout.text(xTitle, box.maxX, box.maxY + 36, TextStyle(anchor: .end))
    } else {
      let count = Plot.horizontalCount(box.width)
      plot.drawHorizontalAxis(&layout, title: xTitle, style: xStyle, count: count)
    }
    if let marker, numeric != nil, let at = plot.x.position(marker) {
      layout.line(at, box.y, at, box.maxY, Stroke(.ink2, dash: [2, 3]))
    }
    return layout
  }

  private func draw(
    _ bin: Bin, from start: Double, to end: Double, in plot: Plot, _ layout: inout FigureLayout
  ) {
    let margin = edges.isEmpty ? min((end - start) * 0.12, 8) : 0.5
    let part = max((end - start - 2 * margin) / Double(max(groups.count, 1)), 0.5)
    for (place, (count, group)) in zip(bin.counts, groups).enumerated() {
      let x = start + margin + Double(place) * part
      if count > 0, let top = plot.y.position(Double(count)) {
        layout.area(x, top, max(part - 1, 0.5), plot.box.maxY - top, group.ink)
        let style = TextStyle(group.ink == .wrong ? .wrong : .ink3, anchor: .middle)
        let text = Format.count(count)
        let width = TextMetrics.width(of: text, style: style)
        // A number may reach over its neighbors where those end well below it.
        let isAlone = bin.counts.enumerated().allSatisfy { other, count in
          other == place || abs((plot.y.position(Double(max(count, 1))) ?? 0) - top) > 18
        }
        let room = isAlone ? end - start : part + 4
        if width <= room, edges.isEmpty || bins.count <= 12 {
          let least = max(start, 0) + width / 2
          let center = min(max(x + part / 2, least), max(least, plot.box.maxX + 8 - width / 2))
          layout.text(text, center, top - 4, style)
        }
      }
    }
  }

  /// The labels of the bins: all of them, or as many as have room, the last always.
  private func drawLabels(in plot: Plot, _ layout: inout FigureLayout) {
    guard let first = plot.x.position(0), let second = plot.x.position(1) else { return }
    let widest = bins.map { TextMetrics.width(of: $0.label, style: TextStyle()) }.max() ?? 0
    let step = max(1, min(3, Int(((widest + 4) / (second - first)).rounded(.up))))
    for index in bins.indices.reversed() where (bins.count - 1 - index).isMultiple(of: step) {
      layout.fitted(
        bins[index].label, first + (Double(index) + 0.5) * (second - first), plot.box.maxY + 17,
        room: Double(step) * (second - first) - 2)
    }
  }

  /// Names the groups at the top right, each in its own color.
  private func drawGroupNames(_ layout: inout FigureLayout) {
    guard groups.count > 1 else { return }
    var x = layout.width - 8
    for group in groups.reversed() {
      let ink: Ink = group.ink == .bar ? .ink3 : group.ink
      let style = TextStyle(ink, size: 12.5, weight: .semibold, anchor: .end)
      layout.text(group.name, x, 11, style)
      x -= TextMetrics.width(of: group.name, style: style) + 14
    }
  }
}
