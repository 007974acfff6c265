import Evaluation
import Study

/// What every chapter is written from: the results, what their things are called, and the figures made of them.
struct ReportContext: Sendable {
  let results: StudyResults
  let subject: Wording
  let figure: ReportFigures

  /// - Parameters:
  ///   - results: what a study found.
  ///   - isSingle: true for a page in a single file.
  init(_ results: StudyResults, isSingle: Bool) {
    self.results = results
    subject = Wording(results)
    var figure = ReportFigures(results)
    for one in results.cases?.cases ?? [] {
      figure.cases[one.example.index] = CasePages.link(one.example.index, isSingle: isSingle)
    }
    self.figure = figure
  }

  /// The name of the network in sentences.
  var model: String { Wording.short(results.model.name) }
  /// What the chapter on training has to train in the page; `nil` where there is no such chapter.
  var practice: PracticeFacts? { results.history.isEmpty ? nil : results.practice }
  var evaluation: EvaluationResult { results.quality.evaluation }
}
