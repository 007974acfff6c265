import Attribution
import Drawing
import Evaluation
import Figures
import Networks
package import Study

extension ReportFigures {
  /// How much is read correctly if reading stops early.
  package func earlyAnswers(_ facts: RecurrenceFacts) -> Illustration {
    let series = LineChart.Series(
      "read correctly",
      points: facts.accuracy.enumerated().map { Point(Double($0 + 1), $1) },
      label: facts.accuracy.last.map { Format.percent($0, decimals: 1) },
      intervals: facts.intervals.map { $0.low...$0.high })
    var chart = LineChart([series], xTitle: "rows read", yTitle: "share read correctly")
    (chart.xStyle, chart.yStyle, chart.yBounds) = (.whole, .percent, 0...1)
    return Illustration(
      text(
        .earlyAnswers, Findings.earlyAnswers(facts),
        "Reading is stopped behind each row and the state at that moment gives the answer, as it would behind the last. "
          + "The band is the 95% interval.",
        method:
          "\(Wording.capitalized(drawn(facts.count))). The network was trained on whole \(subject.nouns) only."
      ),
      chart)
  }

  /// Images, and beside each of their rows what the answer is once it has been read.
  package func formingAnswers(_ facts: RecurrenceFacts) -> Illustration {
    let tiles = facts.examples.map { example -> [ImageGrid.Tile] in
      let picture = example.example.pixels.picture
      let classes = ExampleFacts.ranking(example.example.probabilities).prefix(Self.drawnClasses)
        .sorted()
      let plate = Plate(
        [Self.columns(of: example, classes, width: picture.width)], map: .activation,
        policy: .fixed(1))
      let names = Wording.list(classes.map(subject.className))
      return [
        ImageGrid.Tile(picture, caption: [reading(example.example)]),
        ImageGrid.Tile(
          plate.pictures[0],
          caption: [StyledLine("settled behind row \(example.settled)", .ink3)],
          words: "Columns: \(names)"),
      ]
    }
    // Right answers stand at the left and wrong ones beside them.
    let (right, wrong) = (
      zip(tiles, facts.examples).filter(\.1.example.isRight).map(\.0),
      zip(tiles, facts.examples).filter { !$0.1.example.isRight }.map(\.0)
    )
    var grid = ImageGrid(
      rows: (0..<max(right.count, wrong.count)).map { place in
        ImageGrid.Row(
          tiles: [right, wrong].flatMap { $0.indices.contains(place) ? $0[place] : [] })
      }, scale: scale(of: facts.examples.map(\.example), 140), gutter: 18)
    grid.key = ColorScale(.activation, lower: "0%", upper: "100% sure")
    let order =
      subject.classes.count <= Self.drawnClasses
      ? ", from \(subject.className(0)) to \(subject.className(subject.classes.count - 1))"
      : ", the likeliest in the end"
    return Illustration(
      text(
        .formingAnswers, Findings.formingAnswers(facts),
        "Beside each row of an image stands how probable each class is once that row has been read: one column a class\(order). "
          + "\(Wording.capitalized(Wording.counted(facts.examples.count(where: \.example.isRight), "right answer"))) and "
          + "\(Wording.counted(facts.examples.count { !$0.example.isRight }, "wrong one")), the surest of their kind.",
        alt: "\(facts.examples.count) images and the probabilities of their classes row by row"),
      grid)
  }

  /// Classes that have a column.
  private static let drawnClasses = 10

  /// Probabilities of some classes, a line for each row, each class as wide as there is room.
  private static func columns(
    of example: RecurrenceFacts.Example, _ classes: [Int], width: Int
  ) -> FloatPlane {
    let all = example.example.probabilities.count
    let rows = example.answers.values.count / max(1, all)
    let count = max(1, classes.count)
    let each = (width + count - 1) / count
    let full = each * count
    let values = (0..<rows).flatMap { row in
      (0..<full).map { x -> Float in
        let column = x / each
        return classes.indices.contains(column)
          ? example.answers.values[row * all + classes[column]] : 0
      }
    }
    return FloatPlane(width: full, height: rows, values: values)
  }

  /// The state, the memory and the gates while an image is read.
  package func insideCell(_ facts: RecurrenceFacts) -> Illustration {
    let input = facts.examples.first?.example
    let shown = facts.inside.first?.values.shape.last ?? 0
    let rows = facts.inside.map { inside in
      let plane = FloatPlane(
        width: shown, height: facts.rows,
        values: (0..<facts.rows).flatMap { row in
          inside.values.values[row * shown..<(row + 1) * shown]
        })
      let isSigned = inside.values.hasNegative
      let plate = Plate(
        [plane], map: isSigned ? .signed : .activation,
        policy: isSigned ? .maximum : .fixed(1))
      return ImageGrid.Row(
        [
          StyledLine(Wording.capitalized(inside.part.rawValue), .ink, weight: .semibold),
          StyledLine(
            isSigned ? "± \(Format.significant(plate.bounds[0], 2))" : "0 shut, 1 open", .ink3),
        ], tiles: [ImageGrid.Tile(plate.pictures[0])])
    }
    let units = shown < facts.units ? "the first \(shown)" : "all \(shown)"
    var grid = ImageGrid(rows: rows, scale: max(1, 640 / max(1, shown)), gutter: 10)
    grid.key = ColorScale(.signed, lower: "below 0", upper: "above 0")
    return Illustration(
      text(
        .insideCell, Findings.insideCell(facts),
        "What \(units) units hold while test image #\(input?.index ?? 0) is read, "
          + "\(subject.anExample(input?.label ?? 0)): one column a unit, one line a row of the image, the top first. "
          + "A column of one color is something remembered; of gates, dark is open.",
        alt: "States and gates of \(facts.layer), row by row"),
      grid)
  }

  /// What a blanked row costs, and how long its lack is felt.
  package func hiddenRows(_ facts: RecurrenceFacts) -> Illustration {
    let series = LineChart.Series(
      "probability lost",
      points: facts.hidden.enumerated().map { Point(Double($0 + 1), $1.mean) },
      intervals: facts.hidden.map { $0.low...$0.high })
    var chart = LineChart([series], xTitle: "row blanked", yTitle: "probability lost")
    (chart.xStyle, chart.yStyle, chart.height) = (.whole, .percent, 240)
    let credit = LineChart.Series(
      "credited",
      points: facts.credited.enumerated().map { Point(Double($0 + 1), $1.mean) },
      intervals: facts.credited.map { $0.low...$0.high })
    var credits = LineChart([credit], xTitle: "row", yTitle: "share in the logit")
    (credits.xStyle, credits.height) = (.whole, 240)
    let plate = Plate(
      [FloatPlane(width: facts.rows, height: facts.rows, values: facts.forgetting.values)],
      map: .activation, policy: .maximum)
    var grid = ImageGrid(
      [ImageGrid.Tile(plate.pictures[0])], scale: max(1, 224 / max(1, facts.rows)))
    grid.key = ColorScale(
      .activation, lower: "0", upper: Format.significant(plate.bounds[0], 2))
    return Illustration(
      text(
        .hiddenRows, Findings.hiddenRows(facts),
        "First: how much the true class’s probability falls in the mean if one row is blank, with its 95% interval. "
          + "Second: what integrated gradients credit each row with. "
          + "Third: how far the state is then from what it would be, in parts of its length: a line a blanked row, "
          + "a column a moment of reading.",
        method:
          "\(Wording.capitalized(drawn(facts.probed))). Integrated gradients of the true class’s logit from a blank "
          + "\(subject.noun), summed over each row. By the order of the rows the two agree at "
          + "\(Format.fixed(facts.agreement, 2)) (Spearman; 1 for the same order, 0 for none)."),
      Panels([
        Panels.Panel("What a row is worth", chart),
        Panels.Panel("What it is credited with", credits),
        Panels.Panel("How long its lack is felt", grid),
      ]))
  }

  /// The loss's gradient with respect to each row, of this network and of random ones.
  package func slopesThroughTime(_ facts: RecurrenceFacts) -> Illustration {
    let series = facts.slopes.map { slopes in
      let name = "\(slopes.cell.rawValue), \(slopes.isTrained ? "trained" : "untrained")"
      let last = slopes.rows.last ?? 1
      return LineChart.Series(
        name,
        points: slopes.rows.reversed().enumerated().map {
          Point(Double($0), last > 0 ? $1 / last : 0)
        },
        emphasis: slopes.isTrained ? .main : slopes.cell == .rnn ? .baseline : .reference,
        label: name)
    }
    var chart = LineChart(
      series.filter { $0.emphasis != .main } + series.filter { $0.emphasis == .main },
      xTitle: "steps back from the last row", yTitle: "gradient, last row = 1")
    (chart.xStyle, chart.isLogarithmic) = (.whole, true)
    return Illustration(
      text(
        .slopesThroughTime, Findings.slopes(facts),
        "The mean length of the loss’s gradient with respect to each row, in parts of that for the last row. The gradient of "
          + "the first row has gone back through all \(facts.rows) steps. Untrained networks have the same layers with another "
          + "cell and random weights.",
        method: "\(Wording.capitalized(drawn(facts.probed)))."),
      chart)
  }
}

extension FigureName {
  static let earlyAnswers = FigureName("early-answers")
  static let formingAnswers = FigureName("forming-answers")
  static let insideCell = FigureName("inside-cell")
  static let hiddenRows = FigureName("hidden-rows")
  static let slopesThroughTime = FigureName("slopes-through-time")
}
