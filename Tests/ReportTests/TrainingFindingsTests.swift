import Drawing
import Evaluation
import Experiments
import Figures
import Networks
import Testing

@testable import Report
@testable import Study

/// What the page says of training, of doubt and of chance, each with results that make it true and that make it false.
@Suite struct TrainingFindingsTests {
  private let subject = Wording(dataset: "mnist", classes: (0..<10).map(String.init))

  private func guessing(_ classes: Int) -> Double {
    TrainingOutcome.guessing(.init(repeating: 1, count: classes))
  }

  /// Epochs of losses: the mean while learning, after the epoch, and of validation with its standard error.
  private func history(
    _ losses: [(running: Double, after: Double?, validation: Double?)], error: Double? = 0.001
  ) -> [EpochRecord] {
    losses.enumerated().map { index, loss in
      var record = Fixture.record(index + 1, train: loss.running, validation: loss.validation)
      record.evaluatedTrainLoss = loss.after
      record.validationLossError = error
      return record
    }
  }

  @Test func `overfitting is read from the images as the network answers them`() {
    // Dropout keeps the running mean above validation while the network already knows its images by heart.
    let memorizing = history([(0.5, 0.30, 0.4), (0.4, 0.15, 0.4), (0.35, 0.05, 0.41)])
    #expect(
      Findings.loss(memorizing, guessing: guessing(10)).hasPrefix(
        "From epoch 2 on its training loss is less than half")
    )
    let honest = history([(0.5, 0.45, 0.4), (0.4, 0.38, 0.4), (0.35, 0.36, 0.41)])
    #expect(!Findings.loss(honest, guessing: guessing(10)).contains("training loss"))
    // An old history has the running means alone.
    let old = history([(0.5, nil, 0.5), (0.3, nil, 0.4), (0.1, nil, 0.4), (0.05, nil, 0.41)])
    #expect(Findings.loss(old, guessing: guessing(10)).hasPrefix("From epoch 3 on"))
    // Half the loss of three validation images may be chance.
    let few = [(0.5, 0.2, 0.5), (0.4, 0.1, 0.5)] as [(Double, Double?, Double?)]
    for (error, isTold) in [(0.1, true), (0.2, false), (nil, false)] as [(Double?, Bool)] {
      let words = Findings.loss(history(few, error: error), guessing: guessing(10))
      #expect(words.hasPrefix("From epoch 1 on its training loss") == isTold, "\(words)")
    }
  }

  @Test func `an epoch's loss is only called the lowest if no half epoch's is lower`() throws {
    var records = history([(0.5, 0.5, 0.5), (0.4, 0.4, 0.41), (0.4, 0.4, 0.4)])
    func half(_ train: Double, _ validation: Double) -> EpochRecord.HalfEpoch {
      EpochRecord.HalfEpoch(
        evaluatedTrainLoss: train, evaluatedTrainAccuracy: 0.9, validationLoss: validation,
        validationAccuracy: 0.9)
    }
    records[2].halfEpoch = half(0.4, 0.45)
    func title() -> String { Findings.loss(records, guessing: guessing(10)) }
    records[2].learningRate = 1e-10
    #expect(title().hasPrefix("The lowest validation loss came at epoch 3 of 3"))
    records[2].halfEpoch = half(0.4, 0.39)
    #expect(title().hasPrefix("The lowest validation loss after a whole epoch came at epoch 3"))
    var results = Fixture.results()
    results.history = records
    let page = String(
      decoding: try #require(
        try Report(results, templates: try Fixture.templates()).files().first {
          $0.path == "index.html"
        }
      ).bytes, as: UTF8.self)
    #expect(page.contains("3, also has the lowest validation loss after a whole epoch, 0.40."))
  }

  @Test func `captions of training say what every line is`() {
    let figures = ReportFigures(Fixture.results())
    var records = history([(0.5, 0.3, 0.4), (0.4, 0.2, 0.4)])
    for index in records.indices {
      records[index].evaluatedTrainAccuracy = 0.95
      records[index].evaluatedTrainCount = 100
    }
    var data = Fixture.results().data
    data.origin = .learned
    for caption in [
      figures.loss(records, data: data).text.caption,
      figures.accuracy(records, data: data).text.caption,
    ] {
      #expect(caption.contains("100 of the training images, the same ones after each epoch"))
      #expect(caption.contains("Heavy line: validation images after each epoch."))
    }
    let methods = [
      figures.loss(records, data: data).text.method,
      figures.accuracy(records, data: data).text.method,
    ]
    for method in methods {
      #expect(method.contains("always did better: it is what the network knows about them"))
    }
    #expect(methods.map { $0.contains("the mean of 10 batches") } == [true, false])
    records[1].evaluatedTrainAccuracy = 0.881
    let even = figures.accuracy(records, data: data).text.method
    #expect(even.hasSuffix("from which training images always did better."))
    #expect(
      figures.loss(records, data: nil).text.caption.contains("Light line: 100 training images"))
    data.trainCount = 100
    #expect(ReportFigures.measuredImages(records, data) == "the training images")
    records[0].losses = (1...20).map { EpochRecord.LossSample(step: $0, loss: 1) }
    records.removeLast()
    let one = figures.loss(records, data: nil).text
    #expect(one.caption.contains("validation images after the epoch. Hairline: the batches"))
    #expect(!one.method.contains("shaded") && !one.method.contains("hairline"))
    records[0].losses = []
    (records[0].validationLoss, records[0].validationAccuracy) = (nil, nil)
    let bare = figures.loss(records, data: nil).text.caption
    #expect(!bare.contains("Hairline") && !bare.contains("Heavy line"))
    let layers = Fixture.results().model.layers
    #expect(figures.health(records, layers: layers).text.caption.contains("A unit is dead"))
    records[0].deadUnits = [:]
    #expect(!figures.health(records, layers: layers).text.caption.contains("A unit is dead"))
  }

  @Test func `it is still improving only beyond chance and with steps worth the name`() {
    let steep = [(0.5, 0.5, 0.5), (0.4, 0.4, 0.4)] as [(Double, Double?, Double?)]
    #expect(Findings.loss(history(steep), guessing: guessing(10)).contains("still improving"))
    #expect(
      !Findings.loss(history(steep, error: 0.1), guessing: guessing(10)).contains("still improving")
    )
    #expect(
      !Findings.loss(history(steep, error: nil), guessing: guessing(10)).contains("still improving")
    )
    var decayed = history(steep)
    decayed[1].learningRate = 1e-10
    #expect(!Findings.loss(decayed, guessing: guessing(10)).contains("still improving"))
    #expect(
      Findings.loss(history(steep, error: 0.1), guessing: guessing(10))
        == "The lowest validation loss came at epoch 2 of 2, too close to 1 other epoch to tell by their intervals."
    )
    #expect(
      Findings.loss(history([(0.5, 0.5, nil)]), guessing: guessing(10)) == "The loss of each epoch."
    )
  }

  @Test func `a run that diverged or learned nothing is called so`() {
    let exploded = history([(2.3, 2.3, 2.3), (1e25, 1e25, 1e25)])
    #expect(Findings.loss(exploded, guessing: guessing(10)).hasPrefix("Training diverged"))
    #expect(
      Findings.loss(history([(2.3, 2.301, 2.3)]), guessing: guessing(10)).hasPrefix(
        "It learned next to nothing"))
    #expect(Findings.failure(history([(2.3, 2.301, 2.3)]), guessing: guessing(100)) == nil)
    #expect(
      Findings.failure(history([(0.1, .nan, 0.1)]), guessing: guessing(10))?.contains(
        "no longer a number")
        == true)
    // Overconfident on validation images, and yet it learned.
    #expect(Findings.failure(history([(0.2, 0.1, 5)]), guessing: guessing(2)) == nil)
    #expect(TrainingOutcome([], guessing: guessing(10)) == .learned)
    // Where nine of ten images are of one class, half a nat is what guessing costs.
    let uneven = TrainingOutcome.guessing([90, 10])
    #expect(abs(uneven - 0.325_083) < 1e-6)
    #expect(
      TrainingOutcome(history([(0.33, 0.325, 0.33)]), guessing: uneven)
        == .learnedNothing(loss: 0.325))
    #expect(TrainingOutcome(history([(0.33, 0.2, 0.33)]), guessing: uneven) == .learned)
  }

  @Test func `a gap is only named where there is one`() {
    var record = Fixture.record(1, train: 1, validation: 1)
    record.evaluatedTrainAccuracy = 0.95
    #expect(
      Findings.generalization([record])
        == "It ends 7.00 pts better on its training images than on validation images.")
    record.validationAccuracy = 0.97
    #expect(
      Findings.generalization([record])
        == "It does better on validation images than on those it trained on.")
    record.evaluatedTrainAccuracy = nil
    #expect(Findings.generalization([record]).hasSuffix("which it met half-taught."))
    record.validationAccuracy = record.trainAccuracy
    #expect(Findings.generalization([record]).contains("as well on validation images"))
    #expect(Findings.generalization([]) == "The accuracy of each epoch.")
  }

  @Test func `a gap is told with its interval, and not where chance explains it`() throws {
    var record = Fixture.record(1, train: 1, validation: 1)
    (record.evaluatedTrainAccuracy, record.validationAccuracy) = (0.9962, 0.9884)
    (record.evaluatedTrainCount, record.validationCount) = (5000, 5000)
    // statsmodels confint_proportions_2indep(4981, 5000, 4942, 5000, method="newcomb")
    #expect(
      Findings.generalization([record])
        == "It ends 0.78 pts (95% CI 0.44 to 1.14) better on its training images than on validation images."
    )
    record.validationAccuracy = 0.9952
    #expect(
      Findings.generalization([record]).contains("as far as chance lets one tell"))
    record.validationAccuracy = 0.9999
    #expect(Findings.generalization([record]).contains("better on validation images"))
  }

  @Test func `dead units are told with their beginning and what they cost`() throws {
    let layers = Fixture.results().model.layers
    var (first, last) = (
      Fixture.record(1, train: 1, validation: 1), Fixture.record(2, train: 1, validation: 1)
    )
    #expect(Findings.health([first, last], layers: layers) == "No unit died.")
    (first.deadUnits, last.deadUnits) = (["relu1": 1], ["relu1": 2])
    let words = Findings.health([first, last], layers: layers)
    #expect(words.hasPrefix("2 of the 4 units of relu1 ended up dead, 1 was dead after epoch 1; "))
    #expect(Findings.health([], layers: layers) == "How training went.")
  }

  @Test func `dropout's question is answered by images seen with all units on`() throws {
    func run(_ running: Double, _ after: Double?, _ validation: Double) -> CourseExperiments.Run {
      var end = Fixture.record(3, train: 1, validation: 1)
      (end.trainAccuracy, end.evaluatedTrainAccuracy, end.validationAccuracy) = (
        running, after, validation
      )
      return CourseExperiments.Run(
        specification: "flatten linear(512)", learningRate: 0.001, history: [end], accuracy: 0.9)
    }
    var experiments = Fixture.experiments()
    experiments.withoutDropout = run(0.999, 0.9995, 0.979)
    experiments.withDropout = run(0.985, 0.9952, 0.980)
    let words = try #require(Findings.dropout(experiments))
    #expect(words.contains("2.05 points apart") && words.contains("1.52 points"))
    #expect(words.hasSuffix("with all units on."))
    experiments.withDropout = run(0.985, nil, 0.980)
    #expect(Findings.dropout(experiments)?.hasSuffix("while the units are off.") == true)
  }

  private func band(
    _ low: Double, _ high: Double, _ count: Int, _ correct: Int
  ) -> Calibration.Band {
    Calibration.Band(low: low, high: high, count: count, correct: correct, meanConfidence: low)
  }

  @Test func `what checking doubtful answers finds is counted`() {
    let bands = [band(0, 0.9, 184, 127), band(0.9, 1, 9816, 9793)]
    #expect(
      Findings.reviewing(bands, of: 10_000)
        == "Checking the 1.84% of answers of which it is at most 90% sure finds 57 of the 80 errors: 30.98% of those "
        + "answers are wrong, 0.23% of the others.")
    #expect(
      Findings.reviewing([band(0, 0.9, 10, 8), band(0.9, 1, 90, 90)], of: 100).contains(
        "finds both errors: 20.00% of those"))
    #expect(
      Findings.reviewing([band(0, 0.9, 3, 1)], of: 3) == "It was more than 90% sure of no answer.")
    #expect(Findings.reviewing([band(0.9, 1, 100, 90)], of: 100).contains("warns of none"))
    #expect(Findings.reviewing([band(0.9, 1, 100, 100)], of: 100) == "")
  }

  @Test func `the summary says how sure it was of its mistakes`() {
    var results = Fixture.results()
    func deck() -> String {
      Masthead(context: ReportContext(results, isSingle: false)).deck().map(\.text).joined()
    }
    let sure = results.quality.review.missed
    #expect((1..<6).contains(sure))
    #expect(deck().contains("On \(sure) of its 6 mistakes it was more than 90% sure."))
    results.quality.bands = [band(0, 0.9, 42, 36)]
    #expect(deck().contains("It was never more than 90% sure when it was wrong."))
    results.quality.bands = [band(0.9, 1, 42, 36)]
    #expect(deck().contains("On all 6 mistakes it was more than 90% sure."))
  }

  @Test func `errors that crowd in a stretch are told, others are not`() {
    var quality = Fixture.results().quality
    func words(_ wrong: [Int], of count: Int, dataset: String = "mine") -> String? {
      let isWrong = (0..<count).map(Set(wrong).contains)
      quality.evaluation = EvaluationResult(
        Predictions(
          logits: isWrong.flatMap { $0 ? [1, 0] : [0, 1] as [Float] },
          labels: isWrong.map { _ in 1 }, classes: 2), classNames: ["a", "b"])
      quality.crowd = Kuiper(isWrong).map { found in
        QualityFacts.Crowd(
          first: found.stretch.lowerBound, count: found.stretch.count,
          errors: isWrong[found.stretch].count { $0 }, pValue: found.pValue)
      }
      return Findings.crowd(quality, dataset: dataset)
    }
    let early = (0..<62).map { $0 * 80 } + (0..<18).map { 5000 + $0 * 270 }
    let crowded = words(early, of: 10_000, dataset: "MNIST")
    #expect(crowded?.hasPrefix("63 of the 80 errors are among the test images #0 to #5000") == true)
    #expect(crowded?.contains("different people") == true)
    #expect(words((0..<40).map { 4000 + 20 * $0 }, of: 10_000)?.contains("#4000 to #4780") == true)
    let around = (0..<30).map { $0 * 20 } + (0..<30).map { 9400 + $0 * 20 }
    #expect(words(around, of: 10_000)?.hasPrefix("None of the 60 errors is among") == true)
    #expect(words((0..<80).map { $0 * 125 }, of: 10_000) == nil)
    #expect(words([], of: 100) == nil && words([5], of: 100) == nil)
  }

  @Test func `the median lies where the curve crosses one half`() throws {
    var facts = Fixture.results().robustness
    func point(_ epsilon: Double, _ accuracy: Double) -> RobustnessFacts.Point {
      RobustnessFacts.Point(
        epsilon: epsilon, accuracy: accuracy, interval: Interval(low: 0, high: 1),
        accuracy8bit: accuracy)
    }
    facts.curves = [
      RobustnessFacts.Curve(
        method: .pgd,
        points: [point(0, 0.99), point(0.1, 0.7), point(0.125, 0.55), point(0.15, 0.4)])
    ]
    facts.smallest = [0.1, nil]
    #expect(
      Findings.smallest(facts, noun: "digit").hasSuffix(
        "at a change of about 0.13 per pixel, aimed by PGD."))
    // Between no change and the first size that was tried nothing is known.
    var fragile = facts
    fragile.curves[0].points = [point(0, 0.6), point(0.025, 0.04)]
    #expect(
      Findings.smallest(fragile, noun: "image").hasPrefix(
        "A change of 0.025 per pixel is more than"))
    facts.curves[0].points.removeLast()
    #expect(Findings.smallest(facts, noun: "digit").contains("hold against every size"))
    facts.curves[0].points = [point(0, 0.1), point(0.1, 0)]
    #expect(Findings.smallest(facts, noun: "digit").contains("without any change"))
  }

  @Test func `the hardest class of validation is told with its chance`() {
    var facts = Fixture.timeLapse([1, 8, 8], 3)
    facts.counts = [500, 500, 500]
    facts.recall = [[0, 0, 0], [0.9, 0.8, 0.95], [0.97, 0.965, 0.97]]
    #expect(
      Findings.classesOverTime(facts, subject: subject)
        == "On the validation images “1” had the lowest recall after the first epoch, and still has, within chance of 2 other classes."
    )
    facts.recall[2] = [0.99, 0.8, 0.99]
    #expect(
      Findings.classesOverTime(facts, subject: subject)
        == "On the validation images “1” had the lowest recall after the first epoch, and still has."
    )
  }

  @Test func `what a learning rate did in a valley is what its steps say`() {
    let facts = Fixture.descent()
    #expect(
      Findings.descent(facts)
        == "5 steps at a rate of 0.050 take the weight 41% of the way; at 1.3 it leaps from side to side."
    )
    #expect(
      facts.runs.map { Findings.outcome(of: $0, facts) } == [
        "41% of the way, loss 1.1 → 0.45", "100% of the way, loss 1.1 → 0.10",
        "from side to side, loss 1.1 → 58",
      ])
    #expect(
      Findings.descent(Fixture.descent(rates: [0.05, 0.5, 0.5]))
        == "5 steps at a rate of 0.050 take the weight 41% of the way.")
    var run = facts.runs[0]
    run.places = [-1, 0.5, 0.25].map { DescentFacts.Place(weight: $0, loss: 0.1) }
    #expect(facts.outcome(of: run) == .passed)
    #expect(Findings.outcome(of: run, facts) == "past the lowest place, loss 0.10 → 0.10")
    #expect(
      Findings.descent(Fixture.descent(rates: [1.25]))
        == "The slope says which way, the learning rate how far.")
  }

  @Test func `blame is what is too much and too little, and may vanish on its way`() throws {
    let results = Fixture.results()
    var facts = try #require(results.blame)
    facts.scores = [0.12, -0.87, 0.75]
    facts.units = [BlameFacts.Unit(unit: 2, activation: 1, blame: 0.5, parts: [0, 0, 0.5])]
    facts.example = ExampleFacts(
      index: 3, label: 1, predicted: 2, probabilities: [0.125, 0.125, 0.75],
      pixels: facts.example.pixels)
    #expect(
      Findings.blame(facts, subject: subject)
        == "“2” got 0.75 too much and “1” 0.87 too little: that blame goes back along the weights.")
    #expect(
      Findings.gradientDepth(facts)
        == "With random weights the gradient in pool1 is 0.16 times as long as at the scores; with a quarter of them, 0.010 times."
    )
    let figures = ReportFigures(results)
    let words = try #require(figures.blame(facts).first).text
    #expect(
      words.method.contains(
        "Unit 2 is handed 0.50 by “2”, 0 by “0” and 0 by all others, each the weight between the two times the blame on the "
          + "score: 0.50 in all. Its weight to “2” has the slope 0.75 × 1.0,"))
    // Two classes have no others, and a layer that is no function stops nothing.
    facts.scores = [0.25, -0.25]
    facts.units = [BlameFacts.Unit(unit: 4, activation: 2, blame: 0.5, parts: [0.75, -0.25])]
    facts.stopped = nil
    let pair = try #require(figures.blame(facts).first)
    #expect(pair.text.method.contains("is handed 0.75 by “0” and −0.25 by “1”, each"))
    #expect(pair.text.method.contains("surest of the mistakes"))
    facts.units = []
    #expect(
      figures.blame(facts).first?.text.method.contains("No unit hands anything on.") == true)
    facts.depths = []
    #expect(Findings.gradientDepth(facts) == "How long the gradient is in each layer.")
  }

  @Test func `where a network's images come from is only said where it is known`() {
    var data = Fixture.results().data
    data.origin = .learned
    #expect(DataChapter.provenance(data).contains("none of them was trained on"))
    data.origin = .others
    #expect(DataChapter.provenance(data).contains("learned from other images"))
    for origin in [DataFacts.Origin.unknown, nil] {
      data.origin = origin
      #expect(DataChapter.provenance(data).contains("does not say"))
      #expect(!DataChapter.provenance(data).contains("none of"))
    }
  }

  @Test func `ink is spoken of where there is ink, and a set by its name where it is that set`() {
    let clothes = Wording(dataset: "fashion-mnist", classes: ["Bag", "Coat"])
    #expect(
      !clothes.isInk && !clothes.scale.contains("ink")
        && !clothes.weightColors(isColor: false).contains("ink"))
    #expect(subject.isInk && subject.scale.contains("ink"))
    let other = Wording(dataset: "mnist", classes: (0..<10).map(String.init), isPublished: false)
    #expect(other.name == "files named as those of MNIST" && !other.isHandwritten)
    #expect(other.things != "handwritten digits")
    let ours = Wording(dataset: "emnist-digits", classes: (0..<10).map(String.init))
    #expect(ours.name == "EMNIST digits" && ours.isHandwritten && ours.isDigits)
    let medical = Wording(dataset: "medmnist:pathmnist", classes: ["mucus"], channels: 3)
    #expect(medical.name == "PathMNIST" && !medical.isDigits)
    #expect(Wording(dataset: "my pictures", classes: ["a"]).name == "my pictures")
  }
}
