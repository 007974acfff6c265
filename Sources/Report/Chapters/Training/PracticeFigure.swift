import Drawing
import Figures
import Study

extension ReportFigures {
  /// The small network that a page trains, as Inkling trained it: a rate that fits and one too high.
  func trainRates(_ facts: PracticeFacts) -> Illustration {
    func line(_ loss: (PracticeFacts.Point) -> Double, of run: PracticeFacts.Run) -> [Point] {
      run.points.map { Point($0.epoch, loss($0)) }
    }
    func end(_ words: String, _ points: [Point]) -> String? {
      points.last.map { "\(words) \(Format.significant($0.y, 2))" }
    }
    var series: [LineChart.Series] = []
    for run in facts.runs.dropFirst() {
      let points = line(\.train, of: run)
      series.append(
        LineChart.Series(
          "Training, rate \(run.rate)", points: points, emphasis: .baseline,
          label: run.outcome == .broke
            ? "Rate \(run.rate): no number" : end("Rate \(run.rate):", points)))
    }
    if let fit = facts.runs.first {
      let (train, validation) = (line(\.train, of: fit), line(\.validation, of: fit))
      series += [
        LineChart.Series(
          "Training, rate \(fit.rate)", points: train, emphasis: .reference,
          label: end("Training", train)),
        LineChart.Series(
          "Validation, rate \(fit.rate)", points: validation, label: end("Validation", validation)),
      ]
    }
    var chart = LineChart(series, xTitle: "epoch", yTitle: "loss, nats")
    chart.xStyle = .whole
    chart.isLogarithmic = true
    return Illustration(
      text(
        .trainRates, Findings.trainRates(facts),
        "Heavy line: \(Wording.counted(facts.validationLabels.count, "validation image")), light line: "
          + "\(Wording.counted(facts.trainLabels.count, "training image")), both at a rate of \(facts.runs.first?.rate ?? "")"
          + (facts.runs.last.map {
            facts.runs.count > 1 ? "; broken line: training images at \($0.rate)" : ""
          }
            ?? "")
          + ". Inkling trained \(facts.specification) on them by SGD with momentum 0.9, \(facts.batchSize) images to a "
          + "step. One run of each, with one seed."),
      chart)
  }

  /// What the network that trains in the page is, and on what.
  func trainingWords(_ facts: PracticeFacts, of shape: [Int]) -> String {
    let size = facts.inputShape.dropFirst().map(String.init).joined(separator: " × ")
    let isReduced = facts.inputShape != shape
    return
      "\(Wording.counted(facts.trainLabels.count, "training image")) and \(Wording.counted(facts.validationLabels.count, "validation image")), "
      + "none of the test images, the same number of each class while there are any, in 16 steps of brightness"
      + (isReduced ? " and reduced to \(size)" : "")
      + ". Loss and optimizers are Inkling’s, and the first weights are drawn as it draws them. Both losses are measured with all units on, that of "
      + "training on at most 300 images; losses below 0.001 are drawn at it. Every change starts again from the same random weights. "
      + subject.weightColors(isColor: facts.inputShape.first == 3) + "."
  }
}

extension PracticeFacts.Run {
  /// The learning rate in a sentence: `0.01`, `3`.
  var rate: String { Format.significant(learningRate, 1) }
}

extension Findings {
  /// What two learning rates did to the same small network.
  static func trainRates(_ facts: PracticeFacts) -> String {
    let images = Wording.counted(facts.trainLabels.count, "image")
    guard let fit = facts.runs.first, fit.outcome == .fell, let end = fit.points.last,
      let start = fit.points.first
    else { return "A small network trained on \(images)." }
    let fitting =
      "At a rate of \(fit.rate) the training loss falls from \(Format.significant(start.train, 2)) to "
      + Format.significant(end.train, 2)
    guard facts.runs.count > 1, let high = facts.runs.last, let last = high.points.last else {
      return "\(fitting)."
    }
    switch high.outcome {
    case .fell: return "\(fitting), at \(high.rate) to \(Format.significant(last.train, 2))."
    case .broke: return "\(fitting); at \(high.rate) it ends as no number."
    case .rose:
      return "\(fitting); at \(high.rate) it rises to \(Format.significant(last.train, 2))."
    case .stayed:
      return
        "\(fitting); at \(high.rate) it ends at \(Format.significant(last.train, 2)), next to nothing learned."
    }
  }
}

extension FigureName {
  static let trainRates = FigureName("train-rates")
}
