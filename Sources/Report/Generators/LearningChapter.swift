import Drawing
import Evaluation
import Figures
import Networks
import Questions
import Study
import Training

/// How the generator learned; left out of a checkpoint without a history.
struct LearningChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    guard !results.history.isEmpty else { return nil }
    return ChapterOutline(
      id: "training", title: "Training", question: "How does noise turn into \(subject.nouns)?",
      goal: "You will be able to read the losses of a generator, and say what they do not tell.",
      paragraphs: [lesson, choices].filter { !$0.isEmpty },
      notes: [
        (
          "One run",
          "The curves are one run with one seed. Another seed gives slightly other curves and other pictures."
        )
      ],
      illustrations: figure.losses(results)
        + (results.course.isEmpty ? [] : [figure.course(results)]))
  }

  /// What a step of training does.
  private var lesson: String {
    switch results.kind {
    case .vae:
      "Each step shows the encoder a few images, draws a place from each cloud, and lets the decoder draw. Two things are paid for: how "
        + "badly each image is drawn again (reconstruction), and how far its cloud is from the standard normal distribution (divergence). Their "
        + "sum, in nats an image, is the negative evidence bound. For pixels that are 0 or 1 it is at least how surprising the image is to the "
        + "model; a grey pixel costs its own uncertainty besides, even where it is drawn just as it is."
    case .gan:
      "Each step shows the critic real images and pictures that the generator has just drawn, and moves its weights to tell them apart; then it "
        + "moves the generator’s weights so that the critic takes what it draws for real. Neither loss says how good the pictures are: each "
        + "only says how well one does against the other."
    case .flow:
      "Each step takes an image and noise, goes some share of the straight way from the noise to the image, and asks the network for the velocity "
        + "there. The right one is image minus noise; the loss is the mean squared difference. It cannot come near 0, for many "
        + "ways cross at each place and the network can only learn their mean."
    }
  }

  private var choices: String {
    let shown: Set = ["optimizer", "learning-rate", "schedule", "batch-size", "epochs"]
    let told: Set = ["model", "dataset", "seed", "generator", "latents", "critic"]
    let choices = (results.model.run?.fields ?? []).filter {
      shown.contains($0.name) || !$0.isUsual && !told.contains($0.name)
    }.compactMap { field in
      field.value.map { "\(field.title.lowercased()) \(Wording.short($0))" }
    }
    return choices.isEmpty ? "" : "Its settings were \(Wording.list(choices))."
  }

  var questions: [Question] {
    guard let last = results.history.last else { return [] }
    switch results.kind {
    case .vae:
      let losses = last.validation.isEmpty ? last.losses : last.validation
      guard let whole = losses.first(where: { $0.name == "bound" })?.value,
        let part = losses.first(where: { $0.name == "divergence" })?.value, whole > 0
      else { return [] }
      let share = 100 * part / whole
      return [
        Question(
          "generator-divergence-share",
          "At the end of training, which share of the bound is the divergence?",
          .number(
            Question.Number(
              share, tolerance: 1, near: 4, unit: "%",
              mistakes: [
                Question.Mistake(
                  100 - share, "That is the share of the reconstruction.")
              ])),
          answer:
            "\(Format.fixed(share, 1))%: \(Format.fixed(part, 1)) of \(Format.fixed(whole, 1)) nats. So much the latents tell of an image; the rest is the "
            + "cross-entropy of its pixels, which for greys is never 0.")
      ]
    case .gan:
      return [
        Question(
          "generator-losses-tell",
          "The critic’s loss goes up while the generator’s goes down. Have the pictures become better?",
          points: [
            "Not necessarily: each loss is measured against the other network as it is at that moment.",
            "Better pictures can be told only by something outside, such as a classifier or the eye.",
          ],
          answer:
            "One cannot say: a loss tells how well one network does against the other of that moment. The critic may have become worse. "
            + "Pictures are judged by something that stands outside.")
      ]
    case .flow:
      return [
        Question(
          "generator-least-loss",
          "Why can the loss of the velocity not fall to 0, however good the network is?",
          points: [
            "Lines from many noises to many images pass the same place.",
            "They have different velocities there, and the network can give one only.",
          ],
          answer:
            "Many lines cross at a place, each with a velocity of its own. The best that can be given is their mean, and their spread around it "
            + "remains.")
      ]
    }
  }
}

extension ReportFigures {
  /// The losses over the epochs, those of a kind that are parts of a sum in charts of their own.
  func losses(_ results: GeneratorResults) -> [Illustration] {
    let history = results.history
    // Validation may tell the parts of a loss that training tells as a whole.
    let (own, others) = (
      history.first?.losses.map(\.name) ?? [], history.first?.validation.map(\.name) ?? []
    )
    let names = own + others.filter { !own.contains($0) }
    switch results.kind {
    case .vae, .flow: return names.isEmpty ? [] : [sumOfLosses(results, names)]
    case .gan: return names.isEmpty ? [] : [twoLosses(results, names)]
    }
  }

  private static func points(
    _ history: [GeneratorEpoch], _ name: String, _ losses: (GeneratorEpoch) -> [GeneratorEpoch.Loss]
  ) -> [Point] {
    history.compactMap { epoch in
      losses(epoch).first { $0.name == name }.map { Point(Double(epoch.epoch), $0.value) }
    }
  }

  private static func lossChart(
    _ history: [GeneratorEpoch], _ name: String, unit: String, isSmall: Bool
  ) -> LineChart {
    let training = points(history, name, \.losses)
    let validation = points(history, name, \.validation)
    let validated = history.compactMap { epoch in
      epoch.validation.first { $0.name == name }.map { loss in
        let reach = 1.959963984540054 * (loss.error ?? 0)
        return loss.value - reach...loss.value + reach
      }
    }
    var series: [LineChart.Series] = []
    if !training.isEmpty {
      series.append(
        LineChart.Series(
          "Training", points: training, emphasis: validation.isEmpty ? .main : .reference,
          // Side by side there is no room for two names.
          label: isSmall && !validation.isEmpty
            ? nil : training.last.map { "Training \(Format.significant($0.y, 3))" }))
    }
    if !validation.isEmpty {
      series.append(
        LineChart.Series(
          "Validation", points: validation,
          label: validation.last.map { "Validation \(Format.significant($0.y, 3))" },
          intervals: validated))
    }
    var chart = LineChart(series, xTitle: "epoch", yTitle: unit)
    chart.xStyle = .whole
    return chart
  }

  /// A loss that is one number, and its parts if it has any.
  private func sumOfLosses(_ results: GeneratorResults, _ names: [String]) -> Illustration {
    let history = results.history
    let isBound = results.kind == .vae
    let unit = isBound ? "nats an image" : "squared error a pixel"
    let charts = names.map {
      Panels.Panel(
        names.count > 1 ? Wording.capitalized($0) : "",
        Self.lossChart(history, $0, unit: unit, isSmall: names.count > 1))
    }
    let count = history.last?.validationCount ?? 0
    return Illustration(
      text(
        .generatorLoss, Findings.losses(results),
        (isBound ? "The bound is the sum of the other two. " : "")
          + "Light line: the mean over the epoch’s training images while it was learning."
          + (count > 0
            ? " Heavy line: \(Wording.counted(count, "validation image")) after each epoch, by the network that would be kept, with the 95% interval."
            : "") + " One run with one seed."),
      charts.count == 1 ? charts[0].chart : Panels(charts))
  }

  /// Losses of two networks against each other.
  private func twoLosses(_ results: GeneratorResults, _ names: [String]) -> Illustration {
    let series = names.enumerated().map { place, name in
      let points = Self.points(results.history, name, \.losses)
      return LineChart.Series(
        name, points: points, label: points.last.map { "\(name) \(Format.significant($0.y, 2))" },
        ink: place == 0 ? .negative : .positive)
    }
    var chart = LineChart(series, xTitle: "epoch", yTitle: "loss, nats")
    chart.xStyle = .whole
    return Illustration(
      text(
        .generatorLoss, Findings.losses(results),
        "Means over each epoch while both were learning: how badly the critic tells real from drawn pictures, and how badly the generator’s "
          + "pictures pass for real."
          + " One run with one seed."), chart)
  }

  /// What the same numbers gave before training and after each epoch.
  func course(_ results: GeneratorResults) -> Illustration {
    // Of a long run not every epoch.
    let last = results.course.count - 1
    let most = min(last, Self.mostStages)
    let places = last < 1 ? [0] : (0...most).map { $0 * last / most }
    let stages = places.map { results.course[$0] }
    let count = stages.first?.pictures.shape.first ?? 0
    let rows = stages.map { stage in
      let name = stage.epoch == 0 ? "Before training" : "Epoch \(stage.epoch)"
      return ImageGrid.Row(
        [StyledLine(name, .ink, weight: .semibold)],
        tiles: [
          ImageGrid.Tile(
            stage.pictures.sheet(columns: Self.courseColumns), frame: nil,
            words: "\(count) pictures: \(name.lowercased())")
        ])
    }
    var illustration = Illustration(
      text(
        .generatorCourse, Findings.course(results),
        "The same \(Wording.counted(count, "picture")), that is from the same random numbers, before training and after "
          + (places.count == results.course.count ? "each epoch" : "some of the epochs")
          + ". None was chosen. Paper shows the first stages and the last.",
        alt: "\(count) pictures at \(stages.count) points of training"),
      ImageGrid(
        rows: rows,
        scale: stages.first?.pictures.sheetScale(columns: Self.courseColumns) ?? 1, gutter: 14))
    illustration.isStepped = stages.count > 1
    return illustration
  }

  /// Stages of training that are shown beside the first at most, and pictures of each beside one another.
  private static let (mostStages, courseColumns) = (40, 9)
}

extension Findings {
  /// What became of the losses.
  static func losses(_ results: GeneratorResults) -> String {
    let history = results.history
    func value(_ epoch: GeneratorEpoch?, _ name: String) -> Double? {
      let losses = epoch.map { $0.validation.isEmpty ? $0.losses : $0.validation }
      return losses?.first { $0.name == name }?.value
    }
    let images = history.last?.validation.isEmpty == false ? "validation" : "training"
    switch results.kind {
    case .vae, .flow:
      let name = results.kind == .vae ? "bound" : "velocity"
      let unit = results.kind == .vae ? " nats" : ""
      guard let first = value(history.first, name), let last = value(history.last, name) else {
        return "The losses of training."
      }
      let subject =
        results.kind == .vae ? "bound on the \(images) images" : "loss on the \(images) images"
      guard history.count > 1 else {
        return "After one epoch the \(subject) is \(Format.significant(last, 3))\(unit)."
      }
      guard last < first else {
        return
          "The \(subject) did not fall: it went from \(Format.significant(first, 3)) to \(Format.significant(last, 3))\(unit)."
      }
      return
        "The \(subject) falls from \(Format.significant(first, 3))\(unit) after the first epoch to \(Format.significant(last, 3))."
    case .gan:
      guard let critic = history.last?.losses.first(where: { $0.name == "critic" })?.value,
        let generator = history.last?.losses.first(where: { $0.name == "generator" })?.value
      else { return "The losses of both." }
      return
        "In the end the critic’s loss is \(Format.significant(critic, 2)) and the generator’s \(Format.significant(generator, 2)) nats: a balance, no measure of the pictures."
    }
  }

  /// What the pictures show.
  static func course(_ results: GeneratorResults) -> String {
    guard let first = results.course.first, let last = results.course.last,
      last.epoch > first.epoch
    else { return "What the same random numbers gave." }
    return first.epoch == 0
      ? "From the same random numbers: what it drew before training, and what it draws after \(Wording.counted(last.epoch, "epoch"))."
      : "From the same random numbers: what it drew after epoch \(first.epoch), and after epoch \(last.epoch)."
  }
}

extension FigureName {
  static let generatorLoss = FigureName("generator-loss")
  static let generatorCourse = FigureName("generator-course")
}
