import Drawing
import Figures
public import Networks
public import Study

extension ReportFigures {
  /// The loss of training and validation images, epoch by epoch; without `data` it is not told whether that is worse than guessing.
  public func loss(_ history: [EpochRecord], data: DataFacts?) -> Illustration {
    let steps = Self.stepsPerEpoch(history)
    var raw: [Point] = []
    for sample in history.flatMap(\.losses) {
      raw.append(Point(Double(sample.step) / steps, sample.loss))
    }
    var series = [LineChart.Series("Batches", points: raw, emphasis: .raw)]
    series += Self.trainingSeries(
      history, evaluated: \.evaluatedTrainLoss, half: \.evaluatedTrainLoss, running: \.trainLoss
    ) { Format.significant($0, 2) }
    let training = series.count - 1
    let validation = Self.points(history, \.validationLoss, half: \.validationLoss)
    if !validation.isEmpty {
      series.append(
        LineChart.Series(
          "Validation", points: validation,
          label: validation.last.map { "Validation \(Format.significant($0.y, 2))" }))
    }
    var chart = Self.epochChart(series, yTitle: "loss, nats")
    chart.isLogarithmic = true
    let start = Self.gapStart(history) { Findings.trainLoss($0) < ($0.validationLoss ?? 0) }
    if let start, !validation.isEmpty {
      chart.gap = LineChart.Gap(between: training, and: series.count - 1, from: start)
    }
    let gap =
      start == nil
      ? "" : " The shaded gap is what it knows about the training images that does not carry over."
    if let best = Findings.bestEpoch(history), let loss = best.validationLoss, history.count > 1 {
      chart.marker = Double(best.epoch)
      chart.annotations = [
        LineChart.Annotation(
          at: Point(Double(best.epoch), loss),
          [
            validation.contains { $0.y < loss }
              ? "lowest after a whole epoch" : "lowest, epoch \(best.epoch)"
          ], isRinged: true)
      ]
    }
    return Illustration(
      text(
        "loss",
        Findings.loss(
          history,
          guessing: data.map { TrainingOutcome.guessing($0.classCounts) }),
        "Hairline: the batches as they came. \(Self.trainingWords(history)) Heavy line: validation images"
          + "\(Self.whenWords(history)).\(gap) One run with one seed."
      ), chart)
  }

  /// What was measured after each epoch, and in its middle where that is known.
  private static func points(
    _ history: [EpochRecord], _ end: (EpochRecord) -> Double?,
    half: (EpochRecord.HalfEpoch) -> Double?
  ) -> [Point] {
    history.flatMap { record in
      [
        record.halfEpoch.flatMap(half).map { Point(Double(record.epoch) - 0.5, $0) },
        end(record).map { Point(Double(record.epoch), $0) },
      ].compactMap { $0 }
    }
  }

  /// When the network was measured.
  private static func whenWords(_ history: [EpochRecord]) -> String {
    history.contains { $0.halfEpoch != nil } ? " after every half epoch" : " after the epoch"
  }

  /// What the lines of training images are.
  private static func trainingWords(_ history: [EpochRecord]) -> String {
    Findings.isEvaluated(history)
      ? "Light line: training images\(whenWords(history)), all units on. Broken line: the mean over the epoch while it was "
        + "learning, with whatever dropout was on."
      : "Light line: mean over the epoch's training images while it was learning, with whatever dropout was on."
  }

  /// The lines of training images, that of the answers after each epoch last: it is what validation is compared with.
  private static func trainingSeries(
    _ history: [EpochRecord], evaluated: (EpochRecord) -> Double?,
    half: (EpochRecord.HalfEpoch) -> Double?, running: (EpochRecord) -> Double,
    _ format: (Double) -> String
  ) -> [LineChart.Series] {
    let mean = history.map { Point(Double($0.epoch), running($0)) }
    let after = points(history, evaluated, half: half)
    func line(_ points: [Point]) -> LineChart.Series {
      LineChart.Series(
        "Training", points: points, emphasis: .reference,
        label: points.last.map { "Training \(format($0.y))" })
    }
    guard history.allSatisfy({ evaluated($0) != nil }) else { return [line(mean)] }
    return [
      LineChart.Series("While learning", points: mean, emphasis: .baseline), line(after),
    ]
  }

  /// The first epoch from which on training images always did better; nil without two such.
  private static func gapStart(
    _ history: [EpochRecord], where isBetter: (EpochRecord) -> Bool
  ) -> Double? {
    let tail = history.reversed().prefix(while: isBetter).reversed()
    return tail.count > 1 ? tail.first.map { Double($0.epoch) } : nil
  }

  private static func stepsPerEpoch(_ history: [EpochRecord]) -> Double {
    guard let last = history.last, let step = last.losses.last?.step, last.epoch > 0 else {
      return 1
    }
    return max(1, Double(step) / Double(last.epoch))
  }

  /// The accuracy of training and validation images, epoch by epoch.
  public func accuracy(_ history: [EpochRecord]) -> Illustration {
    var series = Self.trainingSeries(
      history, evaluated: \.evaluatedTrainAccuracy, half: \.evaluatedTrainAccuracy,
      running: \.trainAccuracy
    ) { Format.percent($0) }
    let training = series.count - 1
    let validation = Self.points(history, \.validationAccuracy, half: \.validationAccuracy)
    if !validation.isEmpty {
      series.append(
        LineChart.Series(
          "Validation", points: validation,
          label: validation.last.map { "Validation \(Format.percent($0.y))" }))
    }
    var chart = Self.epochChart(series, yTitle: "accuracy")
    chart.yStyle = .percent
    let start = Self.gapStart(history) {
      Findings.trainAccuracy($0) > ($0.validationAccuracy ?? 1)
    }
    if let start, !validation.isEmpty, let gap = Findings.gap(history)?.value {
      chart.gap = LineChart.Gap(
        between: training, and: series.count - 1, from: start,
        label: "gap at the end: \(Format.points(gap))")
    }
    if let best = Findings.bestEpoch(history), let accuracy = best.validationAccuracy,
      history.count > 1
    {
      chart.marker = Double(best.epoch)
      chart.annotations = [
        LineChart.Annotation(
          at: Point(Double(best.epoch), accuracy), ["lowest loss, epoch \(best.epoch)"],
          isRinged: true)
      ]
    }
    return Illustration(
      text(
        "accuracy", Findings.generalization(history),
        "\(Self.trainingWords(history)) Gaps above 2 points would call for more data, augmentation or weight decay."
      ),
      chart)
  }

  /// Learning rate, gradient norm and dead units.
  public func health(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> Illustration {
    func line(_ name: String, _ value: (EpochRecord) -> Double) -> LineChart {
      Self.epochChart(
        [LineChart.Series(name, points: history.map { Point(Double($0.epoch), value($0)) })],
        yTitle: name)
    }
    var charts = [
      line("learning rate") { $0.learningRate }, line("gradient norm") { $0.gradientNorm },
    ]
    let names = (history.last?.deadUnits ?? [:]).keys.sorted()
    if !names.isEmpty {
      func end(_ name: String) -> Int { history.last?.deadUnits[name] ?? 0 }
      let worst = names.max { (end($0), $1) < (end($1), $0) }
      let others = names.filter { $0 != worst }
      let ends = others.map(end)
      // Lines that end close to one another share their label.
      let areClose =
        10 * ((ends.max() ?? 0) - (ends.min() ?? 0)) <= worst.map(end) ?? 0
      var dead = Self.epochChart(
        names.map { name in
          LineChart.Series(
            name,
            points: history.map { Point(Double($0.epoch), Double($0.deadUnits[name] ?? 0)) },
            emphasis: name == worst ? .main : .reference,
            label: name == worst || !areClose
              ? name : name == others.first ? others.joined(separator: ", ") : nil)
        }, yTitle: "dead units")
      dead.yStyle = .whole
      charts.append(dead)
    }
    return Illustration(
      text(
        "health", Findings.health(history, layers: layers),
        "A unit is dead when it is zero for every validation image: it costs parameters and does "
          + "nothing. The gradient norm is the mean over the epoch's steps; the learning rate is "
          + "that of its last step."
      ),
      SmallMultiples(charts))
  }

  /// The losses of several networks on one scale.
  public func histories(
    _ histories: [(name: String, history: [EpochRecord])]
  ) -> Illustration {
    let series = histories.enumerated().map { index, entry in
      LineChart.Series(
        Subject.short(entry.name, limit: 16),
        points: entry.history.compactMap { record in
          record.validationLoss.map { Point(Double(record.epoch), $0) }
        }, emphasis: index == 0 ? .main : .reference, label: Subject.short(entry.name, limit: 16))
    }
    var chart = Self.epochChart(Array(series.reversed()), yTitle: "validation loss, nats")
    chart.isLogarithmic = true
    return Illustration(
      text(
        "histories", Findings.histories(histories),
        "Validation loss after each epoch; the heavy line is the network of this report. One run "
          + "each."
      ),
      chart)
  }

  /// A chart over epochs, which are counted in whole numbers.
  private static func epochChart(_ series: [LineChart.Series], yTitle: String) -> LineChart {
    var chart = LineChart(series, xTitle: "epoch", yTitle: yTitle)
    chart.xStyle = .whole
    return chart
  }
}
