import Drawing
import Figures
public import Networks
public import Study

extension ReportFigures {
  /// The loss of training and validation images, epoch by epoch; without `data` it is not told whether that is worse than guessing.
  public func loss(_ history: [EpochRecord], data: DataFacts?) -> Illustration {
    let facts = TrainingFacts(history)
    let raw = facts.losses.map { Point($0.epoch, $0.value) }
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
    (chart.isLogarithmic, chart.height) = (true, 300)
    if let start = Self.gapStart(series[training].points, validation, where: <) {
      chart.gap = LineChart.Gap(between: training, and: series.count - 1, from: start)
    }
    Self.ring(facts, \.validationLoss, "lowest", in: &chart)
    return Illustration(
      text(
        .loss,
        Findings.loss(
          history,
          guessing: data.map { TrainingOutcome.guessing($0.classCounts) }),
        Self.lineWords(history, data, hasValidation: !validation.isEmpty)
          + (facts.stepsPerLoss == nil ? "" : " Hairline: the batches as they came.")
          + " One run with one seed.",
        method: Self.methodWords(history, hasGap: chart.gap != nil)
      ), chart)
  }

  /// Rings the epoch with the lowest validation loss on the line of a value.
  private static func ring(
    _ facts: TrainingFacts, _ value: (EpochRecord) -> Double?, _ words: String,
    in chart: inout LineChart
  ) {
    guard let best = facts.best, let value = value(best), facts.history.count > 1 else { return }
    chart.marker = Double(best.epoch)
    chart.annotations = [
      LineChart.Annotation(
        at: Point(Double(best.epoch), value),
        ["\(words)\(facts.isLowerHalfway ? " after a whole epoch" : ", epoch \(best.epoch)")"],
        isRinged: true)
    ]
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

  /// What the lines are.
  private static func lineWords(
    _ history: [EpochRecord], _ data: DataFacts?, hasValidation: Bool
  ) -> String {
    trainingWords(history, data)
      + (hasValidation ? " Heavy line: validation images\(whenWords(history))." : "")
  }

  /// How the lines of the batches and of the running mean came about, and what the area between the others is.
  static func methodWords(_ history: [EpochRecord], hasBatches: Bool = true, hasGap: Bool) -> String
  {
    let facts = TrainingFacts(history)
    let batches = hasBatches ? facts.stepsPerLoss ?? 1 : 1
    return [
      batches > 1
        ? "Each point of the hairline is the mean of \(Format.count(batches)) batches." : "",
      facts.isEvaluated
        ? "The broken line is the mean over the epoch while it was learning, with whatever dropout, smoothed labels and mixed "
          + "images there were." : "",
      hasGap ? gapWords(history) : "",
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the shaded area is.
  private static func gapWords(_ history: [EpochRecord]) -> String {
    "The gap is shaded from the epoch on from which training images always did better"
      + (TrainingFacts(history).gap?.isReal == true
        ? ": it is what the network knows about them that does not carry over." : ".")
  }

  /// When the network was measured.
  private static func whenWords(_ history: [EpochRecord]) -> String {
    if history.contains(where: { $0.halfEpoch != nil }) { return " after every half epoch" }
    return history.count > 1 ? " after each epoch" : " after the epoch"
  }

  /// What the lines of training images are.
  private static func trainingWords(_ history: [EpochRecord], _ data: DataFacts?) -> String {
    TrainingFacts(history).isEvaluated
      ? "Light line: \(measuredImages(history, data))\(whenWords(history)), all units on. Broken line: while it was learning."
      : "Light line: mean over the epoch's training images while it was learning, with whatever dropout, smoothed labels and mixed images there were."
  }

  /// Which training images the network was asked about after an epoch.
  static func measuredImages(_ history: [EpochRecord], _ data: DataFacts?) -> String {
    guard let count = history.last?.evaluatedTrainCount else { return "training images" }
    // Only what it learned from says how many there were.
    guard let data, data.origin == .learned else {
      return Wording.counted(count, "training image")
    }
    return count < data.trainCount
      ? "\(Format.count(count)) of the training images, the same ones" : "the training images"
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

  /// Where the gap between two lines begins.
  private static func gapStart(
    _ training: [Point], _ validation: [Point], where isBetter: (Double, Double) -> Bool
  ) -> Double? {
    func samples(_ points: [Point]) -> [TrainingFacts.Sample] { points.map { ($0.x, $0.y) } }
    return TrainingFacts.gapStart(samples(training), samples(validation), where: isBetter)
  }

  /// The accuracy of training and validation images, epoch by epoch; without `data` it is not told of how many of all training
  /// images that is.
  public func accuracy(_ history: [EpochRecord], data: DataFacts?) -> Illustration {
    let facts = TrainingFacts(history)
    var series = Self.trainingSeries(
      history, evaluated: \.evaluatedTrainAccuracy, half: \.evaluatedTrainAccuracy,
      running: \.runningTrainAccuracy
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
    (chart.yStyle, chart.height) = (.percent, 220)
    if let start = Self.gapStart(series[training].points, validation, where: >),
      let gap = facts.gap?.value
    {
      chart.gap = LineChart.Gap(
        between: training, and: series.count - 1, from: start,
        label: "gap at the end: \(Format.points(gap))")
    }
    Self.ring(facts, \.validationAccuracy, "lowest loss", in: &chart)
    return Illustration(
      text(
        .accuracy, Findings.generalization(history),
        Self.lineWords(history, data, hasValidation: !validation.isEmpty)
          + (validation.isEmpty
            ? ""
            : " A gap above 2 points calls for more data, more augmentation or more weight decay."),
        method: Self.methodWords(history, hasBatches: false, hasGap: chart.gap != nil)
      ),
      chart)
  }

  /// Lines of dead units that have a label each.
  private static let labeledLayers = 4

  /// Learning rate, gradient norm and dead units.
  package func health(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> Illustration {
    func line(_ name: String, _ value: (EpochRecord) -> Double) -> LineChart {
      Self.epochChart(
        [LineChart.Series(name, points: history.map { Point(Double($0.epoch), value($0)) })],
        yTitle: name)
    }
    var charts = [
      line("learning rate") { $0.learningRate }, line("gradient norm") { $0.gradientNorm },
    ]
    let units = history.last?.deadUnits ?? [:]
    let (names, worst) = TrainingFacts(history).mortal(among: layers)
    if !names.isEmpty {
      func end(_ name: String) -> Int { units[name] ?? 0 }
      let others = names.filter { $0 != worst }
      let ends = others.map(end)
      // Lines that end close to one another share their label, and so do many.
      let isShared =
        others.count > Self.labeledLayers
        || 10 * ((ends.max() ?? 0) - (ends.min() ?? 0)) <= worst.map(end) ?? 0
      let shared =
        others.count > Self.labeledLayers
        ? "\(others.count) other layers" : others.joined(separator: ", ")
      var dead = Self.epochChart(
        names.map { name in
          LineChart.Series(
            name,
            points: history.map { Point(Double($0.epoch), Double($0.deadUnits[name] ?? 0)) },
            emphasis: name == worst ? .main : .reference,
            label: name == worst || !isShared ? name : name == others.first ? shared : nil)
        }, yTitle: "dead units")
      dead.yStyle = .whole
      charts.append(dead)
    }
    return Illustration(
      text(
        .health, Findings.health(history, layers: layers),
        (names.isEmpty
          ? ""
          : "A unit is dead when it is zero for every validation image: it costs parameters and does nothing. ")
          + "The gradient norm is the mean over the epoch's steps; the learning rate is "
          + "that of its last step."
      ),
      SmallMultiples(charts))
  }

  /// The losses of several networks on one scale.
  package func histories(
    _ histories: [(name: String, history: [EpochRecord])]
  ) -> Illustration {
    let series = histories.enumerated().map { index, entry in
      LineChart.Series(
        Wording.short(entry.name, limit: 16),
        points: entry.history.compactMap { record in
          record.validationLoss.map { Point(Double(record.epoch), $0) }
        }, emphasis: index == 0 ? .main : .reference, label: Wording.short(entry.name, limit: 16))
    }
    var chart = Self.epochChart(Array(series.reversed()), yTitle: "validation loss, nats")
    chart.isLogarithmic = true
    return Illustration(
      text(
        .histories, Findings.histories(histories),
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

extension FigureName {
  static let loss = FigureName("loss")
  static let accuracy = FigureName("accuracy")
  static let health = FigureName("health")
  static let histories = FigureName("histories")
}
