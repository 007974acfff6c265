import Evaluation
import Figures
import Networks
import Questions
import Study

extension TrainingChapter {
  var questions: [Question] {
    let history = results.history
    guard let last = history.last else { return [] }
    return [lossCourse(history, last), accuracy(history, last), kept(history, last)]
  }

  /// Fewer epochs than this have no course to speak of.
  private static let fewestEpochs = 3
  /// So many times more of the fall in one half of the epochs than in the other is uneven.
  private static let uneven = 2.0

  private func lossCourse(_ history: [EpochRecord], _ last: EpochRecord) -> Question {
    let facts = TrainingFacts(history)
    let losses = history.map(\.answeredTrainLoss)
    let ends = [losses.first, losses.last].compactMap { $0 }.map { Format.significant($0, 2) }
    let when = facts.isEvaluated ? "after" : "in"
    let answer =
      "The training loss was \(ends.first ?? "–") \(when) the first epoch and \(ends.last ?? "–") \(when) the last. The first "
      + "steps repair what is plainly wrong; the later ones have less left to repair."
    let id = CourseQuestion.lossCourse.rawValue
    let text = "How does the training loss change from the first epoch to the last?"
    let options = [
      "it falls, most at first", "it falls, as much in every epoch", "it falls, most at the end",
      "it does not fall",
    ]
    guard losses.count >= Self.fewestEpochs, losses.allSatisfy(\.isFinite) else {
      return Question(
        id, text,
        points: [
          "It falls fast at first, then ever more slowly.",
          "Later steps have less left to repair.",
        ], answer: answer)
    }
    let middle = losses[losses.count / 2]
    let (early, late) = (losses[0] - middle, middle - losses[losses.count - 1])
    let right =
      early + late <= 0
      ? 3 : early > Self.uneven * late ? 0 : late > Self.uneven * early ? 2 : 1
    return Question(
      id, text,
      .choice(
        Question.Choice(
          options, right: [right],
          reply: "Follow the line in the figure: how far down does it go in each half?")),
      answer: right == 0
        ? answer
        : "The training loss was \(ends.first ?? "–") \(when) the first epoch and \(ends.last ?? "–") \(when) the last."
    )
  }

  /// The course asks for so many epochs.
  private static let wantedEpochs = 10

  private func accuracy(_ history: [EpochRecord], _ last: EpochRecord) -> Question {
    let facts = TrainingFacts(history)
    let values = history.map { Format.percent($0.toldAccuracy) }
    // Long runs are told by their ends.
    let shown =
      values.count <= 12
      ? Wording.list(values)
      : "\(values.prefix(6).joined(separator: ", ")), …, \(values.suffix(3).joined(separator: ", "))"
    let asked = history.count >= Self.wantedEpochs ? history[Self.wantedEpochs - 1] : last
    let images = facts.isValidated ? "validation" : "training"
    return Question(
      CourseQuestion.epochAccuracy.rawValue,
      "What part of the \(images) images does it read after \(Wording.counted(asked.epoch, "epoch"))?",
      .number(
        Question.Number(
          100 * asked.toldAccuracy, tolerance: 0.06, near: 0.5, unit: "%",
          mistakes: [
            Question.Mistake(
              100 * asked.answeredTrainAccuracy, "That is the accuracy on training images."),
            Question.Mistake(
              100 * asked.runningTrainAccuracy, "That is the accuracy on training images."),
            Question.Mistake(
              100 * evaluation.accuracy, "That is the accuracy on the test images, at the end."),
            Question.Mistake(
              100 * (1 - asked.toldAccuracy), "That is the part which it misreads."),
          ])),
      answer:
        "On the \(images) images: \(shown)."
        + (values.count < Self.wantedEpochs
          ? last.toldAccuracy == 1
            ? ""
            : " It stopped after \(Wording.counted(values.count, "epoch")); inkling train --epochs 10 tells whether ten do better."
          : " After ten epochs it was at \(values[Self.wantedEpochs - 1])."))
  }

  private func kept(_ history: [EpochRecord], _ last: EpochRecord) -> Question {
    let general =
      "It depends on what you need. Rising loss with steady accuracy means that the network is "
      + "getting overconfident on the ones it misses. For honest probabilities keep the lowest "
      + "loss; for bare accuracy the difference is often within chance."
    let facts = TrainingFacts(history)
    var own = ""
    if let best = facts.best, let loss = best.validationLoss {
      let lowest = "\(Findings.lowestLoss(facts)), \(Format.significant(loss, 2))"
      own =
        best.epoch == last.epoch
        ? " Here the question does not arise: the last epoch, \(last.epoch), also has the \(lowest)."
        : " Here the \(lowest), came at epoch \(best.epoch) of \(last.epoch)."
    }
    return Question(
      "kept-checkpoint",
      "If validation loss rises while validation accuracy still improves, which checkpoint do you keep?",
      points: [
        "It asks what the network is for: honest probabilities, or bare accuracy.",
        "Rising loss with steady accuracy is overconfidence in what it misses.",
        "It says at which epoch this run had the lowest validation loss.",
      ], answer: general + own)
  }
}
