import Evaluation
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
    if !choices.isEmpty { sentences.append("Its settings were \(Wording.list(choices)).") }
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
        figure.loss(history, data: results.data)
          .asking(.loss(history, classes: results.model.classes.count)),
        figure.accuracy(history, data: results.data),
        figure.health(history, layers: results.model.layers),
      ] + (results.augmentation.map { [figure.augmentation($0)] } ?? [])
        + (results.timeLapse.map { [figure.recallOverTime($0)] } ?? [])
        + (results.blame.map(figure.blame) ?? [])
        + (results.descent.map { [figure.descent($0)] } ?? []),
      trial: context.practice.map(Trial.training))
  }

  /// How many members were trained apart from each other; `nil` for one network.
  private var members: Int? { results.model.run?.ensemble }

  /// Who the history is of.
  private var learner: String {
    members.map { "the first of its \($0) members" } ?? "the network"
  }
}
