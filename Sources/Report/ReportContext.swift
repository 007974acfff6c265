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
  var evaluation: EvaluationResult { results.quality.evaluation }
}
