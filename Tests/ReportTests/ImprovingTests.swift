import Evaluation
import Experiments
import Figures
import Foundation
import Networks
import Testing

@testable import Report
@testable import Study

/// The chapter on what was tried.
@Suite struct ImprovingTests {
  private func run(
    _ train: Double, _ validation: Double, rate: Double = 0.001, losses: [(Double, Double)] = []
  ) -> CourseExperiments.Run {
    var history = losses.enumerated().map { epoch, loss in
      Fixture.record(epoch + 1, train: loss.0, validation: loss.1)
    }
    var last = history.popLast() ?? Fixture.record(3, train: 0.1, validation: 0.2)
    (last.trainAccuracy, last.validationAccuracy) = (train, validation)
    history.append(last)
    return CourseExperiments.Run(
      specification: "flatten linear(128) relu linear(10)", learningRate: rate, history: history,
      accuracy: validation)
  }

  private func experiments() -> CourseExperiments {
    CourseExperiments(
      dataset: "mnist",
      learningRates: [
        run(0.3, 0.3, rate: 0.1), run(0.975, 0.97, rate: 0.01), run(0.98, 0.976, rate: 0.001),
      ], withoutActivations: run(0.92, 0.915),
      withoutDropout: run(
        0.999, 0.978, losses: [(0.3, 0.2), (0.1, 0.1), (0.01, 0.09), (0.001, 0.14)]),
      withDropout: run(0.985, 0.979),
      variants: [CourseExperiments.Variant("SGD with momentum, rate 0.05", run(0.97, 0.965))],
      validationCount: 5000)
  }

  private func results(_ experiments: CourseExperiments?) -> StudyResults {
    var results = Fixture.results()
    results.experiments = experiments
    return results
  }

  @Test func `every experiment is one dot with its interval`() throws {
    let results = results(experiments())
    let tried = try #require(Tried(results))
    #expect(
      tried.trials.map(\.name) == [
        "rate 0.1", "rate 0.01", "rate 0.001", "SGD with momentum, rate 0.05",
        "no activation functions", "wide, without dropout", "wide, with dropout",
      ])
    #expect(tried.trials.allSatisfy { $0.count == 5000 })
    #expect(tried.trials[2].interval == .wilson(4880, of: 5000))
    let figure = ReportFigures(results).tried(tried)
    let rows = try #require(figure.chart as? IntervalDots).panels[0].rows
    #expect(rows.count == 7 && rows[2].value == 0.976 && rows[2].other == 0.98)
    // What is far behind is named with its number.
    #expect(rows[0].label == "rate 0.1, 30.0%" && rows[1].label == "rate 0.01")
    #expect(
      figure.text.title
        == "“wide, with dropout” reads most validation images, 97.90% (95% CI 97.46–98.26); 2 of the 6 others cannot be told from it."
    )
  }

  @Test func `overfitting and underfitting are named`() throws {
    let tried = try #require(Tried(results(experiments())))
    let fits = tried.trials.map { tried.trials.fit($0) }
    #expect(fits == [.under, .good, .good, .under, .under, .over, .good])
    let words = Findings.fits(tried)
    #expect(
      words.hasPrefix(
        "Overfitting shows most in “wide, without dropout”, right on 99.9% of the training images and 97.8% of the others. "
      ))
    #expect(words.contains("Underfitting: “rate 0.1”, right on 30.0% of the training images"))
    var good = experiments()
    good.learningRates = [run(0.98, 0.976)]
    (good.withoutActivations, good.withoutDropout, good.withDropout, good.variants) = (
      nil, nil, nil, nil
    )
    let one = try #require(Tried(results(good)))
    #expect(
      Findings.fits(one) == "None of them overfits by more than a point and chance. None underfits."
    )
    #expect(Findings.tried(one).hasSuffix("(95% CI 97.14–97.99)."))
    // A run without an epoch, and one whose accuracy on training images is no number.
    good.learningRates += [
      CourseExperiments.Run(
        specification: "flatten linear(10)", learningRate: 10, history: [], accuracy: 0.1),
      run(.nan, 0.1, rate: 1),
    ]
    #expect(
      Findings.fits(try #require(Tried(results(good))))
        == "None of them overfits by more than a point and chance. None underfits. Training diverged: “rate 10.0” and “rate 1.0”."
    )
  }

  @Test func `a validation loss that turns is told of the one run, and nothing else is`() throws {
    let wide = try #require(Overfitting(experiments()))
    #expect(
      Findings.overfitting(wide)
        == "In this one run validation loss is lowest after epoch 3, 0.090, and ends at 0.14, while training loss falls to 0.0010, as it does in overfitting."
    )
    var steady = experiments()
    steady.withoutDropout = run(0.99, 0.98, losses: [(0.3, 0.2), (0.2, 0.15), (0.1, 0.1)])
    let calm = try #require(Overfitting(steady))
    #expect(
      Findings.overfitting(calm).hasPrefix("No overfitting to be seen in this one run of 3 epochs"))
    steady.withoutDropout = run(
      1, 0.98, losses: [(0.3, 0.2), (0.05, 0.102), (0.01, 0.1), (0.002, 0.101)])
    let still = try #require(Overfitting(steady))
    #expect(
      Findings.overfitting(still)
        == "In this one run validation loss stays at about 0.10 from epoch 2 on, while training loss falls to 0.0020."
    )
    steady.withoutDropout = nil
    #expect(Overfitting(steady) == nil)
  }

  @Test
  func `results of an earlier version have a chapter all the same, and none without experiments`()
    throws
  {
    var old = experiments()
    (old.variants, old.validationCount) = (nil, nil)
    let json = try JSONDecoder().decode(
      CourseExperiments.self, from: JSONEncoder().encode(old))
    let tried = try #require(Tried(results(json)))
    #expect(tried.trials.count == 6 && tried.trials[0].count == 30)
    #expect(ImprovingChapter(context: ReportContext(results(nil), isSingle: false)).outline == nil)
    let chapter = try #require(
      ImprovingChapter(context: ReportContext(results(old), isSingle: false)).outline)
    #expect(chapter.illustrations.map(\.text.name) == ["tried", "overfitting", "learning-rates"])
    #expect(chapter.notes[1].1.contains("inkling sweep plan --preset course --output sweep"))
    for illustration in chapter.illustrations {
      #expect(
        illustration.text.caption.split(separator: " ").count <= 58, "\(illustration.text.name)")
    }
  }
}
