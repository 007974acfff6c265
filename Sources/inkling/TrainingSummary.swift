import Figures

/// What `train` says at the end.
enum TrainingSummary {
  static func show(_ result: TrainingRun.Result) {
    Terminal.print(
      "\(result.checkpoint)  after \(result.epochs) epoch\(result.epochs == 1 ? "" : "s")")
    Terminal.print("")
    Terminal.print("\(pad("", 12))\(padLeft("accuracy", 10))\(padLeft("loss", 10))")
    func row(_ name: String, _ score: TrainingRun.Result.Score) {
      Terminal.print(
        "\(pad(name, 12))\(padLeft(Format.percent(score.accuracy), 10))"
          + padLeft(Format.fixed(score.loss, 4), 10))
    }
    row("training", result.train)
    if let validation = result.validation { row("validation", validation) }
    if let test = result.test { row("test", test) }
    Terminal.print("")
    Terminal.print(
      "\(Format.duration(seconds: result.seconds)) of training,"
        + " \(Format.count(Int(result.imagesPerSecond))) images/s")
  }
}
