import Drawing

extension LineChart {
  /// The marks for a width in pixels.
  ///
  /// End labels stand in a margin at the right, on a phone in several lines; in small charts they stand inside the
  /// plot, above the ends of their lines.
  public func layout(width: Double) -> FigureLayout {
    let labels = series.compactMap { labelLines($0, width: width)?.count }.reduce(0, +)
    let tall = height ?? (width >= 700 ? 330 : width >= 450 ? 300 : width >= 330 ? 260 : 190)
    var layout = FigureLayout(width: width, height: max(tall, Double(labels + 1) * 15 + 80))
    let plot = plot(width: width, height: layout.height)
    let rows = Plot.verticalCount(plot.box.height)
    plot.drawVerticalAxis(&layout, title: yTitle, style: yStyle, count: rows)
    let columns = Plot.horizontalCount(plot.box.width)
    plot.drawHorizontalAxis(&layout, title: xTitle, style: xStyle, count: columns)
    let lines = series.map { line(of: $0, in: plot) }
    guard lines.contains(where: { !$0.isEmpty }) else {
      layout.text(
        "no data", plot.box.midX, plot.box.midY, TextStyle(size: 13, anchor: .middle))
      return layout
    }
    drawGap(in: plot, &layout)
    for (series, line) in zip(series, lines) {
      drawInterval(of: series, in: plot, &layout)
      for part in line {
        if part.count == 1 {
          let radius = max(2, stroke(of: series).width)
          layout.marks.append(
            .circle(part[0], radius: radius, fill: stroke(of: series).ink, stroke: nil))
        } else {
          layout.marks.append(.polyline(part, stroke(of: series)))
        }
      }
    }
    drawTrail(in: plot, &layout)
    if let marker, let at = plot.x.position(marker) {
      layout.line(at, plot.box.y, at, plot.box.maxY, Stroke(.rule2, dash: [2, 3]))
    }
    var placement = TextPlacement(
      area: Rectangle(
        x: plot.box.x, y: plot.box.y - 14, width: plot.box.width, height: plot.box.height + 10))
    for part in lines.joined() { placement.avoid(part) }
    if let marker, let at = plot.x.position(marker) {
      placement.avoid([Point(at, plot.box.y), Point(at, plot.box.maxY)])
    }
    drawEndLabels(lines, in: plot, &layout, &placement)
    drawAnnotations(in: plot, &layout, &placement)
    layout.readout = readout(lines, in: plot)
    return layout
  }

  private func plot(width: Double, height: Double) -> Plot {
    let points =
      trail
      + series.flatMap { series in
        series.points
          + series.intervals.enumerated().flatMap { index, interval in
            let x = index < series.points.count ? series.points[index].x : .nan
            return [Point(x, interval.lowerBound), Point(x, interval.upperBound)]
          }
      }
    let isShare = yStyle.isShare
    let x = AxisScale(
      points.map(\.x), bounds: xBounds, isLogarithmic: isLogarithmicInX, isTight: true)
    let y = AxisScale(
      points.map(\.y), bounds: yBounds, isLogarithmic: isLogarithmic, isShare: isShare,
      ticks: Plot.verticalCount(height - 70))
    let rows = Plot.verticalCount(height - 70)
    let left = max(28, Plot.labelWidth(y, count: rows, style: yStyle) + 8, minimumLeft)
    let title = Plot.title(yTitle, axis: y, style: yStyle)
    let titleLines = TextMetrics.wrapped(title, to: width, style: TextStyle()).count
    let top: Double = titleLines > 1 ? 44 : 32
    let right = hasMargin(width) ? min(labelWidth(width) + 17, width * 0.35) : 8
    return Plot(
      box: Rectangle(
        x: left, y: top, width: max(40, width - left - right), height: height - top - 36),
      x: x, y: y)
  }

  /// The width of the labels of the vertical axis.
  func axisWidth(_ width: Double) -> Double {
    plot(width: width, height: height ?? 190).box.x
  }

  private func stroke(of series: Series) -> Stroke {
    var stroke = series.stroke
    if isThin { stroke.width = min(stroke.width, 1.25) }
    return stroke
  }

  /// The words at the end of a line; nil for none.
  private func labelLines(_ series: Series, width: Double) -> [String]? {
    series.label.map {
      width >= 450 || !hasMargin(width)
        ? [$0] : TextMetrics.wrapped($0, to: 92, style: series.labelStyle)
    }
  }

  private func labelWidth(_ width: Double) -> Double {
    series.flatMap { series in
      (labelLines(series, width: width) ?? []).map {
        TextMetrics.width(of: $0, style: series.labelStyle)
      }
    }.max() ?? 0
  }

  private func hasMargin(_ width: Double) -> Bool {
    width >= 330 && series.contains { $0.label != nil }
  }

  /// The parts of a line that can be drawn, thinned to what the pixels can show.
  private func line(of series: Series, in plot: Plot) -> [[Point]] {
    var parts: [[Point]] = [[]]
    for point in series.points {
      if let position = plot.point(point.x, point.y) {
        parts[parts.count - 1].append(position)
      } else if parts.last?.isEmpty == false {
        parts.append([])
      }
    }
    return parts.filter { !$0.isEmpty }.map { Thinning.thinned($0, columns: plot.box.width) }
  }

  private func drawInterval(of series: Series, in plot: Plot, _ layout: inout FigureLayout) {
    guard series.intervals.count == series.points.count, series.points.count > 1 else { return }
    var (upper, lower): ([Point], [Point]) = ([], [])
    for (point, interval) in zip(series.points, series.intervals) {
      guard let high = plot.point(point.x, interval.upperBound), let x = plot.x.position(point.x)
      else { continue }
      upper.append(high)
      lower.append(Point(x, plot.y.position(interval.lowerBound) ?? plot.box.maxY))
    }
    guard upper.count > 1 else { return }
    layout.marks.append(.polygon(upper + lower.reversed(), stroke(of: series).ink, opacity: 0.16))
  }

  private func drawTrail(in plot: Plot, _ layout: inout FigureLayout) {
    let places = trail.compactMap { plot.point($0.x, $0.y) }
    guard let first = places.first else { return }
    layout.marks.append(.polyline(places, Stroke(.negative, width: 0.8)))
    for place in places.dropFirst() {
      layout.marks.append(.circle(place, radius: 3.5, fill: .negative, stroke: nil))
    }
    layout.marks.append(
      .circle(first, radius: 4.5, fill: .background, stroke: Stroke(.negative, width: 1.5)))
  }

  private func drawGap(in plot: Plot, _ layout: inout FigureLayout) {
    guard let gap, let (first, second) = edges(of: gap, in: plot) else { return }
    layout.marks.append(.polygon(first + second.reversed(), .highlight))
  }

  /// The two edges of the shaded area at every x where one of its lines has a point.
  private func edges(of gap: Gap, in plot: Plot) -> ([Point], [Point])? {
    guard series.indices.contains(gap.series.0), series.indices.contains(gap.series.1) else {
      return nil
    }
    let pair = [gap.series.0, gap.series.1].map { index in
      series[index].points.compactMap { plot.point($0.x, $0.y) }
    }
    guard let start = plot.x.position(gap.start) else { return nil }
    let xs = Set(pair.joined().map(\.x) + [start]).sorted().filter { $0 >= start }
    let edges = pair.map { line in
      xs.compactMap { x in Thinning.height(of: line, at: x).map { Point(x, $0) } }
    }
    guard edges[0].count > 1, edges[0].map(\.x) == edges[1].map(\.x) else { return nil }
    return (edges[0], edges[1])
  }

  private func drawEndLabels(
    _ lines: [[[Point]]], in plot: Plot, _ layout: inout FigureLayout,
    _ placement: inout TextPlacement
  ) {
    let width = layout.width
    let ends = zip(series, lines).compactMap { series, line -> (Series, [String], Point)? in
      guard let words = labelLines(series, width: width), let end = line.last?.last else {
        return nil
      }
      return (series, words, end)
    }
    let isOutside = hasMargin(width)
    let most = Double(ends.map(\.1.count).max() ?? 1)
    let heights = LabelSpacing.resolved(
      ends.map { $0.2.y - (isOutside ? 0 : 11) },
      sizes: ends.map { Double($0.1.count) * 15 + (most > 1 ? 2 : 0) },
      lower: plot.box.y - 4 + (most - 1) * 7.5, upper: plot.box.maxY - 6)
    for ((series, words, _), height) in zip(ends, heights) {
      var style = series.labelStyle
      // Clear of a ring at the end of a line.
      let x = isOutside ? plot.box.maxX + 9 : plot.box.maxX
      style.anchor = isOutside ? .start : .end
      style.halo = isOutside ? nil : .background
      let room = isOutside ? width - x : plot.box.width
      let top = height - Double(words.count - 1) * 7.5
      for (index, line) in words.enumerated() {
        let text = TextMetrics.truncated(line, to: room, style: style)
        layout.text(text, x, top + Double(index) * 15 + 4.2, style)
        if let mark = layout.marks.last { placement.avoid(mark.bounds) }
      }
    }
  }

  private func drawAnnotations(
    in plot: Plot, _ layout: inout FigureLayout, _ placement: inout TextPlacement
  ) {
    if let gap, let label = gap.label, let (first, second) = edges(of: gap, in: plot),
      !placement.place(label, between: first, and: second, &layout),
      let widest = zip(first, second).max(by: { abs($0.0.y - $0.1.y) < abs($1.0.y - $1.1.y) })
    {
      placement.place([label], near: Point(widest.0.x, (widest.0.y + widest.1.y) / 2), 0, &layout)
    }
    for annotation in annotations {
      guard let point = plot.point(annotation.point.x, annotation.point.y) else { continue }
      if annotation.isRinged {
        layout.marks.append(
          .circle(
            point, radius: 4.5, fill: .background, stroke: Stroke(.ink, width: 1.75),
            title: annotation.lines.joined(separator: " ")))
        placement.avoid(
          Rectangle(x: point.x - 6, y: point.y - 6, width: 12, height: 12))
      }
      placement.place(annotation.lines, near: point, annotation.isRinged ? 10 : 4, &layout)
    }
  }

  private func readout(_ lines: [[[Point]]], in plot: Plot) -> Readout? {
    let shown = zip(series, lines).filter { $0.0.emphasis != .raw && !$0.1.isEmpty }
    guard !shown.isEmpty else { return nil }
    return Readout(
      plot: plot.box,
      lines: shown.map { series, _ in
        let usable = series.points.compactMap { point in
          plot.point(point.x, point.y).map { ($0, yStyle.value(point.y)) }
        }
        return Readout.Line(name: series.name, points: usable.map(\.0), values: usable.map(\.1))
      })
  }
}
