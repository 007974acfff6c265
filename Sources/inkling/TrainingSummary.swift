import Figures
import Networks

/// What `train` says at the end.
enum TrainingSummary {
  /// Shows a result beside the loss of guessing, in nats.
  static func show(_ result: TrainingRun.Result, guessing: Double) {
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
    if let members = result.members {
      let alone = members.map(\.accuracy)
      Terminal.print("")
      Terminal.print(
        "\(members.count) members, by themselves \(Format.percent(alone.min() ?? 0)) to"
          + " \(Format.percent(alone.max() ?? 0)) of the validation images")
    }
    if let warning = warning(result, guessing: guessing) {
      Terminal.print("")
      Terminal.print(warning)
    }
    Terminal.print("")
    Terminal.print(
      "\(Format.duration(seconds: result.seconds)) of training,"
        + " \(Format.count(Int(result.imagesPerSecond))) images/s")
  }

  /// What a person should know before going on with a run that did not learn.
  private static func warning(_ result: TrainingRun.Result, guessing: Double) -> String? {
    switch TrainingOutcome(result.history, guessing: guessing) {
    case .learned: nil
    case .learnedNothing:
      "It learned next to nothing: guessing has a loss of \(Format.fixed(guessing, 4)). Try another"
        + " --learning-rate, or more --epochs."
    case .diverged:
      "It diverged: the steps were too large, and guessing would have a loss of \(Format.fixed(guessing, 4))."
        + " Try a smaller --learning-rate."
    }
  }
}
