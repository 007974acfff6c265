import Drawing
import Evaluation
import Figures
import Networks
import Questions
import Study

/// What the generator draws.
struct SamplesChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    let samples = results.samples
    let count = samples.pictures.shape[0]
    return ChapterOutline(
      id: "samples", title: "What it draws",
      question: "What do its pictures look like, when none is left out?",
      goal: "You will be able to tell a fair sample of a generator from a chosen one.",
      paragraphs: [
        "It drew \(Wording.counted(count, "picture")) with the seed of its run; here are the first ones, in their order. Whoever shows pictures "
          + "of a generator can choose the best of thousands, and a page of chosen ones says little; here nobody chose.",
        origin,
      ],
      notes: samples.readings == nil ? [("No classifier", Self.withoutClassifier)] : [],
      illustrations: [figure.drawnPictures(results)]
        + (samples.readings == nil ? [] : [figure.drawnByReading(results)])
        + (results.flow.map { [figure.flowSteps($0)] } ?? [])
        + (results.flow.map { $0.trials.isEmpty ? [] : [figure.flowTrials($0)] } ?? []))
  }

  /// What a picture is drawn from.
  private var origin: String {
    switch results.kind {
    case .vae:
      "Each is the decoder’s picture of \(Wording.counted(results.latents, "latent")) drawn from the standard normal distribution. What is shown is the "
        + "probability of \(subject.isInk ? "ink" : "light") in each pixel: where the decoder is unsure of an edge it gives what lies between, which makes the pictures of autoencoders soft."
    case .gan:
      "Each is the generator’s picture of \(Wording.counted(results.latents, "number")) drawn from the standard normal distribution."
    case .flow:
      "Each begins as noise in every pixel and was led to a picture in \(Wording.counted(results.flow?.steps ?? 0, "step")), with the classes asked for in turn."
    }
  }

  var questions: [Question] {
    [
      Question(
        "generator-fair-sample",
        "Two papers each show 64 pictures of their generators. What do you ask before you compare them?",
        points: [
          "Were the pictures chosen, or are they the first that were drawn?",
          "How many classes and forms are among them, and not only how good the best is.",
          "Are they copies of training images?",
        ],
        answer:
          "Whether the pictures were chosen; whether all classes and forms are among many of them; and whether they are copies of what "
          + "was learned. The following chapters measure the last two.")
    ]
  }
}

extension ReportFigures {
  /// The first pictures as they were drawn, a column a class where classes were asked for.
  func drawnPictures(_ results: GeneratorResults) -> Illustration {
    let pictures = results.samples.pictures
    let classes = results.model.classes.count
    let isAsked = results.samples.asked != nil
    let isByClass = isAsked && (5...16).contains(classes)
    let columns = isByClass ? classes : 16
    // Whole rows only.
    let count = pictures.shape[0] / columns * columns
    let shown = pictures.pictures.prefix(count).map(\.picture)
    func grid(columns: Int, room: Int) -> ImageGrid {
      ImageGrid(
        [
          ImageGrid.Tile(
            Plate.sheet(shown, columns: columns), frame: nil, words: "\(count) drawn pictures")
        ], scale: pictures.sheetScale(columns: columns, room: room))
    }
    return Illustration(
      text(
        .drawnPictures,
        isAsked
          ? "The first \(count) pictures, the classes asked for in turn."
          : "The first \(count) pictures, as they came.",
        isByClass
          ? "A column for each class that was asked for: \(Wording.list((0..<columns).map(subject.className)))."
          : isAsked
            ? "The classes were asked for in turn: \(Wording.list((0..<min(classes, 12)).map(subject.className)))\(classes > 12 ? " and so on" : "")."
            : "No class was asked for, and none can be: what comes is left to the random numbers.",
        alt: "\(count) drawn pictures"),
      grid(columns: columns, room: 984),
      narrow: grid(columns: isByClass ? columns : 8, room: 340))
  }

  /// Pictures of a class that are shown at most.
  private static let shownOfClass = 10

  /// The same pictures by what the classifier reads in them.
  func drawnByReading(_ results: GeneratorResults) -> Illustration {
    let all = results.samples.pictures.pictures
    let readings = results.samples.readings ?? []
    let sure = readings.indices.filter { readings[$0].confidence > SampleReadings.sureness }
    let rest = readings.indices.filter { readings[$0].confidence <= SampleReadings.sureness }
    // Of many classes those are shown that are read.
    let labels = subject.classes.indices.filter { label in
      subject.classes.count <= 20 || sure.contains { readings[$0].label == label }
    }
    func row(_ name: StyledLine, _ places: [Int]) -> SheetRows.Row {
      SheetRows.Row(
        [StyledLine(name.spans + [StyledLine.Span(Format.count(places.count), .ink3)])],
        places.prefix(Self.shownOfClass).map { all[$0].picture },
        words: "Pictures read as \(name.text)")
    }
    let rows =
      labels.map { label in row(self.name(label), sure.filter { readings[$0].label == label }) }
      + [row(StyledLine("unsure", .wrong, weight: .semibold), rest)]
    return SheetRows(
      rows: rows, header: "At most ten of each",
      scale: results.samples.pictures.sheetScale(columns: Self.shownOfClass)
    ).illustration(
      text(
        .drawnByReading,
        rest.isEmpty
          ? "The classifier reads each of the first \(all.count) with more than 90% confidence."
          : "Of \(Format.count(rest.count)) of the first \(all.count) pictures the classifier is not 90% sure.",
        "The first \(all.count) pictures by the class that \(Wording.short(results.quality?.classifier ?? "the classifier")) reads with more than 90% confidence, with how many they are; at the "
          + "bottom those of which it is less sure. Look at these first: would you have read them?",
        alt: "Drawn pictures by the class read in them"))
  }

  /// From noise to pictures, some steps of the way.
  func flowSteps(_ flow: FlowFacts) -> Illustration {
    let rows = zip(flow.shownSteps, flow.ways).map { step, pictures in
      SheetRows.Row(
        [StyledLine(step == 0 ? "noise" : "step \(step)", .ink, weight: .semibold)], pictures,
        words: "Pictures after \(step) of \(flow.steps) steps")
    }
    return SheetRows(
      rows: rows, header: "One of \(subject.eachClass(of: flow.asked.count))",
      scale: flow.ways.first?.sheetScale(columns: flow.asked.count) ?? 1
    ).illustration(
      text(
        .flowSteps, "From noise to \(subject.nouns) in \(flow.steps) steps.",
        "One picture of \(subject.eachClass(of: flow.asked.count)), as asked for: \(Wording.list(flow.asked.map(subject.className))). Noise is shown like a picture, from -1 "
          + "for dark to 1 for light; what goes beyond is cut.",
        alt: "Pictures on the way from noise"))
  }

  /// What fewer steps come to.
  func flowTrials(_ flow: FlowFacts) -> Illustration {
    func share(_ trial: FlowFacts.Trial) -> Double {
      Double(trial.readings.asAsked ?? 0) / Double(max(1, trial.readings.count))
    }
    let rows = flow.trials.map { trial in
      let interval = Interval.wilson(trial.readings.asAsked ?? 0, of: trial.readings.count)
      let sure = Double(trial.readings.sure) / Double(max(1, trial.readings.count))
      return IntervalDots.Row(
        Wording.counted(trial.steps, "step"), value: share(trial), interval: interval.range,
        other: sure)
    }
    let count = flow.trials.first?.readings.count ?? 0
    let most = flow.trials.last
    // From here on every number of steps is as good, as far as so many pictures tell.
    let worse = flow.trials.lastIndex { trial in
      !Interval.wilson(trial.readings.asAsked ?? 0, of: trial.readings.count).contains(
        most.map(share) ?? 0)
    }
    let enough = flow.trials.dropFirst((worse ?? -1) + 1).first
    return Illustration(
      text(
        .flowTrials,
        enough.map {
          "From \(Wording.counted($0.steps, "step")) on no difference from \(most?.steps ?? 0) is measurable in \(Wording.counted(count, "picture")): \(Format.percent(share($0), decimals: 1)) are read as asked."
        } ?? "What fewer steps come to.",
        "\(Wording.capitalized(Wording.counted(count, "picture"))) from the same noise with each number of steps: the share that the classifier reads as the class asked for, "
          + "with its 95% interval, and the share that it reads with more than 90% confidence, as whatever."
      ),
      IntervalDots(
        [
          IntervalDots.Panel(
            "read as asked", other: "read with more than 90% confidence", rows: rows)
        ], bounds: 0...1), width: 664)
  }
}

extension FigureName {
  static let drawnPictures = FigureName("drawn-pictures")
  static let drawnByReading = FigureName("drawn-by-reading")
  static let flowSteps = FigureName("flow-steps")
  static let flowTrials = FigureName("flow-trials")
}
