import Drawing
import Figures
import Foundation

/// Turns illustrations into what the templates show.
struct FigureViews {
  /// The pictures met on the way.
  var pictures: PictureStore

  /// A drawing of so many bytes, such as a map of a thousand marks, is written twice at most, unless it asks for more.
  private static let largeDrawing = 30_000

  /// The view of a figure; the number is empty for none.
  mutating func view(_ illustration: Illustration, number: String) throws -> FigureView {
    let text = illustration.text
    let isGuessed = illustration.guess != nil
    var wide = try body(
      illustration.chart, text, width: illustration.width, as: "wide",
      isGuessed: isGuessed)
    var others: [BodyView] = []
    if illustration.isPictures, illustration.narrowChart == nil {
      wide.width = ""
    } else {
      var narrow = try body(
        illustration.narrowChart ?? illustration.chart, text, width: Illustration.narrowWidth,
        as: "narrow", isGuessed: isGuessed)
      if illustration.width <= Illustration.mediumWidth {
        wide.width = "wide fitting"
      } else if !illustration.isPictures,
        illustration.isForTablets || wide.drawing.utf8.count < Self.largeDrawing
      {
        others.append(
          try body(
            illustration.chart, text, width: Illustration.mediumWidth, as: "medium",
            isGuessed: isGuessed))
      } else {
        narrow.width = "narrow fitting"
      }
      others.append(narrow)
    }
    let table = (illustration.table ?? illustration.chart.table).map {
      TableView(header: $0.header, rows: $0.rows.map { TableRowView(cells: $0) })
    }
    var more: [MoreView] = []
    if let further = illustration.more {
      var tiles = TileViews(pictures: pictures, text: text, suffix: "-more")
      more = [MoreView(title: further.title, rows: try tiles.views(further.grid).rows)]
      pictures = tiles.pictures
    }
    return FigureView(
      id: "fig-\(text.name)", side: "page", number: number, hasNumber: !number.isEmpty,
      isStepped: illustration.isStepped, title: text.title,
      guesses: illustration.guess.map { [GuessView($0)] } ?? [],
      caption: text.caption, method: text.method, hasMethod: !text.method.isEmpty,
      bodies: [wide], others: others, hasOthers: !others.isEmpty, galleries: [],
      hasGalleries: false,
      listsGalleries: false, more: more,
      tables: table.map { [$0] } ?? [],
      behind: text.method.isEmpty
        ? "Numbers as a table"
        : "How it was made" + (table == nil ? "" : ", and the numbers as a table"),
      hasBehind: table != nil || !text.method.isEmpty)
  }

  private mutating func body(
    _ chart: any Chart, _ text: FigureText, width: Double, as name: String, isGuessed: Bool
  ) throws -> BodyView {
    var body = BodyView(
      width: name, hasDrawing: false, drawing: "", readout: "", hasReadout: false, links: [],
      tables: [], rows: [], keys: [])
    if let grid = chart as? ImageGrid {
      var tiles = TileViews(
        pictures: pictures, text: text, suffix: name == "narrow" ? "-narrow" : "")
      (body.tables, body.rows) = try tiles.views(grid)
      pictures = tiles.pictures
      body.keys = [grid.key].compactMap { $0 }.map {
        KeyView(map: $0.map == .signed ? "signed" : "activation", lower: $0.lower, upper: $0.upper)
      }
      return body
    }
    let figure = chart.figure(text, width: width)
    body.hasDrawing = true
    body.drawing = try figure.svg()
    body.links = figure.links.map { Self.view($0, of: figure) }
    if let readout = figure.readout {
      let axes = isGuessed ? (chart as? LineChart).flatMap { Self.axes($0, readout) } : nil
      body.hasReadout = true
      body.readout = Self.json(readout, axes: axes)
    }
    return body
  }

  private static func view(_ link: Link, of figure: Figure) -> LinkView {
    func share(_ part: Double, _ whole: Double) -> String {
      Format.fixed(100 * part / whole, 3) + "%"
    }
    let box = link.box
    return LinkView(
      href: "#\(link.target)", label: link.words,
      place: "left:\(share(box.x, figure.width));top:\(share(box.y, figure.height));"
        + "width:\(share(box.width, figure.width));height:\(share(box.height, figure.height))")
  }

  /// A reading aid as JSON; lines with very many points keep every n-th.
  private static func json(_ readout: Readout, axes: ReadoutView.Axes?) -> String {
    let plot = readout.plot
    let lines = readout.lines.map { line in
      let step = max(1, line.points.count / 100)
      let kept = stride(from: 0, to: line.points.count, by: step)
      return ReadoutView.Line(
        name: line.name, x: kept.map { rounded(line.points[$0].x) },
        values: kept.map { line.values[$0] }.joined(separator: "|"))
    }
    let view = ReadoutView(
      plot: [plot.x, plot.y, plot.width, plot.height].map(rounded), lines: lines, axes: axes)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(view)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Where numbers stand in a chart, from the points of its last line; `nil` if these do not say.
  private static func axes(_ chart: LineChart, _ readout: Readout) -> ReadoutView.Axes? {
    guard let series = chart.series.last, let line = readout.lines.last,
      series.points.count == line.points.count, !chart.isLogarithmicInX
    else { return nil }
    func height(_ value: Double) -> Double { chart.isLogarithmic ? log(value) : value }
    let pairs = Array(zip(series.points, line.points))
    guard let first = pairs.first, let last = pairs.last, first.0.x < last.0.x,
      let low = pairs.min(by: { $0.0.y < $1.0.y }), let high = pairs.max(by: { $0.0.y < $1.0.y }),
      low.0.y < high.0.y, height(low.0.y).isFinite
    else { return nil }
    let across = (last.1.x - first.1.x) / (last.0.x - first.0.x)
    let up = (high.1.y - low.1.y) / (height(high.0.y) - height(low.0.y))
    return ReadoutView.Axes(
      x: [first.1.x - across * first.0.x, across],
      y: [low.1.y - up * height(low.0.y), up], isLogarithmic: chart.isLogarithmic)
  }

  private static func rounded(_ value: Double) -> Double {
    value.isFinite ? (value * 10).rounded() / 10 : 0
  }
}

/// A reading aid as the script reads it.
private struct ReadoutView: Encodable {
  struct Line: Encodable {
    var name: String
    var x: [Double]
    /// The words of all points, with a bar between them: in an attribute every quote takes six letters.
    var values: String
  }

  /// A number's place is the first of two and so many times the second, of its logarithm if the axis is that.
  struct Axes: Encodable {
    var x: [Double]
    var y: [Double]
    var isLogarithmic: Bool
  }

  var plot: [Double]
  var lines: [Line]
  /// For what a reader guessed; none where nothing is guessed.
  var axes: Axes?
}
