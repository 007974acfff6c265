import Drawing
package import Experiments
import Figures
import Networks
import Study

extension ReportFigures {
  /// What several learning rates did to the same network.
  package func learningRates(_ experiments: CourseExperiments) -> Illustration {
    let best = experiments.best
    let series = experiments.learningRates.map { run in
      let isBest = run.learningRate == best?.learningRate
      return LineChart.Series(
        "rate \(run.learningRate)",
        points: run.course.map { Point($0.epoch, $0.loss) },
        emphasis: isBest ? .main : .reference, label: "\(run.learningRate)")
    }
    var chart = LineChart(
      series.filter { $0.emphasis != .main } + series.filter { $0.emphasis == .main },
      xTitle: "epoch",
      yTitle: "loss, nats")
    chart.xStyle = .whole
    chart.isLogarithmic = true
    let scores = experiments.learningRates.map {
      "\($0.learningRate) gives \(Format.percent($0.score))"
    }
    return Illustration(
      text(
        .learningRates, Findings.learningRates(experiments),
        "\(experiments.learningRates.first?.specification ?? ""), trained anew with Adam at each rate with everything "
          + "else equal. Each point is the mean loss over some mini-batches; the heavy line is the rate that served best. On the \(experiments.scored) images a rate of "
          + "\(Wording.list(scores)). One run each."), chart)
  }
}

extension FigureName {
  static let learningRates = FigureName("learning-rates")
}
