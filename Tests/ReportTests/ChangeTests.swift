import Evaluation
import Figures
import Foundation
import StudySupport
import Testing

@testable import Report
@testable import Study

/// The first chapter of a report of two checkpoints.
@Suite(.serialized) struct ChangeTests {
  /// Results of a network after, and what changed to it.
  private func results(_ change: (inout ChangeFacts) -> Void = { _ in }) -> StudyResults {
    var results = Fixture.results()
    var facts = ChangeFacts(
      isSame: false,
      answers: PairedCounts(both: 900, onlyFirst: 40, onlySecond: 10, neither: 50),
      perClass: (0..<3).map {
        PairedCounts(both: 300, onlyFirst: $0 == 1 ? 30 : 5, onlySecond: 3, neither: 10)
      },
      loss: ChangeFacts.Measured(
        before: 0.2, after: 0.15, interval: Interval(low: -0.06, high: -0.04)),
      calibration: ChangeFacts.Measured(before: 0.02, after: 0.01, interval: nil),
      bands: results.quality.bands,
      held: [0, 0.1].map {
        ChangeFacts.Held(
          epsilon: $0,
          images: PairedCounts(both: 20, onlyFirst: 20, onlySecond: 2, neither: 18))
      },
      layers: [
        ChangeFacts.Layer(name: "conv1", parameters: 40, distance: 0.25),
        ChangeFacts.Layer(name: "linear1", parameters: 771, distance: 0.04),
      ],
      filters: ChangeFacts.Filters(
        layer: "conv1", areTemplates: false, arePaired: false, distances: [0.1, 0.3, 0.2, 0.25],
        shown: [1, 3].map {
          ChangeFacts.Moved(
            before: $0, after: $0, distance: 0.3,
            weights: Fixture.plane([2, 1, 3, 3], $0, signed: true))
        }),
      explained: results.explanations.rows.prefix(2).map {
        ChangeFacts.Explained(
          example: $0.example, predicted: $0.example.label, confidence: 0.7, maps: $0.maps,
          correlation: -0.2)
      })
    change(&facts)
    results.change = facts
    var other = Fixture.comparison(pValue: 0.001)
    other.flips = results.mistakes.prefix(2).map {
      ComparisonFacts.Flip(example: $0, predicted: $0.label, confidence: 0.61)
    }
    other.agreement = Agreement([[[1, 2, 3], [3, 1, 2]], [[1, 2, 3], [1, 2, 4]]])
    results.comparisons = [other]
    return results
  }

  private func pair(_ change: (inout ChangeFacts) -> Void = { _ in }) throws -> ChangedPair {
    try #require(ChangedPair(results(change)))
  }

  @Test func `it comes first, and takes the place of the comparison`() throws {
    let page = String(
      decoding: try Report(results(), templates: try Fixture.templates()).files()[0].bytes,
      as: UTF8.self)
    let places = try ["id=\"top\"", "id=\"change\"", "id=\"data\""].map {
      try #require(page.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
    #expect(!page.contains("id=\"comparison\""))
    for name in [
      "changed-accuracy", "flips-1", "changed-calibration", "changed-weights", "changed-filters",
      "changed-explanations",
    ] { #expect(page.contains("id=\"fig-\(name)\""), "\(name)") }
    #expect(page.contains("mlp is before, cnn after"))
    var three = results()
    three.change = nil
    three.comparisons.append(Fixture.comparison(pValue: 0.5))
    let other = String(
      decoding: try Report(three, templates: try Fixture.templates()).files()[0].bytes,
      as: UTF8.self)
    #expect(other.contains("id=\"comparison\"") && !other.contains("id=\"change\""))
  }

  @Test func `a difference within chance is said to be so`() throws {
    #expect(
      Findings.changedAccuracy(try pair())
        == "cnn reads 3.00 points more than mlp (95% CI 1.63 to 4.47, p = 2.4×10⁻⁵).")
    let even = try pair {
      $0.answers = PairedCounts(both: 940, onlyFirst: 9, onlySecond: 11, neither: 40)
      $0.loss.interval = Interval(low: -0.1, high: 0.1)
      $0.held[1].images = PairedCounts(both: 30, onlyFirst: 2, onlySecond: 3, neither: 5)
    }
    #expect(
      Findings.changedAccuracy(even).hasPrefix(
        "Accuracy did not change beyond chance: cnn reads 0.20 points less (95% CI −"))
    #expect(Findings.changedRobustness(even).contains("cannot be told apart"))
    #expect(Findings.flipped(even).contains("as even as chance makes it"))
    #expect(
      Findings.changed(even).hasPrefix(
        "Nothing that was measured changed by more than chance explains: not accuracy, loss and robustness under attack."
      ))
    let real = Findings.changed(try pair())
    #expect(
      real.hasPrefix(
        "By more than chance explains, these changed: accuracy, loss and robustness under attack."
      ))
    #expect(real.contains("from 0.20 to 0.15 nats (difference 95% CI −0.0600 to −0.0400)"))
    // Two calibration errors have no verdict.
    #expect(
      Findings.changedCalibration(try pair())
        == "On these images the calibration error was \(Format.points(0.02)) before and is \(Format.points(0.01)) after."
    )
    #expect(
      Findings.changedRobustness(try pair()).hasPrefix(
        "Under attack at ε = 0.10 cnn reads 30.00 points more of the images than mlp (95% CI "))
    #expect(
      Findings.flipped(try pair()).hasPrefix(
        "50 images flipped: 40 became right and 10 wrong, too uneven"))
    let none = try pair {
      $0.answers = PairedCounts(both: 9, onlyFirst: 0, onlySecond: 0, neither: 1)
    }
    #expect(Findings.changedAccuracy(none) == "cnn and mlp are right on the same images.")
  }

  @Test func `what was not measured is left out`() throws {
    let few = try pair {
      $0.held = Array($0.held.prefix(1))
      $0.loss.interval = nil
    }
    #expect(few.tested.map(\.what) == [.accuracy])
    #expect(Findings.changed(few) == "By more than chance explains, these changed: accuracy.")
    let none = try pair {
      $0.held = []
      $0.loss.interval = Interval(low: .nan, high: .nan)
      $0.answers = PairedCounts(both: 940, onlyFirst: 9, onlySecond: 11, neither: 40)
    }
    #expect(
      Findings.changed(none)
        == "Nothing that was measured changed by more than chance explains: not accuracy.")
  }

  @Test func `several tests are corrected for their number, everywhere alike`() throws {
    // 15 against 5 has a p-value of 0.041: enough for one test, not for one of three.
    let answers = PairedCounts(both: 900, onlyFirst: 15, onlySecond: 5, neither: 80)
    try #require(answers.pValue < 0.05 && answers.pValue > 0.05 / 3)
    let three = try pair {
      $0.answers = answers
      $0.loss.interval = Interval(low: -0.1, high: 0.1)
      $0.held[1].images = PairedCounts(both: 30, onlyFirst: 2, onlySecond: 3, neither: 5)
    }
    #expect(!three.isBeyondChance(.accuracy))
    #expect(Findings.changed(three).hasPrefix("Nothing that was measured changed"))
    #expect(Findings.changedAccuracy(three).hasPrefix("Accuracy did not change beyond chance"))
    #expect(Findings.flipped(three).contains("as even as chance makes it"))
    let one = try pair {
      $0.answers = answers
      $0.loss.interval = nil
      $0.held = []
    }
    #expect(one.isBeyondChance(.accuracy))
    #expect(Findings.changedAccuracy(one).hasPrefix("cnn reads 1.00 points more than mlp"))
  }

  @Test func `what moved is named`() throws {
    #expect(
      Findings.changedWeights(try pair())
        == "The weights of conv1 moved most, by 25% of their length, those of linear1 least, by 4.0%."
    )
    let filters = try #require(try pair().change.filters)
    #expect(
      Findings.changedFilters(filters)
        == "Filter 1 of conv1 moved most, by 30% of its length; half of the 4 by less than 25%.")
    let still = try pair {
      $0.layers = $0.layers.map { ChangeFacts.Layer(name: $0.name, parameters: 1, distance: 0) }
    }
    #expect(Findings.changedWeights(still) == "No weight of any layer changed.")
    #expect(try pair().change.changedClasses == [1])
  }

  @Test func `the same network twice changed nothing`() throws {
    let chapter = ChangeChapter(
      context: ReportContext(results { $0.isSame = true }, isSingle: false))
    let same = try #require(chapter.outline)
    #expect(same.illustrations.isEmpty && chapter.questions.isEmpty)
    #expect(same.paragraphs.count == 1 && same.paragraphs[0].hasPrefix("Nothing changed: "))
  }

  @Test func `both answers stand below what flipped`() throws {
    let results = results()
    let flips = try #require(
      ReportFigures(results).flips(results.comparisons[0], number: 1).chart as? ImageGrid)
    let tile = try #require(flips.rows.first?.tiles.first)
    let mistake = results.mistakes[0]
    #expect(
      tile.caption.map(\.text) == [
        "is \(mistake.label)", "\(mistake.label) 61%",
        "\(mistake.predicted) \(Format.probability(Double(mistake.confidence)))",
      ])
  }

  @Test(arguments: [Browser.View(), Browser.View(width: 390), Browser.View(width: 320)])
  func `it fits, in words of at most sixty`(view: Browser.View) throws {
    try Fixture.withFolder { folder in
      _ = try Report(results(), templates: try Fixture.templates()).write(to: folder)
      let page = try Browser().open("\(folder)/index.html", view)
      let over = try page.read(
        """
        [...document.querySelectorAll("#change *")].filter((x) => x.checkVisibility() && !x.closest("svg, .scroll")
          && x.getBoundingClientRect().right > \(view.width)).map((x) => x.outerHTML.slice(0, 90))
        """, as: [String].self)
      #expect(over == [])
      let wordy = try page.read(
        """
        [...document.querySelectorAll("#change figcaption")].map((x) => x.textContent)
          .filter((x) => x.trim().split(/\\s+/).length > 60)
        """, as: [String].self)
      #expect(wordy == [])
      #expect(page.console == [])
    }
  }
}
