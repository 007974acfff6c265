import Datasets
import Drawing
import Evaluation
import Figures
import Pictures
import Study
import StudySupport
import Testing

@testable import Report

@Suite struct PlateAndSheetTests {
  @Test func `framed ink is the ink of the page, light or dark`() {
    let digit = Plate.ink(FloatPlane(width: 1, height: 1, values: [1])).framed(scale: 2)
    for appearance in [Appearance.light, .dark] {
      let theme = Theme(appearance: appearance)
      let framed = digit.pixels(appearance)
      #expect(framed.width == 4 && framed.color(x: 1, y: 1) == theme.color(.ink))
      #expect(framed.color(x: 0, y: 0) == theme.color(.rule))
    }
  }

  @Test func `of more mistakes than are shown the page has a sheet of all`() throws {
    var results = Fixture.results()
    let study = UntrainedStudy.study()
    results.quality = study.qualityFacts()
    results.mistakes = study.mistakes()
    results.model.classes = UntrainedStudy.dataset.classes
    let errors = results.quality.evaluation.errors
    let kept = results.quality.cells.reduce(0) { $0 + $1.images.count }
    try #require(errors > 2000 && kept <= 2000)
    let figures = ReportFigures(results)
    let more = try #require(figures.mistakes(results.mistakes, quality: results.quality).last?.more)
    #expect(more.title.hasPrefix("\(Format.count(kept)) of the \(Format.count(errors)) mistakes"))
    #expect(more.grid.rows.count == Set(results.quality.cells.map(\.actual)).count)
    // Where all are shown there is nothing more.
    let few = Fixture.results()
    #expect(
      ReportFigures(few).mistakes(few.mistakes, quality: few.quality).allSatisfy { $0.more == nil })
  }
}
