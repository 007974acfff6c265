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
    // Powers of ten are for what else would be 0.00 everywhere.
    let isTiny = facts.scores.allSatisfy { abs($0) < 0.1 }
    let scores = facts.scores.placesByMagnitude.prefix(Self.blamedClasses).sorted().map { label in
      BarRows.Row(
        subject.className(label), value: facts.scores[label],
        valueText: isTiny
          ? Format.significant(facts.scores[label], 2) : Format.fixed(facts.scores[label], 2),
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
          + "its cross-entropy in \(Self.scoresWords(facts)), in the units of \(facts.source) that are handed most, and in the "
          + "pixels. Orange: more of it, more loss.",
        method: (example.isRight
          ? "No answer is wrong; this is the least sure. " : "It is the surest of the mistakes. ")
          + Self.handed(facts, subject)
          + " All of it is the chain rule, and nothing of it was applied: nobody trains on test images.",
        alt: "The gradient of one image’s loss with respect to scores, units and pixels"),
      Panels(
        [
          Panels.Panel(
            "On the scores", subtitle: "probability less truth", BarRows(scores)),
          Panels.Panel(
            "On units of \(facts.source)", subtitle: Self.stoppedWords(facts), BarRows(units)),
          Panels.Panel(
            "On the pixels", subtitle: "the image, and its slopes",
            ImageGrid([ImageGrid.Tile(picture)] + map, scale: scale(of: [example], 140))),
        ], minimumWidth: 230, gutter: 32))
  }

  /// Which scores have a bar.
  private static func scoresWords(_ facts: BlameFacts) -> String {
    facts.scores.count > blamedClasses
      ? "the \(blamedClasses) of \(facts.scores.count) scores with most" : "each score"
  }

  /// How many units hand nothing on.
  private static func stoppedWords(_ facts: BlameFacts) -> String {
    guard let stopped = facts.stopped, stopped > 0 else { return "weights times blame" }
    return
      "\(Format.count(stopped)) of \(Format.count(facts.count)) \(stopped == 1 ? "hands" : "hand") nothing on"
  }

  /// How the first unit's blame adds up, and the slope of a weight.
  private static func handed(_ facts: BlameFacts, _ subject: Wording) -> String {
    guard let unit = facts.units.first else { return "No unit hands anything on." }
    func words(_ value: Double) -> String { Format.significant(value, 2) }
    let most = unit.parts.placesByMagnitude
    let others = most.dropFirst(2).reduce(0) { $0 + unit.parts[$1] }
    let parts =
      most.prefix(2).map { "\(words(unit.parts[$0])) by “\(subject.className($0))”" }
      + (most.count > 2 ? ["\(words(others)) by all others"] : [])
    return
      "Unit \(unit.unit) is handed \(Wording.list(parts)), each the weight between the two times the blame on the score: "
      + "\(words(unit.blame)) in all. Its weight to “\(subject.className(most[0]))” has the slope "
      + "\(words(facts.scores[most[0]])) × \(words(Double(unit.activation))), the blame of the score times what the unit says."
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
          + "\(facts.stations[facts.stations.count - 1]) (\(facts.stations.count - 1)), for the trained weights and for random ones as a "
          + "network begins with, also smaller and larger. What shrinks at every layer vanishes in a deep network; what grows explodes.",
        method:
          "The layers, back from the scores: \(Wording.list(Array(facts.stations.dropFirst()))); those within branches are left "
          + "out. The length is the square root of the sum of the squared slopes in all numbers of a layer, over that at the scores. Random "
          + "weights and biases are multiplied by the factor; what normalizations learn is not, and what batch normalizations "
          + "measure is measured on training images.",
        alt: "Length of the gradient over the layers, for several sets of weights"),
      chart, width: Illustration.halfWidth)
  }
}

extension BlameFacts.Start {
  /// The weights, as a line’s label: `random × ¼`.
  fileprivate var words: String {
    switch self {
    case .trained: "trained"
    case .untrained(let factor):
      factor == 1
        ? "random"
        : "random × \(factor == 0.25 ? "¼" : Format.significant(factor, 1))"
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
    func words(_ value: Double) -> String { Format.significant(abs(value), 2) }
    return
      "“\(subject.className(rival))” got \(words(facts.scores[rival])) too much and "
      + "“\(subject.className(label))” \(words(facts.scores[label])) too little: that blame goes back along the weights."
  }

  /// What becomes of the gradient’s length on its way.
  static func gradientDepth(_ facts: BlameFacts) -> String {
    guard let random = facts.arrived(.untrained(factor: 1)),
      let small = facts.arrived(.untrained(factor: 0.25)), let last = facts.stations.last
    else { return "How long the gradient is in each layer." }
    return
      "With random weights the gradient in \(last) is \(Format.significant(random, 2)) times as long as at the scores; with a "
      + "quarter of them, \(Format.significant(small, 2)) times."
  }
}

extension FigureName {
  static let blame = FigureName("blame")
  static let gradientDepth = FigureName("gradient-depth")
}
