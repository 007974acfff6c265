import Drawing

/// What a network claims against what it delivers, per band of confidence.
public struct ReliabilityDiagram: Chart {
  /// One band of confidence.
  public struct Band: Hashable, Sendable {
    /// The words below it, such as `90–99`.
    public var label: String
    /// The mean confidence of the images in it.
    public var claimed: Double
    /// The share of them that was right.
    public var delivered: Double
    /// The interval of that share.
    public var interval: ClosedRange<Double>?
    /// How many images there are; an empty band is drawn as such.
    public var count: Int

    /// A band from its numbers.
    public init(
      _ label: String, claimed: Double, delivered: Double, interval: ClosedRange<Double>?,
      count: Int
    ) {
      self.label = label
      self.claimed = claimed
      self.delivered = delivered
      self.interval = interval
      self.count = count
    }
  }

  /// How bands are spread along the horizontal axis.
  public enum Spread: Hashable, Sendable {
    /// Evenly, with the claim as a short line; shows the crowded band near 1.
    case even
    /// At the confidence claimed, with the diagonal of a network that keeps its word.
    case proportional
  }

  /// The bands, ascending.
  public var bands: [Band]
  /// How they are spread.
  public var spread: Spread
  /// The height in pixels.
  public var height: Double?

  /// A diagram of bands.
  public init(_ bands: [Band], spread: Spread = .even) {
    self.bands = bands
    self.spread = spread
  }

  /// One row per band.
  public var table: FigureTable? {
    FigureTable(
      header: ["Confidence, %", "Images", "Claimed", "Delivered", "95% interval"],
      rows: bands.map { band in
        guard band.count > 0 else { return [band.label, "0", "", "", ""] }
        let ends = band.interval.map { [$0.lowerBound, $0.upperBound].map { Format.percent($0) } }
        return [
          band.label, Format.count(band.count), Format.probability(band.claimed),
          Format.percent(band.delivered), ends?.joined(separator: " – ") ?? "",
        ]
      })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width, height: height ?? (width >= 450 ? 290 : 280))
    let bottom = spread == .even ? 44.0 : 38
    let box = Rectangle(
      x: 44, y: 34, width: width - 52, height: layout.height - 34 - bottom)
    let lower = spread == .even ? 0 : min(0.5, bands.map(\.claimed).filter(\.isFinite).min() ?? 0)
    let x = AxisScale(
      [], bounds: spread == .even ? 0...Double(max(bands.count, 1)) : lower...1)
    let plot = Plot(box: box, x: x, y: AxisScale([], bounds: 0...1))
    plot.drawVerticalAxis(&layout, title: "How often it was right", style: .percent, count: 4)
    if spread == .proportional {
      plot.drawHorizontalAxis(
        &layout, title: "Stated confidence", style: .percent,
        count: Plot.horizontalCount(box.width))
      if let start = plot.point(lower, lower), let end = plot.point(1, 1) {
        layout.marks.append(.line(start, end, Stroke(.positive, width: 1.5)))
      }
    } else {
      layout.line(box.x, box.maxY, box.maxX, box.maxY, Stroke(.rule2))
      layout.text("Stated confidence, %", box.maxX, box.maxY + 36, TextStyle(anchor: .end))
    }
    for (index, band) in bands.enumerated() { draw(band, at: index, in: plot, &layout) }
    nameParts(in: plot, &layout)
    return layout
  }

  private func draw(_ band: Band, at index: Int, in plot: Plot, _ layout: inout FigureLayout) {
    let place = spread == .even ? Double(index) + 0.5 : band.claimed
    guard let x = plot.x.position(place) else { return }
    if spread == .even {
      let step = plot.box.width / Double(max(bands.count, 1))
      layout.fitted(band.label, x, plot.box.maxY + 17, room: step - 2)
      guard band.count > 0 else {
        layout.text("none", x, plot.box.maxY - 6, TextStyle(anchor: .middle))
        return
      }
      if let claimed = plot.y.position(band.claimed) {
        let half = min(step * 0.32, 24)
        layout.line(x - half, claimed, x + half, claimed, Stroke(.positive, width: 2))
      }
    }
    guard band.count > 0, let delivered = plot.y.position(band.delivered) else { return }
    if let interval = band.interval, let low = plot.y.position(interval.lowerBound),
      let high = plot.y.position(interval.upperBound)
    {
      layout.line(x, low, x, high, Stroke(.ink, width: 1.25))
    }
    let claim = "claimed \(Format.percent(band.claimed))"
    let title = "\(claim), delivered \(Format.percent(band.delivered)), n = \(band.count)"
    layout.marks.append(
      .circle(Point(x, delivered), radius: 4.5, fill: .ink, stroke: nil, title: title))
  }

  /// Names claim and delivery where they are furthest apart.
  private func nameParts(in plot: Plot, _ layout: inout FigureLayout) {
    let usable = bands.enumerated().filter { _, band in
      band.count > 0 && band.claimed.isFinite && band.delivered.isFinite
    }
    let widest = usable.max {
      abs($0.element.claimed - $0.element.delivered)
        < abs($1.element.claimed - $1.element.delivered)
    }
    guard let (index, band) = widest,
      let x = plot.x.position(spread == .even ? Double(index) + 0.5 : band.claimed),
      let claimed = plot.y.position(band.claimed),
      let delivered = plot.y.position(band.delivered)
    else { return }
    var style = TextStyle(.positive, size: 12.5, anchor: .middle, halo: .background)
    let isAbove = claimed <= delivered
    let claimWidth = TextMetrics.width(of: "claimed", style: style) / 2
    let center = min(max(x, plot.box.x + claimWidth), plot.box.maxX - claimWidth)
    layout.text("claimed", center, isAbove ? claimed - 8 : claimed + 17, style)
    style.ink = .ink2
    let fitsRight = x + 75 < layout.width
    style.anchor = fitsRight ? .start : .end
    layout.text("delivered", fitsRight ? x + 9 : x - 9, delivered + (isAbove ? 14 : -6), style)
  }
}
