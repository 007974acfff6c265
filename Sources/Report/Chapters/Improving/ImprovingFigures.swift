import Drawing
import Evaluation
import Experiments
import Figures
import Networks
import Study

extension ReportFigures {
  /// A run this far behind the best would squeeze all others together.
  private static let farBehind = 0.12

  /// Every experiment with its interval.
  func tried(_ tried: Tried) -> Illustration {
    let best = tried.trials.best?.score ?? 1
    let alike = Set(tried.trials.likeBest.map(\.name))
    func isFar(_ value: Double) -> Bool { best - value > Self.farBehind }
    let rows =
      tried.trials.map { trial in
        IntervalDots.Row(
          trial.name + (isFar(trial.score) ? ", \(Format.percent(trial.score, decimals: 1))" : ""),
          value: trial.score, interval: trial.interval.range, other: trial.train,
          ink: alike.contains(trial.name) ? .ink : .bar)
      }
      + tried.swept.map { name, configuration in
        IntervalDots.Row(
          name, value: configuration.accuracy, interval: configuration.interval.range,
          other: configuration.trainAccuracy, ink: configuration.isLikeBest ? .ink : .bar)
      }
    let values = rows.filter { !isFar($0.value) }.flatMap {
      [$0.value, $0.interval?.lowerBound ?? $0.value, $0.interval?.upperBound ?? $0.value]
        + [$0.other].compactMap { $0 }
    }
    let bounds = (values.min() ?? 0)...max(values.max() ?? 1, (values.min() ?? 0) + 0.001)
    let hasFar = tried.trials.contains { isFar($0.score) }
    let count = tried.trials.first?.count ?? 0
    return Illustration(
      text(
        .tried, Findings.tried(tried),
        "Dot: share of the \(Format.count(count)) \(tried.scored) images that is right, with its 95% interval; ring: the same of training "
          + "images. Grey dots are behind the best by more than chance explains. One run each"
          + (hasFar ? "; what is far behind is named with its number, beyond the left edge." : "."),
        method:
          "“rate” is \(tried.trials.first?.run.specification ?? "") with Adam at that learning rate; the others change one thing of it. “wide” is "
          + "\(tried.trials.last?.run.specification ?? ""), trained three times as long. Behind the best is judged by Fisher’s exact test with "
          + "Holm’s correction. Training images are read with all units on."
          + (tried.swept.isEmpty
            ? "" : " The sweep’s runs are other networks; its chapter says which.")
      ),
      IntervalDots(
        [IntervalDots.Panel("\(tried.scored) images", other: "training images", rows: rows)],
        bounds: hasFar ? bounds : nil), width: 664)
  }

  /// The losses of the wide network, which show when it begins to learn by heart; `nil` without it.
  func overfitting(_ experiments: CourseExperiments) -> Illustration? {
    guard let wide = Overfitting(experiments) else { return nil }
    func line(
      _ name: String, _ points: [(epoch: Int, loss: Double)], _ emphasis: LineChart.Emphasis
    ) -> LineChart.Series {
      LineChart.Series(
        name, points: points.map { Point(Double($0.epoch), $0.loss) }, emphasis: emphasis,
        label: points.last.map { "\(name) \(Format.significant($0.loss, 2))" })
    }
    var chart = LineChart(
      (wide.withDropout.isEmpty
        ? [] : [line("validation, dropout", wide.withDropout, .baseline)])
        + [
          line("training", wide.train, .reference), line("validation", wide.validation, .main),
        ], xTitle: "epoch", yTitle: "loss, nats")
    chart.xStyle = .whole
    chart.isLogarithmic = true
    chart.annotations = [
      LineChart.Annotation(
        at: Point(Double(wide.best.epoch), wide.best.loss), ["lowest"], isRinged: true)
    ]
    return Illustration(
      text(
        .overfitting, Findings.overfitting(wide),
        "\(experiments.withoutDropout?.specification ?? "") without dropout: the loss of training and of validation images after each epoch, "
          + "with all units on\(wide.withDropout.isEmpty ? "" : "; broken line: validation with dropout"). One run each.",
        method:
          "A validation loss within 5% of the lowest is taken to be as low. One run has no interval: another seed may end otherwise."
      ),
      chart)
  }
}

/// The losses of a network that has room to learn by heart.
struct Overfitting {
  typealias Course = [(epoch: Int, loss: Double)]
  let train: Course
  let validation: Course
  let withDropout: Course
  /// Where the validation loss was lowest.
  let best: (epoch: Int, loss: Double)

  /// The wide network of the experiments; `nil` if its losses were not measured.
  init?(_ experiments: CourseExperiments) {
    let history = experiments.withoutDropout?.history ?? []
    train = history.map { ($0.epoch, $0.answeredTrainLoss) }.filter { $0.1.isFinite }
    validation = history.compactMap { record in
      record.validationLoss.map { (record.epoch, $0) }
    }.filter { $0.1.isFinite }
    withDropout = (experiments.withDropout?.history ?? []).compactMap { record in
      record.validationLoss.map { (record.epoch, $0) }
    }.filter { $0.1.isFinite }
    guard validation.count > 1, train.count > 1,
      let best = validation.min(by: { ($0.loss, $0.epoch) < ($1.loss, $1.epoch) })
    else { return nil }
    self.best = best
  }
}

extension FigureName {
  static let tried = FigureName("tried")
  static let overfitting = FigureName("overfitting")
}
