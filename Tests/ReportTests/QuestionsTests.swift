import Evaluation
import Experiments
import Figures
import Foundation
import Networks
import Questions
import Testing
import Training

@testable import Report
@testable import Study

/// The answers to the course's questions.
@Suite struct QuestionsTests {
  private let subject = Wording(dataset: "mnist", classes: (0..<3).map(String.init))

  private func data(means: [[Float]], counts: [Int]) -> DataFacts {
    var data = Fixture.results().data
    data.meanImages = means.map { Plane(shape: [1, 2, 2], values: $0) }
    data.classCounts = counts
    return data
  }

  @Test func `two classes are told apart where their mean images differ most`() throws {
    let facts = data(
      means: [[0, 0.2, 0, 0], [0, 0.1, 0.75, 0], [0, 0.2, 0, 0]], counts: [5, 5, 5])
    let words = try #require(Findings.tellingApart(facts, 0, 1, subject: subject))
    #expect(words.contains("row 1, column 0, counted from 0, where “0” has 0.00 and “1” 0.75"))
  }

  @Test func `hard classes are named with what they are taken for`() throws {
    // With five mistakes the last class has fewer than the others.
    let results = Fixture.results(count: 38)
    let subject = Wording(dataset: "mnist", classes: results.model.classes)
    let words = try #require(Findings.hardClasses(results, subject: subject))
    let scores = results.quality.evaluation.perClass
    let worst = try #require(scores.compactMap(\.recall).min())
    #expect(words.contains("reads \(Format.percent(worst, decimals: 1)) of"))
    var empty = results
    empty.data.meanImages = []
    #expect(Findings.hardClasses(empty, subject: subject) == nil)
  }

  private func run(_ train: Double, _ validation: Double?, accuracy: Double = 0.9)
    -> CourseExperiments.Run
  {
    var record = Fixture.record(3, train: 0.1, validation: validation)
    record.trainAccuracy = train
    record.validationAccuracy = validation
    return CourseExperiments.Run(
      specification: "flatten linear(256) relu linear(10)", learningRate: 0.001, history: [record],
      accuracy: accuracy)
  }

  @Test func `dropout is praised only if the gap shrank`() throws {
    var experiments = Fixture.experiments()
    #expect(Findings.dropout(experiments) == nil)
    experiments.withoutDropout = run(0.999, 0.979)
    experiments.withDropout = run(0.985, 0.98)
    let shrank = try #require(Findings.dropout(experiments))
    #expect(shrank.contains("2.00 points apart"))
    #expect(shrank.contains("0.50 points apart. "))
    #expect(shrank.contains("learning by heart is harder"))
    experiments.withDropout = run(0.999, 0.97)
    #expect(try #require(Findings.dropout(experiments)).contains("did not shrink"))
    experiments.withDropout = run(0.999, nil)
    #expect(Findings.dropout(experiments) == nil)
  }

  @Test func `a network without convolutions is said to pass 98 % only if one did`() throws {
    var experiments = Fixture.experiments(accuracies: [0.2, 0.96, 0.975])
    #expect(try #require(Findings.simpleNetworks(experiments)).hasPrefix("Not in the 3 short runs"))
    experiments.withoutDropout = run(0.99, 0.98, accuracy: 0.981)
    let words = try #require(Findings.simpleNetworks(experiments))
    #expect(words.hasPrefix("Yes: the best on the validation images is flatten linear(256)"))
    #expect(words.contains("98.10%"))
  }

  @Test func `experiments are graded by the rule of their figure, or asked in words`() {
    func choice(_ course: CourseQuestion, count: Int?) -> Question.Choice? {
      var experiments = Fixture.experiments()
      experiments.validationCount = count
      let question = ExperimentQuestions(experiments).all.first { $0.id == course.rawValue }
      guard case .choice(let choice) = question?.form else { return nil }
      return choice
    }
    // Of 1,000 images 960 and 970 are alike, of 10,000 images 9,600 and 9,700 are not.
    let few = choice(.bestSettings, count: 1000)
    #expect(
      few?.options == ["rate 0.1", "rate 0.01", "rate 0.001", "no activation functions"]
        && few?.right == [1, 2])
    #expect(choice(.bestSettings, count: 10_000)?.right == [2])
    #expect(choice(.learningRate, count: 1000) == nil)
    #expect(choice(.learningRate, count: 10_000)?.right == [2])
    #expect(choice(.bestSettings, count: nil) == nil && choice(.learningRate, count: nil) == nil)
  }

  @Test func `images are called unseen only where the checkpoint says what it learned from`() throws
  {
    let cases: [(DataFacts.Origin?, Bool)] = [
      (.learned, true), (.others, true), (.unknown, false), (nil, false),
    ]
    for (origin, isSure) in cases {
      var results = Fixture.results()
      results.data.origin = origin
      let context = ReportContext(results, isSingle: false)
      let paragraph = try #require(ReflectionChapter(context: context).outline?.paragraphs.first)
      #expect(paragraph.contains("images that it never saw") == isSure)
      let leakage = try #require(Closing(context: context).pitfalls.first)
      #expect(leakage.1.contains("nobody can be sure") != isSure)
    }
  }

  @Test func `what a run has done already is no next step`() {
    func commands(_ run: RunConfiguration?, _ change: (inout StudyResults) -> Void = { _ in })
      -> String
    {
      var results = Fixture.results()
      results.model.run = run
      change(&results)
      let context = ReportContext(results, isSingle: false)
      return Closing(context: context).steps.flatMap(\.commands).joined(separator: "\n")
    }
    let done = [
      "--augment", "--schedule one-cycle", "--optimizer sgd", "--ensemble", "--early-stopping",
    ]
    for option in done { #expect(commands(nil).contains(option)) }
    var run = RunConfiguration()
    (run.augment, run.schedule, run.optimizer) = ("digits", .oneCycle, .sgd)
    (run.ensemble, run.earlyStopping) = (5, 3)
    for option in done { #expect(!commands(run).contains(option)) }
    #expect(commands(nil).contains("norm relu globalpool") && !commands(nil).contains("residual"))
    let normalized = commands(nil) { $0.model.layers[1].role = .normalization }
    #expect(normalized.contains("residual"))
    #expect(commands(nil).contains("cifar-10"))
    #expect(!commands(nil) { $0.model.inputShape[0] = 3 }.contains("train --dataset cifar-10"))
  }

  @Test func `filters are counted as edges, as even, or as neither`() throws {
    var features = Fixture.results().features
    let filters: [[Float]] = [
      [-1, 0, 1, -1, 0, 1, -1, 0, 1],  // left against right
      [1, 1, 1, 0, 0, 0, -1, -1, -1],  // above against below
      [1, 1, 1, 1, 2, 1, 1, 1, 1],  // mostly one sign
      [-1, 2, -1, -1, 2, -1, -1, 2, -1],  // a line
    ]
    features.weights = Plane(shape: [4, 1, 3, 3], values: filters.flatMap { $0 })
    let words = try #require(
      Findings.firstFilters(features, subject: Wording(dataset: "mnist", classes: [])))
    #expect(words.contains("Of the 4 filters"))
    #expect(words.contains("2 detect edges: 1 weighs left against right and 1 weighs above"))
    #expect(words.contains("1 has weights of mostly one sign and answers to ink itself"))
    #expect(words.contains("The other one fits neither description"))
    features.weights = Plane(shape: [1, 1, 3, 3], values: filters[3])
    #expect(
      Findings.firstFilters(features, subject: Wording(dataset: "mnist", classes: []))?.hasPrefix(
        "Of the 1 filter of conv1, none detects edges. None has weights of mostly one sign") == true
    )
    features.areTemplates = true
    #expect(Findings.firstFilters(features, subject: Wording(dataset: "mnist", classes: [])) == nil)
  }
}
