import Drawing
import Figures
import Pictures
import TestSupport
import Testing

struct ChartTests {
  @Test func `of many parts of a bar the largest are named, below themselves`() throws {
    let parts = (1...40).map { StackedBar.Segment("layer\($0)", $0 % 8 == 0 ? 4 : 1) }
    let layout = StackedBar([StackedBar.Bar("all", parts)]).layout(width: 900)
    var ticks: [Double] = []
    var names: [(text: String, middle: Double)] = []
    for mark in layout.marks {
      switch mark {
      case .line(let start, _, _): ticks.append(start.x)
      case .text(let text, _, let style) where style.size == 11:
        names.append((text, mark.bounds.x + mark.bounds.width / 2))
      case .text, .area, .frame, .polyline, .polygon, .circle, .image: break
      }
    }
    #expect(ticks.count == names.count && names.count > 5 && names.count < 40)
    for (tick, name) in try paired(ticks, names) { #expect(abs(tick - name.middle) < 1) }
    let texts = layout.marks.compactMap { mark -> String? in
      guard case .text(let text, _, _) = mark else { return nil }
      return text
    }
    for large in ["layer8 ", "layer16 ", "layer24 ", "layer32 "] {
      #expect(texts.contains { $0.hasPrefix(large) })
    }
  }

  @Test func `a table has the first of so many points, or the steps down the curve`() {
    var chart = LineChart(
      [.init("loss", points: (0...10).map { Point(Double($0), Double($0)) })], xTitle: "weight",
      yTitle: "nats")
    chart.tableStep = 5
    #expect(chart.table?.rows.map { $0[0] } == ["0", "5", "10"])
    chart.trail = [Point(8, 4), Point(2, 1)]
    #expect(chart.table?.header == ["step", "weight", "nats"])
    #expect(chart.table?.rows.map { $0[0] } == ["0", "1"])
  }

  @Test(arguments: Samples.widths, Samples.charts.map(\.0))
  func `every mark is inside the figure`(width: Double, name: String) throws {
    let chart = try #require(Samples.charts.first { $0.0 == name }?.1)
    let layout = chart.layout(width: width)
    #expect(layout.height >= 0 && layout.height < 5000)
    for mark in layout.marks {
      let box = mark.bounds
      #expect(
        box.x >= -2 && box.maxX <= width + 2 && box.y >= -2 && box.maxY <= layout.height + 4,
        "\(name) \(mark)")
    }
  }

  @Test(arguments: Samples.charts.map(\.0))
  func `every figure can be drawn in both themes and is deterministic`(name: String) throws {
    let chart = try #require(Samples.charts.first { $0.0 == name }?.1)
    let figure = chart.figure(FigureText(name: "figure", title: "A <finding>"), width: 358)
    #expect(figure == chart.figure(FigureText(name: "figure", title: "A <finding>"), width: 358))
    let svg = try figure.svg()
    let repeated = try figure.svg()
    #expect(svg == repeated)
    #expect(svg.contains("aria-label=\"A &lt;finding&gt;\""))
    #expect(!svg.contains("nan"))
    let light = try figure.png(theme: .light, scale: 1)
    #expect(try PNG.read(light).width == 358 + 32)
    let again = try figure.png(theme: .light, scale: 1)
    let dark = try figure.png(theme: .dark, scale: 1)
    #expect(light == again)
    #expect(light != dark)
  }

  @Test(arguments: Samples.charts.map(\.0))
  func `rows of tables are as long as their headers`(name: String) throws {
    let chart = try #require(Samples.charts.first { $0.0 == name }?.1)
    guard let table = chart.table else { return }
    #expect(table.rows.allSatisfy { $0.count == table.header.count })
  }

  @Test(arguments: Samples.charts.map(\.0), Samples.widths)
  func `no text is smaller than 11 pixels`(name: String, width: Double) throws {
    let chart = try #require(Samples.charts.first { $0.0 == name }?.1)
    for case .text(let text, _, let style) in chart.layout(width: width).marks {
      #expect(style.size >= 11, "\(text)")
    }
  }
}

struct LineChartTests {
  private func labels(_ layout: FigureLayout) -> [(String, Point)] {
    layout.marks.compactMap { mark in
      if case .text(let text, let point, let style) = mark, style.weight == .semibold {
        (text, point)
      } else {
        nil
      }
    }
  }

  @Test(arguments: Samples.widths, [2, 5, 12, 30])
  func `end labels are at least 15 pixels apart`(width: Double, count: Int) {
    let found = labels(Samples.lines(count).layout(width: width))
    #expect(found.count == count)
    let heights = found.map(\.1.y).sorted()
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 - $0 >= 15 - 1e-9 })
  }

  @Test func `end labels are in the order of their lines`() {
    let found = labels(Samples.lines(5).layout(width: 984))
    #expect(found.sorted { $0.1.y > $1.1.y }.map(\.0) == found.map(\.0))
  }

  @Test func `main, reference and raw lines have their weights`() {
    let points = [Point(0, 1), Point(1, 2)]
    let chart = LineChart(
      [
        .init("a", points: points, emphasis: .raw),
        .init("b", points: points, emphasis: .reference),
        .init("c", points: points),
      ], xTitle: "", yTitle: "")
    let widths = chart.layout(width: 564).marks.compactMap { mark -> Double? in
      if case .polyline(_, let stroke, _) = mark { stroke.width } else { nil }
    }
    #expect(widths == [0.7, 1.75, 2.25])
  }

  @Test func `points that are not numbers interrupt a line`() {
    let chart = LineChart(
      [
        .init(
          "a",
          points: [1, 2, .nan, 4, .infinity, 6, 7].enumerated().map { Point(Double($0), $1) })
      ], xTitle: "", yTitle: "")
    let marks = chart.layout(width: 564).marks
    let lines = marks.count { if case .polyline = $0 { true } else { false } }
    let dots = marks.count { if case .circle = $0 { true } else { false } }
    #expect(lines == 2)
    #expect(dots == 1)
  }

  @Test(
    arguments: [
      [], [Point(1, 1)], [Point(1, 1), Point(1, 1)], [Point(0, 5), Point(1, 5)],
      [Point(.nan, 1)], [Point(0, .infinity), Point(1, -.infinity)],
      [Point(0, 1e300), Point(1, -1e300)], [Point(0, 0), Point(1, -1)],
    ] as [[Point]], [true, false])
  func `degenerate lines are laid out inside the figure`(points: [Point], isLogarithmic: Bool) {
    var chart = LineChart(
      [.init("a", points: points, label: "a"), .init("b", points: points, label: "b")],
      xTitle: "x", yTitle: "y")
    chart.isLogarithmic = isLogarithmic
    chart.gap = .init(between: 0, and: 1, from: 0, label: "gap")
    chart.marker = .nan
    chart.annotations = [.init(at: Point(.nan, 1), ["nowhere"], isRinged: true)]
    let layout = chart.layout(width: 358)
    #expect(layout.marks.allSatisfy { $0.bounds.x.isFinite && $0.bounds.y.isFinite })
    #expect(layout.marks.allSatisfy { $0.bounds.maxX <= 360 && $0.bounds.maxY <= layout.height })
    let texts = layout.marks.compactMap { if case .text(let text, _, _) = $0 { text } else { nil } }
    let canShow = points.contains { point in
      point.x.isFinite && point.y.isFinite && (!isLogarithmic || point.y > 0)
    }
    #expect(texts.contains("no data") == !canShow)
  }

  @Test func `the gap is shaded between both lines from its start on`() throws {
    var chart = LineChart(
      [
        .init("a", points: [Point(0, 0), Point(4, 4)]),
        .init("b", points: [Point(0, 0), Point(2, 1), Point(4, 0)]),
      ], xTitle: "", yTitle: "")
    chart.gap = .init(between: 0, and: 1, from: 1)
    let marks = chart.layout(width: 984).marks
    let polygon = marks.compactMap { mark -> [Point]? in
      if case .polygon(let points, .highlight, _) = mark { points } else { nil }
    }
    // Corners at x = 1 (the start), 2 (a point of b) and 4, on each line.
    let points = try #require(polygon.first)
    #expect(points.count == 6)
    #expect(points[0].x == points[5].x && points[2].x == points[3].x)
    #expect(points[0].y > points[2].y)
  }

  @Test func `many points are thinned but keep their extremes`() throws {
    var points = (0..<50_000).map { Point(Double($0), Double($0 % 100) / 100) }
    points[31_415].y = 9
    let chart = LineChart([.init("a", points: points)], xTitle: "", yTitle: "")
    let layout = chart.layout(width: 564)
    let line = layout.marks.compactMap { mark -> [Point]? in
      if case .polyline(let points, _, _) = mark { points } else { nil }
    }
    let drawn = try #require(line.first)
    #expect(drawn.count < 1200)
    let top = try #require(drawn.map(\.y).min())
    #expect(drawn.filter { $0.y < top + 50 }.count == 1)
  }

  @Test func `the readout has a value for every point`() throws {
    let readout = try #require(Samples.lines(2).layout(width: 984).readout)
    #expect(readout.lines.map(\.name) == ["line 0", "line 1"])
    #expect(readout.lines[1].values == (1...9).map { Format.significant(Double($0) / 10, 3) })
    #expect(readout.lines.allSatisfy { $0.points.count == 9 && $0.values.count == 9 })
  }

  @Test func `small multiples share the left edge of their plots`() {
    let layout = SmallMultiples([Samples.lines(1), Samples.lines(2), Samples.lines(1)])
      .layout(width: 984)
    let axes = layout.marks.compactMap { mark -> Double? in
      if case .line(let start, let end, let stroke) = mark, stroke.ink == .rule2,
        start.y == end.y
      {
        start.x
      } else {
        nil
      }
    }
    #expect(axes.count == 3)
    #expect(axes[1] - axes[0] == axes[2] - axes[1])
  }
}

@Suite struct CountedAxisTests {
  @Test func `counted things have no tick between two`() {
    let series = LineChart.Series("loss", points: (1...3).map { Point(Double($0), 1 / Double($0)) })
    func labels(_ style: NumberStyle) -> Set<String> {
      var chart = LineChart([series], xTitle: "epoch", yTitle: "loss")
      chart.xStyle = style
      let figure = chart.figure(FigureText(name: "loss", title: "Loss"), width: 984)
      return Set(
        figure.marks.compactMap { if case .text(let text, _, _) = $0 { text } else { nil } })
    }
    #expect(labels(.plain).contains("1.2"))
    #expect(labels(.whole).isSuperset(of: ["1", "2", "3"]) && !labels(.whole).contains("1.2"))
  }
}
