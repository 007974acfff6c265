import Drawing
import Figures
public import Networks
public import Study

extension ReportFigures {
  /// The loss of training and validation images, epoch by epoch.
  public func loss(_ history: [EpochRecord]) -> Illustration {
    let steps = Self.stepsPerEpoch(history)
    var raw: [Point] = []
    for sample in history.flatMap(\.losses) {
      raw.append(Point(Double(sample.step) / steps, sample.loss))
    }
    let train = history.map { Point(Double($0.epoch), $0.trainLoss) }
    let validation = history.compactMap { record in
      record.validationLoss.map { Point(Double(record.epoch), $0) }
    }
    var series = [
      LineChart.Series("Batches", points: raw, emphasis: .raw),
      LineChart.Series(
        "Training", points: train, emphasis: .reference,
        label: train.last.map { "Training \(Format.significant($0.y, 2))" }),
    ]
    if !validation.isEmpty {
      series.append(
        LineChart.Series(
          "Validation", points: validation,
          label: validation.last.map { "Validation \(Format.significant($0.y, 2))" }))
    }
    var chart = Self.epochChart(series, yTitle: "loss, nats")
    chart.isLogarithmic = true
    let start = Self.gapStart(history) { $0.trainLoss < ($0.validationLoss ?? 0) }
    if let start, series.count == 3 { chart.gap = LineChart.Gap(between: 1, and: 2, from: start) }
    let gap =
      start == nil
      ? "" : " The shaded gap is what it knows about the training images that does not carry over."
    if let best = Findings.bestEpoch(history), let loss = best.validationLoss, history.count > 1 {
      chart.marker = Double(best.epoch)
      chart.annotations = [
        LineChart.Annotation(
          at: Point(Double(best.epoch), loss), ["lowest, epoch \(best.epoch)"], isRinged: true)
      ]
    }
    return Illustration(
      text(
        "loss", Findings.loss(history),
        "Hairline: the batches as they came. Light line: mean over the epoch's training images, "
          + "with whatever dropout was on. Heavy line: validation images after the epoch.\(gap) "
          + "One run with one seed."
      ), chart)
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
  public func accuracy(_ history: [EpochRecord], dropsOut: Bool) -> Illustration {
    let train = history.map { Point(Double($0.epoch), $0.trainAccuracy) }
    let validation = history.compactMap { record in
      record.validationAccuracy.map { Point(Double(record.epoch), $0) }
    }
    var series = [
      LineChart.Series(
        "Training", points: train, emphasis: .reference,
        label: train.last.map { "Training \(Format.percent($0.y))" })
    ]
    if !validation.isEmpty {
      series.append(
        LineChart.Series(
          "Validation", points: validation,
          label: validation.last.map { "Validation \(Format.percent($0.y))" }))
    }
    var chart = Self.epochChart(series, yTitle: "accuracy")
    chart.yStyle = .percent
    let start = Self.gapStart(history) { $0.trainAccuracy > ($0.validationAccuracy ?? 1) }
    if let start, series.count == 2, let last = history.last, let end = last.validationAccuracy {
      chart.gap = LineChart.Gap(
        between: 0, and: 1, from: start,
        label: "gap at the end: \(Format.points(last.trainAccuracy - end))")
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
        "accuracy", Findings.gap(history),
        "Training accuracy is counted while the weights still change\(dropsOut ? " and dropout is on" : ""), so it "
          + "can lie below validation accuracy. Gaps above 2 points would call for more data, "
          + "augmentation or weight decay."
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
