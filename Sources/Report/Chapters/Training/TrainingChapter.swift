import Evaluation
import Experiments
import Figures
import Networks
import Study
import Training

/// How it learned; left out of a checkpoint without a history.
struct TrainingChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard !results.history.isEmpty else { return nil }
    let history = results.history
    var sentences: [String] = []
    if let first = history.first, let last = history.last {
      let images = last.validationAccuracy == nil ? "training" : "validation"
      sentences = [
        "After the first epoch \(learner) was right on \(Format.percent(first.toldAccuracy)) of the \(images) "
          + "images"
          + (history.count > 1
            ? ", after epoch \(last.epoch) on \(Format.percent(last.toldAccuracy))." : ".")
      ]
    }
    let shown: Set = ["optimizer", "learning-rate", "schedule", "batch-size", "epochs"]
    let choices = (results.model.run?.fields ?? []).filter { field in
      shown.contains(field.name)
        || !field.isUsual && !["model", "dataset", "seed"].contains(field.name)
    }.compactMap { field in
      field.value.map { "\(field.title.lowercased()) \(Wording.short($0))" }
    }
    if !choices.isEmpty { sentences.append("It was trained with \(Wording.list(choices)).") }
    return ChapterOutline(
      id: "training", title: "Training",
      question: "When did it stop learning and start memorizing?",
      goal: "You will be able to read a loss curve and say which checkpoint to keep, and why.",
      paragraphs: [
        sentences.joined(separator: " "),
        "Each step shows the network a small batch of images, measures the loss, asks for every "
          + "weight which way would make it smaller, and moves all of them a little that way. The "
          + "size of that move is the learning rate.",
      ],
      notes: [
        (
          "Reading the curves",
          "Loss is the surprise at the true answer, in nats: −log p(true). A mean of 0.03 is as if "
            + "every true class got 97%: most get more, a few far less."
        ),
        (
          "One run",
          members == nil
            ? "The curves are one run with one seed. Another seed gives slightly other curves."
            : "The curves are those of the first of the members. The others had other seeds and have slightly other curves."
        ),
      ],
      illustrations: [
        figure.loss(history, data: results.data), figure.accuracy(history, data: results.data),
        figure.health(history, layers: results.model.layers),
      ] + (results.augmentation.map { [figure.augmentation($0)] } ?? [])
        + (results.timeLapse.map { [figure.recallOverTime($0)] } ?? [])
        + (results.experiments.map { [figure.learningRates($0)] } ?? []),
      trial: context.practice.map(Trial.training),
      checkpoints: [epochsCheckpoint(history), trainingCheckpoint(history)]
        + experimentCheckpoints())
  }

  /// How many members were trained apart from each other; `nil` for one network.
  private var members: Int? { results.model.run?.ensemble }

  /// Who the history is of.
  private var learner: String {
    members.map { "the first of its \($0) members" } ?? "the network"
  }

  private func epochsCheckpoint(_ history: [EpochRecord]) -> (String, String) {
    let facts = TrainingFacts(history)
    let values = history.map { Format.percent($0.toldAccuracy) }
    // Long runs are told by their ends.
    let shown =
      values.count <= 12
      ? Wording.list(values)
      : "\(values.prefix(6).joined(separator: ", ")), …, \(values.suffix(3).joined(separator: ", "))"
    let losses = [history.first, history.last].compactMap { $0 }.map {
      Format.significant($0.answeredTrainLoss, 2)
    }
    return (
      "How accurate was it after each epoch, and how did the loss change?",
      "\(facts.isValidated ? "On the validation images" : "On the training images"): \(shown). The training loss was "
        + "\(losses.first ?? "–") \(facts.isEvaluated ? "after" : "in") the first epoch and \(losses.last ?? "–") \(facts.isEvaluated ? "after" : "in") the last."
        + (values.count < 10
          ? " It stopped after \(Wording.counted(values.count, "epoch")); inkling train --epochs 10 tells whether ten do better."
          : " After ten epochs it was at \(values[9]).")
    )
  }

  private func experimentCheckpoints() -> [(String, String)] {
    guard let experiments = results.experiments, let best = experiments.best else {
      return []
    }
    let runs = experiments.learningRates.map {
      "\($0.learningRate) gave \(Format.percent($0.score))"
    }
    return [
      (
        "What happens if you change the learning rate?",
        "Tried here on \(best.specification): \(Wording.list(runs)) of the \(experiments.scored) images. Too large a "
          + "step leaps over the valley; too small a one takes for ever to get down. "
          + "\(Wording.list(experiments.served.map { "\($0.learningRate)" })) served best."
      )
    ]
      + [
        (
          "How does dropout change the accuracy on training and on validation images?",
          Findings.dropout(experiments)
        ),
        (
          "Which combination of settings serves best, and can a network without convolutions read more than 98%?",
          Findings.simpleNetworks(experiments)
        ),
      ].compactMap { question, answer in answer.map { (question, $0) } }
  }

  private func trainingCheckpoint(_ history: [EpochRecord]) -> (String, String) {
    let question =
      "If validation loss rises while validation accuracy still improves, which checkpoint do you "
      + "keep?"
    let general =
      "It depends on what you need. Rising loss with steady accuracy means that the network is "
      + "getting overconfident on the ones it misses. For honest probabilities keep the lowest "
      + "loss; for bare accuracy the difference is often within chance."
    let facts = TrainingFacts(history)
    guard let best = facts.best, let loss = best.validationLoss, let last = history.last
    else { return (question, general) }
    let lowest = "\(Findings.lowestLoss(facts)), \(Format.significant(loss, 2))"
    let own =
      best.epoch == last.epoch
      ? " Here the question does not arise: the last epoch, \(last.epoch), also has the \(lowest)."
      : " Here the \(lowest), came at epoch \(best.epoch) of \(last.epoch)."
    return (question, general + own)
  }
}
