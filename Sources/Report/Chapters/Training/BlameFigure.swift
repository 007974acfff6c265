import Drawing
import Figures
import Study

extension ReportFigures {
  /// Classes that have a bar.
  private static let blamedClasses = 10

  /// The gradient on its way back: through one image's last layer, and its length in all layers.
  func blame(_ facts: BlameFacts) -> [Illustration] {
    [blamed(facts)] + (facts.depths.isEmpty || facts.stations.count < 2 ? [] : [depth(facts)])
  }

  private func blamed(_ facts: BlameFacts) -> Illustration {
    let example = facts.example
    let most = facts.scores.indices.sorted {
      (abs(facts.scores[$1]), $0) < (abs(facts.scores[$0]), $1)
    }
    let scores = most.prefix(Self.blamedClasses).sorted().map { label in
      BarRows.Row(
        subject.className(label), value: facts.scores[label],
        valueText: Format.fixed(facts.scores[label], 2),
        isHighlighted: [example.label, example.predicted].contains(label))
    }
    let units = facts.units.map { unit in
      BarRows.Row(
        "unit \(unit.unit)", value: unit.blame, valueText: Format.significant(unit.blame, 2),
        isHighlighted: unit.unit == facts.units.first?.unit)
    }
    let picture = example.pixels.picture
    let map = Plate([facts.pixels.sum], map: .signed, policy: .attribution).pictures.map {
      ImageGrid.Tile($0, overlay: picture.ghost, words: "Gradient of the loss over its pixels")
    }
    return Illustration(
      text(
        .blame, Findings.blame(facts, subject: subject),
        "Test image #\(example.index), \(subject.anExample(example.label))"
          + "\(example.isRight ? "" : " read as \(subject.className(example.predicted))"), as if it were trained on: the slope of "
          + "its loss in each score, in the units of \(facts.source) that hand most back, and in the pixels. Orange: more of it, more "
          + "loss. A weight’s slope is the blame of what it leads to, times what it reads.",
        method: Self.handed(facts, subject)
          + "\(facts.stopped > 0 ? " What a function flat at its number has silenced hands nothing on." : "") All of it is the chain "
          + "rule, and nothing of it was applied: nobody trains on test images.",
        alt: "The gradient of one image’s loss with respect to scores, units and pixels"),
      Panels(
        [
          Panels.Panel(
            "On the scores", subtitle: "probability less truth", BarRows(scores)),
          Panels.Panel(
            "On units of \(facts.source)",
            subtitle:
              "\(Format.count(facts.stopped)) of \(Format.count(facts.count)) hand nothing on",
            BarRows(units)),
          Panels.Panel(
            "On the pixels", subtitle: "the image, and its slopes",
            ImageGrid([ImageGrid.Tile(picture)] + map, scale: scale(of: [example], 140))),
        ], minimumWidth: 230, gutter: 32))
  }

  /// How the first unit's blame adds up.
  private static func handed(_ facts: BlameFacts, _ subject: Wording) -> String {
    guard let unit = facts.units.first else { return "No unit hands anything on." }
    let most = unit.parts.indices.sorted {
      (abs(unit.parts[$1]), $0) < (abs(unit.parts[$0]), $1)
    }
    let others = most.dropFirst(2).reduce(0) { $0 + unit.parts[$1] }
    let parts = most.prefix(2).map {
      "\(Format.fixed(unit.parts[$0], 3)) by “\(subject.className($0))”"
    }
    return
      "Unit \(unit.unit) is handed \(Wording.list(parts + ["\(Format.fixed(others, 3)) by all others"])), each the weight "
      + "between the two times the blame on the score: \(Format.fixed(unit.blame, 3)) in all."
  }

  private func depth(_ facts: BlameFacts) -> Illustration {
    let series = facts.depths.map { depth in
      LineChart.Series(
        depth.start.words,
        points: depth.lengths.enumerated().map { Point(Double($0), $1) },
        emphasis: depth.start == .untrained(factor: 1) ? .main : .reference,
        label: depth.start.words)
    }
    var chart = LineChart(
      series.filter { $0.emphasis != .main } + series.filter { $0.emphasis == .main },
      xTitle: "layers back from the scores", yTitle: "length of the gradient, 1 at the scores")
    (chart.xStyle, chart.isLogarithmic, chart.height) = (.whole, true, 240)
    return Illustration(
      text(
        .gradientDepth, Findings.gradientDepth(facts),
        "Mean length of the loss’s gradient over \(Wording.counted(facts.images, "test image")), from the scores (0) back to "
          + "\(facts.stations[facts.stations.count - 1]) (\(facts.stations.count - 1)): with the weights that it began with, the same "
          + "times ¼ and times 4, and the trained ones. What shrinks at every layer vanishes in a deep network; what grows explodes.",
        method:
          "The layers, back from the scores: \(Wording.list(facts.stations.dropFirst().map { $0 })). The length is the square root of the "
          + "sum of the squared slopes in all numbers that a layer hands on, over that at the scores. Where batches are normalized, "
          + "they are measured on training images.",
        alt: "Length of the gradient over the layers, for four sets of weights"),
      chart, width: Illustration.halfWidth)
  }
}

extension BlameFacts.Start {
  /// The weights, as a line’s label: `weights × ¼`.
  fileprivate var words: String {
    switch self {
    case .trained: "trained"
    case .untrained(let factor):
      factor == 1
        ? "as it began"
        : "first weights × \(factor == 0.25 ? "¼" : Format.significant(factor, 1))"
    }
  }
}

extension Findings {
  /// Which scores are to blame.
  static func blame(_ facts: BlameFacts, subject: Wording) -> String {
    let label = facts.example.label
    let others = facts.scores.indices.filter { $0 != label }
    guard let rival = others.max(by: { facts.scores[$0] < facts.scores[$1] }) else {
      return "Blame goes back along the weights."
    }
    return
      "\(subject.className(rival)) has \(Format.fixed(facts.scores[rival], 2)) too much, \(subject.className(label)) "
      + "\(Format.fixed(-facts.scores[label], 2)) too little: that blame goes back along the weights."
  }

  /// What becomes of the gradient’s length on its way.
  static func gradientDepth(_ facts: BlameFacts) -> String {
    guard let began = facts.arrived(.untrained(factor: 1)),
      let small = facts.arrived(.untrained(factor: 0.25)), let last = facts.stations.last
    else { return "How long the gradient is in each layer." }
    return
      "By \(last) the first gradients are \(Format.significant(began, 2)) times as long as at the scores; with weights a "
      + "quarter as large, \(Format.significant(small, 2)) times."
  }
}

extension FigureName {
  static let blame = FigureName("blame")
  static let gradientDepth = FigureName("gradient-depth")
}
