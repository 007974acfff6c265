import Evaluation
import Figures
import Networks
import Study

/// What the curves of training say.
extension Findings {
  /// What the validation loss of the best epoch is called.
  static func lowestLoss(_ facts: TrainingFacts) -> String {
    "lowest validation loss" + (facts.isLowerHalfway ? " after a whole epoch" : "")
  }

  /// What went wrong with a run that diverged or learned nothing; `nil` for any other, and where the loss of guessing is not
  /// known.
  static func failure(_ history: [EpochRecord], guessing: Double?) -> String? {
    guard let guessing else { return nil }
    func ends(_ loss: Double) -> String {
      "it ended with a training loss of \(Format.significant(loss, 2)), where guessing has "
        + "\(Format.significant(guessing, 2))"
    }
    switch TrainingOutcome(history, guessing: guessing) {
    case .learned: return nil
    case .learnedNothing(let loss):
      return "It learned next to nothing: \(ends(loss))."
    case .diverged(let loss):
      return loss.isFinite
        ? "Training diverged: \(ends(loss)). The steps were too large."
        : "Training diverged: at the end the loss was no longer a number."
    }
  }

  /// What the loss curves say.
  static func loss(_ history: [EpochRecord], guessing: Double?) -> String {
    if let failure = failure(history, guessing: guessing) { return failure }
    let facts = TrainingFacts(history)
    switch facts.course {
    case .unknown: return "The loss of each epoch."
    case .memorized(let start, let isLast):
      return isLast
        ? "After the last epoch its training loss was less than half its validation loss."
        : "From epoch \(start) on its training loss is less than half its validation loss."
    case .improving: return "It was still improving when training stopped."
    case .lowest(let best, let last, let rivals):
      let chance =
        rivals == 0
        ? "."
        : ", too close to \(Wording.counted(rivals, "other epoch")) to tell by their intervals."
      return "The \(lowestLoss(facts)) came at epoch \(best) of \(last)\(chance)"
    }
  }

  /// What the accuracy curves say.
  static func generalization(_ history: [EpochRecord]) -> String {
    guard let gap = TrainingFacts(history).gap else { return "The accuracy of each epoch." }
    guard !gap.isChance else {
      return
        "It does as well on validation images as on those it trained on, as far as chance lets one tell."
    }
    let bounds = gap.interval.map { " (\(points(within: $0)))" }
    if gap.isReal {
      return
        "It ends \(Format.points(gap.value))\(bounds ?? "") better on its training images than on validation images."
    }
    return history.last?.evaluatedTrainAccuracy == nil
      ? "It does better on validation images than on those it trained on, which it met half-taught."
      : "It does better on validation images than on those it trained on."
  }

  /// Which of several networks ended with the lowest validation loss.
  static func histories(_ histories: [(name: String, history: [EpochRecord])]) -> String {
    guard let (best, worst) = TrainingFacts.ends(histories) else {
      return "The networks as they learned."
    }
    func words(_ end: (name: String, loss: Double)) -> String {
      "\(Wording.short(end.name, limit: 24)) ended with a validation loss of \(Format.significant(end.loss, 2))"
    }
    return "\(words(best)), \(words(worst))."
  }

  /// Whether training was healthy.
  static func health(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> String {
    guard !history.isEmpty else { return "How training went." }
    guard let worst = TrainingFacts(history).deadUnits(in: layers) else {
      return "Learning rate and gradient, epoch by epoch."
    }
    guard worst.last > 0 else { return "No unit died." }
    let start =
      worst.first == 0
      ? "none was" : "\(Format.count(worst.first)) \(worst.first == 1 ? "was" : "were")"
    let early = history.count > 1 ? ", \(start) dead after epoch 1" : ""
    return
      "\(Format.count(worst.last)) of the \(Format.count(worst.units)) units of \(worst.layer) ended up dead"
      + "\(early); \(Format.percent(worst.parameters, decimals: 0)) of all parameters serve only \(worst.last == 1 ? "it" : "them")."
  }

  /// Whether the class that began lowest also ended lowest.
  static func classesOverTime(_ facts: TimeLapseFacts, subject: Wording) -> String {
    guard let lowest = facts.lowest else { return "The classes, epoch by epoch." }
    if lowest.isOneEpoch { return "The classes after the first epoch." }
    let (first, end) = (subject.className(lowest.first), subject.className(lowest.last))
    let images = facts.isValidation ? "validation" : "test"
    let chance =
      lowest.rivals == 0
      ? "" : ", within chance of \(lowest.rivals) other \(lowest.rivals == 1 ? "class" : "classes")"
    return lowest.first == lowest.last
      ? "On the \(images) images “\(end)” had the lowest recall after the first epoch, and still "
        + "has\(chance)."
      : "On the \(images) images “\(first)” had the lowest recall after the first epoch; in the end "
        + "“\(end)” has\(chance)."
  }
}
