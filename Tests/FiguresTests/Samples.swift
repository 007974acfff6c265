import Drawing
import Figures

/// Charts of plausible and of degenerate numbers, for tests that hold for all of them.
enum Samples {
  static let widths = [984.0, 564, 472, 358]

  static let digit = Plate.ink(
    FloatPlane(width: 28, height: 28, values: (0..<784).map { Float($0 % 29) / 28 }))

  static func lines(_ count: Int) -> LineChart {
    LineChart(
      (0..<count).map { line in
        LineChart.Series(
          "line \(line)", points: (0...8).map { Point(Double($0), Double($0 + line) / 10) },
          label: "Line \(line) 0.\(line)")
      }, xTitle: "Epoch", yTitle: "Loss")
  }

  static func matrix(_ count: Int, name: String) -> ConfusionMatrix {
    ConfusionMatrix(
      counts: (0..<count).map { row in
        (0..<count).map { $0 == row ? 980 : ($0 * 7 + row * 3) % 11 == 0 ? $0 % 9 : 0 }
      }, classNames: (0..<count).map { _ in name })
  }

  static let longName = String(repeating: "abcde ", count: 10)

  static let charts: [(String, any Chart)] = {
    var loss = lines(3)
    loss.isLogarithmic = true
    loss.gap = .init(between: 0, and: 1, from: 2, label: "the gap between both")
    loss.annotations = [.init(at: Point(7, 0.8), ["lowest loss,", "epoch 7"], isRinged: true)]
    loss.marker = 7
    var trail = LineChart(
      [
        .init(
          "loss", points: (-4...4).map { Point(Double($0), Double($0 * $0)) }, emphasis: .reference)
      ],
      xTitle: "weight", yTitle: "loss")
    trail.trail = [Point(-3, 9), Point(4, 16), Point(-2, 4), Point(1, 1)]
    var table = ImageGrid(
      rows: (0..<2).map { _ in
        .init(
          [.mistake("5", readAs: "3"), ">99.9%"],
          tiles: (0..<7).map { _ in .init(digit, caption: ["a caption that is long"]) })
      }, headers: (0..<7).map { _ in ["Integrated gradients", "from blank page"] })
    table.footer = (label: ["Deletion area"], cells: ["0.27", "0.23"])
    let row = IntervalDots.Row("4", value: 0.99, interval: 0.98...0.995)
    let band = ReliabilityDiagram.Band(
      "99–99.9", claimed: 0.995, delivered: 0.9, interval: 0.8...0.95, count: 3)
    let empty = ReliabilityDiagram.Band(
      "<50", claimed: .nan, delivered: .nan, interval: nil, count: 0)
    var counts = Histogram(
      [.init("<50", counts: [1, 0]), .init(">99.9", counts: [91_234, 3])],
      groups: [.right, .wrong], xTitle: "Confidence", yTitle: "Digits")
    counts.isLogarithmic = true
    var charts: [(String, any Chart)] = []
    func add(_ name: String, _ chart: some Chart) { charts.append((name, chart)) }
    add("lines", lines(2))
    add("12 lines", lines(12))
    add("loss", loss)
    add("trail", trail)
    add("no lines", LineChart([], xTitle: "x", yTitle: "y"))
    add("multiples", SmallMultiples([lines(1), loss, lines(1)]))
    add("no multiples", SmallMultiples([]))
    add(
      "bars",
      BarRows([
        .init(longName, value: 3, interval: 2...4, isHighlighted: true), .init("b", value: .nan),
      ]))
    add(
      "signed bars",
      BarRows([
        .init("right", value: 0.75), .init("wrong", value: -0.5, isHighlighted: true),
        .init("none", value: 0),
      ]))
    add("no bars", BarRows([]))
    add("zero bars", BarRows([.init("a", value: 0)], title: longName))
    add("dots", IntervalDots([.init(longName, rows: [row, row]), .init("b", rows: [row])]))
    add("100 dots", IntervalDots([.init("a", rows: .init(repeating: row, count: 100))]))
    add("no dots", IntervalDots([]))
    add(
      "waterfall",
      Waterfall(
        ["for 4", longName],
        [
          .init(longName, [2, -3]), .init("rest", [.nan, 1]), .init("sum", [2, -2], isTotal: true),
        ]))
    add("no waterfall", Waterfall([], []))
    func plane(_ side: Int) -> FloatPlane {
      FloatPlane(
        width: side, height: side, values: (0..<side * side).map { 123.4 * (Float($0 % 7) - 3) })
    }
    for side in [1, 3, 5, 28] {
      var products = ProductGrid(
        [plane(side)], times: [plane(side)], titles: [longName, "b", "c"])
      add("\(side) products", products)
      products.source = NumberGrid.Source(digit, row: -1, column: 27)
      add("\(side) products of a picture", products)
    }
    add("no products", ProductGrid([], times: [], titles: ["a", "b", "c"]))
    add("counts", counts)
    add("numeric", Histogram(edges: [0, 1, 2], counts: [0, 7], xTitle: "ε", yTitle: "Digits"))
    add("no counts", Histogram([], xTitle: "x", yTitle: "y"))
    add("reliability", ReliabilityDiagram([empty, band]))
    add("diagonal", ReliabilityDiagram([empty, band], spread: .proportional))
    add("no reliability", ReliabilityDiagram([]))
    add("3 classes", matrix(3, name: "a"))
    add("3 long", matrix(3, name: longName))
    add("100 classes", matrix(100, name: "b"))
    add("100 long", matrix(100, name: longName))
    add("2 classes", matrix(2, name: "no"))
    add("no classes", matrix(0, name: ""))
    add(
      "heat",
      HeatMap(
        rows: ["adam", longName], columns: ["0.1", "0.01", "0.001"],
        values: [[0.91, 0.98, 0.97], [nil, .nan, 0.9]], titles: ("optimizer", "learning-rate")))
    add("no heat", HeatMap(rows: [], columns: [], values: [], titles: ("", "")))
    let axes = [
      ParallelCoordinates.Axis("layers", values: ["1", "2", "3"]),
      ParallelCoordinates.Axis("learning-rate", range: 1e-4...0.1, isLogarithmic: true),
      ParallelCoordinates.Axis(longName, values: ["one"]),
    ]
    let crossing = (0..<15).map {
      ParallelCoordinates.Line([Double($0 % 3) / 2, Double($0) / 14, 0.5], words: "line \($0)")
    }
    add("parallel", ParallelCoordinates(axes: axes, lines: crossing))
    add("one axis", ParallelCoordinates(axes: [axes[0]], lines: []))
    add("tiles", ImageGrid((0..<30).map { _ in .init(digit, bars: [.init("3", 0.98)]) }))
    add("table", table)
    add("no tiles", ImageGrid([]))
    add("numbers", NumberGrid([[0, 128, 255], [1, 2, 3]]))
    add("no numbers", NumberGrid([]))
    add("stacked", StackedBar([.init("184,586 parameters", [.init("a", 1), .init("b", 99)])]))
    add("empty bar", StackedBar([.init(longName, [.init("a", 0), .init("b", .nan)])]))
    add(
      "squares",
      SquareRows([
        .init("0", states: .init(repeating: .sure, count: 980) + [.unsure, .wrong]),
        .init(longName, states: []),
      ]))
    add("no squares", SquareRows([]))
    add("panels", Panels([.init("Untrained", subtitle: longName, lines(1)), .init("", loss)]))
    add("no panels", Panels([]))
    let stop = FlowDiagram.Stop(
      caption: [StyledLine(longName, .ink), "b"], pictures: .init(repeating: digit, count: 40),
      scale: 2)
    add(
      "flow",
      FlowDiagram([
        .stop(stop),
        .block(
          [[.stop(stop)], [], [.block([[], [.stop(stop)]], .sum, stop)]], .concatenation, stop),
        .folded(.sum, isBypassed: false, [StyledLine(longName)]), .stop(stop),
      ]))
    add("no flow", FlowDiagram([]))
    add(
      "map",
      ClassMap(
        (0..<90).map {
          .init(Point(Double($0 % 9), Double($0)), label: $0 % 3, isWrong: $0 == 5)
        },
        classNames: ["0", "1", "2"]))
    add("long map", ClassMap([.init(Point(1, 1), label: 0)], classNames: [longName]))
    add(
      "no map",
      ClassMap(
        [.init(Point(.nan, 1), label: 0), .init(Point(1, 1), label: 7)], classNames: ["a"]))
    add("scale", ColorScale(.signed, lower: "against", upper: longName))
    return charts
  }()
}
