import Drawing
import Figures
import Study

extension ReportFigures {
  /// One weight's valley, and three learning rates in it.
  func descent(_ facts: DescentFacts) -> Illustration {
    let highest = facts.curve.reduce(facts.lowest.loss) { max($0, $1.loss) }
    let panels = facts.runs.map { run in
      var chart = LineChart(
        [
          LineChart.Series(
            "loss", points: facts.curve.map { Point($0.weight, $0.loss) }, emphasis: .reference)
        ], xTitle: "weight", yTitle: "loss, nats")
      chart.trail = run.places.map { Point($0.weight, $0.loss) }
      chart.yBounds = 0...1.05 * highest
      chart.height = 230
      return Panels.Panel(
        "Rate \(run.rate)", subtitle: Findings.outcome(of: run, facts), chart)
    }
    return Illustration(
      text(
        .descent, Findings.descent(facts),
        "Grey: the mean loss of \(Wording.counted(facts.images, "training image")) while one weight moves, that of unit "
          + "\(facts.unit) of \(facts.source) for “\(subject.className(facts.label))”, and all others stay. Training left it at "
          + "\(Format.fixed(facts.trained.weight, 2)). From the ring on, each step goes against the slope there, times the rate.",
        method:
          "At the start the slope is \(Format.significant(facts.slope, 2)): so many nats for a change of 1, by the gradient. A "
          + "step adds −rate × slope to the weight. The rates are "
          + "\(Wording.list(facts.runs.map { Format.significant($0.multiple, 2) })) times the one whose first step ends where "
          + "the loss is lowest, \(Format.significant(facts.lowest.loss, 2)) nats. The weight is the one that adds most to the true "
          + "class’s score in the mean; in training all weights move at once, and each batch has a valley of its own.",
        alt: "The loss over one weight, a valley, with the steps of three learning rates"),
      Panels(panels, minimumWidth: 250, gutter: 28))
  }
}

extension DescentFacts.Run {
  /// The learning rate in a sentence: `0.046`.
  var rate: String { Format.significant(learningRate, 2) }
}

extension Findings {
  /// What the slope says and what the rate does.
  static func descent(_ facts: DescentFacts) -> String {
    guard let slow = facts.runs.first, case .approached(let share) = facts.outcome(of: slow) else {
      return "The slope says which way, the learning rate how far."
    }
    let first =
      "\(Wording.counted(slow.places.count - 1, "step")) at a rate of \(slow.rate) take the weight "
      + "\(Format.percent(share, decimals: 0)) of the way"
    guard let fast = facts.runs.last, facts.outcome(of: fast) == .leaped else { return "\(first)." }
    return "\(first); at \(fast.rate) it leaps from side to side."
  }

  /// What became of some steps, in a few words.
  static func outcome(of run: DescentFacts.Run, _ facts: DescentFacts) -> String {
    let losses = [run.places.first, run.places.last].compactMap {
      $0.map { Format.significant($0.loss, 2) }
    }
    let way =
      switch facts.outcome(of: run) {
      case .approached(let share): "\(Format.percent(share, decimals: 0)) of the way"
      case .passed: "past the lowest place"
      case .leaped: "from side to side"
      }
    return "\(way), loss \(losses.joined(separator: " → "))"
  }
}

extension FigureName {
  static let descent = FigureName("descent")
}
