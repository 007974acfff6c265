import Evaluation
import StudySupport
import Testing

@testable import Report
@testable import Study

/// Which answers to check by hand, on a real run.
@Suite(.serialized) struct ReviewPageTests {
  private func open(
    _ view: Browser.View = Browser.View(), _ body: (Page) throws -> Void
  ) throws {
    let page = try Browser().open(
      "\(TrainedStudy.folder(isSingle: view.isSingle))/index.html", view)
    try body(page)
    #expect(page.console == [])
  }

  @Test func `the steps are those of the predictions`() throws {
    let study = TrainedStudy.study()
    let predictions = study.predictions
    let steps = Calibration.steps(predictions)
    #expect(steps.contains { $0.threshold == 0.9 } && steps.last?.checked == predictions.count)
    #expect(steps.last?.caught == TrainedStudy.results.quality.evaluation.errors)
    #expect(steps.map(\.checked) == steps.map(\.checked).sorted())
    for step in steps {
      var (checked, caught) = (0, 0)
      for image in 0..<predictions.count
      where Double(predictions.confidence(image)) <= step.threshold {
        checked += 1
        caught += predictions.isCorrect(image) ? 0 : 1
      }
      #expect(step.checked == checked && step.caught == caught)
    }
    let review = TrainedStudy.results.quality.review
    let sure = try #require(steps.first { $0.threshold == 0.9 })
    #expect(sure.checked == review.checked && sure.caught == review.caught)
  }

  @Test func `the title has its interval, or says nothing in particular`() {
    var quality = Fixture.results().quality
    #expect(
      Findings.review(Fixture.reviewSteps, of: quality)
        == "Checking the 10 answers of which it is at most 90% sure finds 4 of the 6 errors (95% CI 30–90%)."
    )
    quality.reviewSteps = nil
    #expect(
      Findings.review([], of: quality) == "What checking the least sure answers by hand finds.")
  }

  @Test(arguments: [Browser.View(), Browser.View(width: 320), Browser.View(isSingle: true)])
  func `the slider says what checking costs and finds, by keyboard too`(view: Browser.View) throws {
    let steps = try #require(TrainedStudy.results.quality.reviewSteps)
    let errors = TrainedStudy.results.quality.evaluation.errors
    let words = "document.querySelector('.review [data-part=words]').textContent"
    try open(view) { page in
      let place = try #require(steps.firstIndex { $0.threshold == 0.9 })
      let first = try page.read(words, as: String.self)
      #expect(
        first.replacing(",", with: "").contains(
          "find \(steps[place].caught) of \(errors) error"))
      try page.run("document.querySelector('.review input').focus()")
      try page.press("ArrowRight", code: 39)
      let next = try page.read(words, as: String.self).replacing(",", with: "")
      #expect(next.hasPrefix("You check \(steps[place + 1].checked) digit"))
      try page.press("End", code: 35)
      #expect(try page.read(words, as: String.self).hasSuffix("Nothing is left to trust."))
      #expect(
        try page.read(
          "[...document.querySelectorAll('.review *')].every((x) => x.getBoundingClientRect().right <= \(view.width))",
          as: Bool.self))
    }
  }

  @Test func `without a script the figure stands alone`() throws {
    try open(Browser.View(isScripted: false)) { page in
      let seen = try page.read(
        "['.review', '#fig-review svg'].map((x) => document.querySelector(x).checkVisibility())",
        as: [Bool].self)
      #expect(seen == [false, true])
    }
  }
}
