import Evaluation
import Figures
import Networks
import Study
import Training

extension PageBuilder {
  // MARK: The data

  func dataChapter() -> ChapterOutline {
    let data = results.data
    let shape = results.model.inputShape
    let size =
      shape.count == 3
      ? "\(shape[1]) × \(shape[2])" : shape.map(String.init).joined(separator: " × ")
    let channels = shape.first ?? 1
    let color =
      channels == 3 ? " in three color channels" : channels == 1 ? "" : " in \(channels) channels"
    var paragraphs = [
      "\(subject.isDrawn ? "This set of digits" : Subject.short(subject.name)) has "
        + "\(Format.count(data.trainCount)) training and \(Format.count(data.testCount)) test "
        + "\(subject.noun == "digit" ? "images of \(subject.things)" : "images"), each \(size) "
        + "pixels\(color)\(data.validationCount > 0 ? ", and \(Format.count(data.validationCount)) for validation" : ""). "
        + Self.provenance(data)
    ]
    if subject.isDrawn {
      paragraphs.append(
        "MNIST could not be had, or was not asked for, so the program drew these digits itself. "
          + "They are not handwriting: what follows shows how learning works, but its numbers are "
          + "not those of MNIST.")
    }
    let means = data.mean.map { Format.fixed(Double($0), 2) }
    let spreads = data.standardDeviation.map { Format.fixed(Double($0), 2) }
    return ChapterOutline(
      id: "data", title: "The data", question: "What did it have to learn from?",
      goal:
        "You will be able to say what one training example is, and whether the classes are "
        + "balanced.",
      paragraphs: paragraphs,
      notes: [
        (
          "Three sets",
          "Training images change the weights, validation images only watch, and test images are "
            + "kept for the end. Whoever tunes on the test set no longer knows how good the "
            + "network is."
        ),
        (
          "Normalization",
          "Pixels run from 0 to 1. The network subtracts their mean (\(Subject.list(means))) and "
            + "divides by their standard deviation (\(Subject.list(spreads)))."
        ),
      ],
      illustrations: [figure.samples(data), figure.numbers(data), figure.histogram(data)],
      checkpoints: dataCheckpoints())
  }

  /// What the network knows of these images.
  static func provenance(_ data: DataFacts) -> String {
    switch data.origin {
    case .learned:
      (data.validationCount > 0
        ? "The validation images were never trained on, and were used only to watch training. "
        : "")
        + "The test images are for the end: none of them was trained on."
    case .others: "The network learned from other images; none of the test images was trained on."
    case .unknown, nil:
      "Which images the network was trained on, its file does not say: some of these test images may be among them, and "
        + "then every accuracy here is too high."
    }
  }

  private func dataCheckpoints() -> [(String, String)] {
    let example = results.data.example
    let values = example.pixels.values
    let blank = values.count { $0 == 0 }
    let numbers = (
      "What does \(subject.isHandwritten ? "a handwritten \(subject.example(example.label))" : subject.anExample(example.label)) look like as "
        + "numbers?",
      "Test image #\(example.index) is \(Format.count(values.count)) numbers from 0 to 1: "
        + "\(Format.count(blank)) of them are 0, the largest is "
        + "\(Format.significant(Double(values.max() ?? 0), 2)), and their mean is "
        + "\(Format.significant(Double(values.reduce(0, +)) / Double(max(values.count, 1)), 2)). "
        + "Scaled by the mean and the standard deviation of all, that is what the network is told."
    )
    let counts = evaluation.perClass.map(\.count)
    guard let most = counts.indices.max(by: { (counts[$0], $1) < (counts[$1], $0) }) else {
      return [numbers]
    }
    let share = Double(counts[most]) / Double(max(evaluation.count, 1))
    let floor = (
      "A classifier that always answers “\(subject.className(most))” never looks at the image. How "
        + "accurate is it on this test set?",
      "\(Format.percent(share, decimals: 1)), because \(Format.count(counts[most])) of "
        + "\(Format.count(evaluation.count)) test images are of that class. That is the floor; "
        + "anything near it has learned nothing."
    )
    return [numbers, floor] + classCheckpoints()
  }

  private func classCheckpoints() -> [(String, String)] {
    let kinds = subject.noun == "digit" ? "digits" : "classes"
    let hard = Findings.hardClasses(results, subject: subject).map {
      [("Why might some \(kinds) be harder than others?", $0)]
    }
    let names = subject.classes
    let pair =
      names.firstIndex(of: "0").flatMap { zero in names.firstIndex(of: "8").map { (zero, $0) } }
      ?? Findings.likestClasses(results.data)
    guard let (first, second) = pair,
      let rule = Findings.tellingApart(results.data, first, second, subject: subject)
    else { return hard ?? [] }
    let question =
      "How would you explain to a computer how to tell “\(subject.className(first))” from "
      + "“\(subject.className(second))”?"
    return (hard ?? []) + [(question, rule)]
  }

  // MARK: The network

  func networkChapter() -> ChapterOutline {
    let model = results.model
    let roles = Set(model.layers.map(\.role))
    let counted: [ModelFacts.Role] = [.convolution, .pooling, .normalization, .linear]
    let nouns = counted.flatMap { role in model.layers.filter { $0.role == role } }.map(\.noun)
    let parts = nouns.indices.filter { nouns.firstIndex(of: nouns[$0]) == $0 }.map { first in
      Subject.counted(nouns.count { $0 == nouns[first] }, nouns[first])
    }
    return ChapterOutline(
      id: "network", title: "The network", question: "What happens between pixels and answer?",
      goal:
        "You will be able to follow one image through every layer and say where the parameters "
        + "are.",
      paragraphs: [
        "This network turns an image into \(Subject.counted(model.classes.count, "score")) by "
          + "\(Subject.list(parts)). "
          + (roles.contains(.convolution)
            ? "A convolution slides small stencils, the filters, over the image and uses the same "
              + "few weights everywhere; " : "")
          + "\(roles.contains(.convolution) ? "a" : "A") linear layer gives every input of every unit a "
          + "weight of its own. "
          + activationWords
          + branchWords
          + "Softmax turns the last scores into probabilities.",
        "All of it is \(Format.count(model.parameters)) numbers, which start out random. "
          + (model.run == nil
            ? "With random numbers such a network is right on "
            : "Before training it was right on ")
          + "\(Format.percent(results.untrained.accuracy, decimals: 1)) of \(Format.count(results.untrained.count)) "
          + "test images; now "
          + "it is right on \(Format.percent(evaluation.accuracy)).",
      ],
      notes: [
        (
          "Weights and biases",
          "A unit multiplies each input by a weight, adds them up, and adds its bias. Training "
            + "changes weights and biases and nothing else."
        )
      ],
      illustrations: [
        figure.pass(results), figure.costs(model),
        figure.opinions(
          results.untrained, example: results.data.example, accuracy: evaluation.accuracy),
      ],
      checkpoints: networkCheckpoints())
  }

  /// What stands between the weighted layers; empty for nothing.
  private var activationWords: String {
    let layers = results.model.layers
    if layers.contains(where: { $0.role == .rectifier }) {
      return "Between them, ReLU keeps what is positive and drops the rest. "
    }
    return layers.first { $0.role == .activation }.map {
      "Between them, \($0.type) bends every number: without it, layers in a row could say no more than one. "
    } ?? ""
  }

  /// How branches part and meet; empty for layers in a row.
  private var branchWords: String {
    let layers = results.model.layers
    let meetings = [
      (layers.count { $0.role == .sum }, "added"),
      (layers.count { $0.role == .concatenation }, "laid one behind the other"),
    ].filter { $0.0 > 0 }.map { "\($1) in \(Subject.counted($0, "place"))" }
    return meetings.isEmpty
      ? ""
      : "Not all layers stand in a row: some branch off, and the numbers of the branches are \(Subject.list(meetings)). "
  }

  /// Layers whose parameters are reckoned up one by one.
  private static let reckonedLayers = 8

  private func networkCheckpoints() -> [(String, String)] {
    let model = results.model
    let hasPools = model.layers.contains { $0.role == .pooling }
    let learned = model.layers.filter { $0.parameters > 0 }
    let isLong = learned.count > Self.reckonedLayers
    let largest = learned.map(\.parameters).sorted(by: >).prefix(Self.reckonedLayers).last ?? 0
    // In their order; of many layers the largest.
    let reckoned = learned.filter { !isLong || $0.parameters >= largest }.prefix(
      Self.reckonedLayers)
    let sums = reckoned.map { layer in
      let outputs = layer.outputShape.first ?? 1
      let each = layer.parameters / max(outputs, 1)
      return layer.role == .normalization
        ? "\(layer.name) a factor and a shift for each of \(Format.count(outputs)) channels, "
          + Format.count(layer.parameters)
        : layer.hasBias
          ? "\(layer.name) \(Format.count(outputs)) × (\(Format.count(each - 1)) + 1) = "
            + Format.count(layer.parameters)
          : "\(layer.name) \(Format.count(outputs)) × \(Format.count(each)) = "
            + Format.count(layer.parameters)
    }
    let untrained = results.untrained
    let random = (
      "Why were its first predictions random?",
      "The weights were drawn at random, so the scores meant nothing: "
        + "\(Format.percent(untrained.accuracy, decimals: 1)) of \(Format.count(untrained.count)) test images "
        + "were right, where guessing would give "
        + "\(Format.percent(1 / Double(max(model.classes.count, 1)), decimals: 1))."
    )
    let straight = results.experiments?.withoutActivations.map { run in
      let best = results.experiments.flatMap(Findings.best)
      let beside = best.map {
        ", where the same network with ReLU reaches \(Format.percent($0.accuracy))"
      }
      return
        " Tried here: \(run.specification) reaches \(Format.percent(run.accuracy)) of the test images"
        + "\(beside ?? "")."
    }
    let linear = (
      "What would happen without the activation functions?",
      "Layers that only multiply and add are, in a row, one such layer: all the numbers together could say no more "
        + "than one weight for every pixel and class\(hasPools ? ", but for what the pooling chooses" : "")."
        + (straight ?? "")
    )
    let pooling = (
      "Why does pooling need no parameters?",
      "It only keeps the largest, or the mean, of each block of pixels. There is nothing to "
        + "learn; it trades exact position for a smaller map, so that an image shifted by a pixel "
        + "looks much the same to the layers behind it."
    )
    let residual = (
      "Why is what a branch makes of its input added to that input?",
      "Then the branch only has to learn what should change: with small weights it hands its input on nearly as it is, so "
        + "that a deep network starts out about as good as a shallow one. And the gradient finds a way back around "
        + "every block, where through many layers in a row it would fade."
    )
    return [
      (
        "How many parameters does it have, and where are they?",
        "\(Format.count(model.parameters)). Each output has its weights and one bias: \(Subject.list(sums))."
          + (isLong
            ? " These are the largest of \(Format.count(learned.count)) layers; the table has all."
            : "")
      ), random, linear,
    ] + (hasPools ? [pooling] : []) + (model.layers.contains { $0.role == .sum } ? [residual] : [])
  }

  // MARK: Training

  func trainingChapter() -> ChapterOutline {
    let history = results.history
    var sentences: [String] = []
    if let first = history.first, let last = history.last {
      let start = first.validationAccuracy ?? Findings.runningAccuracy(first)
      let end = last.validationAccuracy ?? Findings.runningAccuracy(last)
      let images = last.validationAccuracy == nil ? "training" : "validation"
      sentences = [
        "After the first epoch the network was right on \(Format.percent(start)) of the \(images) "
          + "images"
          + (history.count > 1
            ? ", after epoch \(last.epoch) on \(Format.percent(end))." : ".")
      ]
    }
    let shown: Set = ["optimizer", "learning-rate", "schedule", "batch-size", "epochs"]
    let choices = (results.model.run?.fields ?? []).filter { field in
      shown.contains(field.name)
        || !field.isUsual && !["model", "dataset", "seed"].contains(field.name)
    }.compactMap { field in
      field.value.map { "\(field.title.lowercased()) \(Subject.short($0))" }
    }
    if !choices.isEmpty { sentences.append("It was trained with \(Subject.list(choices)).") }
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
          "The curves are one run with one seed. Another seed gives slightly other curves."
        ),
      ],
      illustrations: [
        figure.loss(history, data: results.data), figure.accuracy(history, data: results.data),
        figure.health(history, layers: results.model.layers),
      ] + (results.augmentation.map { [figure.augmentation($0)] } ?? [])
        + (results.timeLapse.map { [figure.recallOverTime($0)] } ?? [])
        + (results.experiments.map { [figure.learningRates($0)] } ?? []),
      checkpoints: [epochsCheckpoint(history), trainingCheckpoint(history)]
        + experimentCheckpoints())
  }

  private func epochsCheckpoint(_ history: [EpochRecord]) -> (String, String) {
    let values = history.map {
      Format.percent($0.validationAccuracy ?? Findings.runningAccuracy($0))
    }
    // Long runs are told by their ends.
    let shown =
      values.count <= 12
      ? Subject.list(values)
      : "\(values.prefix(6).joined(separator: ", ")), …, \(values.suffix(3).joined(separator: ", "))"
    let isValidation = history.last?.validationAccuracy != nil
    let losses = [history.first, history.last].compactMap { $0 }.map {
      Format.significant(Findings.trainLoss($0), 2)
    }
    return (
      "How accurate was it after each epoch, and how did the loss change?",
      "\(isValidation ? "On the validation images" : "On the training images"): \(shown). The training loss was "
        + "\(losses.first ?? "–") \(Findings.isEvaluated(history) ? "after" : "in") the first epoch and \(losses.last ?? "–") \(Findings.isEvaluated(history) ? "after" : "in") the last."
        + (values.count < 10
          ? " It stopped after \(Subject.counted(values.count, "epoch")); inkling train --epochs 10 tells whether ten do better."
          : " After ten epochs it was at \(values[9]).")
    )
  }

  private func experimentCheckpoints() -> [(String, String)] {
    guard let experiments = results.experiments, let best = Findings.best(experiments) else {
      return []
    }
    let runs = experiments.learningRates.map {
      "\($0.learningRate) gave \(Format.percent($0.score))"
    }
    return [
      (
        "What happens if you change the learning rate?",
        "Tried here on \(best.specification): \(Subject.list(runs)) of the \(experiments.scored) images. Too large a "
          + "step leaps over the valley; too small a one takes for ever to get down. "
          + "\(Subject.list(Findings.served(experiments).map { "\($0.learningRate)" })) served best."
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
    guard let best = Findings.bestEpoch(history), let loss = best.validationLoss,
      let last = history.last
    else { return (question, general) }
    let lowest = "\(Findings.lowestLoss(history)), \(Format.significant(loss, 2))"
    let own =
      best.epoch == last.epoch
      ? " Here the question does not arise: the last epoch, \(last.epoch), also has the \(lowest)."
      : " Here the \(lowest), came at epoch \(best.epoch) of \(last.epoch)."
    return (question, general + own)
  }
}
