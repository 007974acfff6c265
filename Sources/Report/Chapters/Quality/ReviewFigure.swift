import Drawing
import Evaluation
import Figures
import Foundation
import Study

extension ReportFigures {
  /// How many errors are left if so many answers are checked by hand.
  func review(_ steps: [Calibration.Step], of quality: QualityFacts) -> Illustration {
    let (count, errors) = (quality.evaluation.count, quality.evaluation.errors)
    let shown = steps.filter { $0.checked > 0 }
    func left(_ step: Calibration.Step) -> Interval {
      .wilson(errors - step.caught, of: errors)
    }
    var chart = LineChart(
      [
        LineChart.Series(
          "errors left",
          points: shown.map {
            Point(Double($0.checked), Double(errors - $0.caught) / Double(max(1, errors)))
          }, intervals: shown.map { left($0).range })
      ], xTitle: "answers checked, the least sure first", yTitle: "share of the errors left")
    chart.isLogarithmicInX = true
    chart.xStyle = .whole
    chart.yStyle = .percent
    chart.yBounds = 0...1
    if let sure = shown.first(where: { $0.threshold == Calibration.sure }) {
      chart.annotations = [
        LineChart.Annotation(
          at: Point(Double(sure.checked), Double(errors - sure.caught) / Double(max(1, errors))),
          ["at most 90% sure"], isRinged: true)
      ]
    }
    return Illustration(
      text(
        .review, Findings.review(steps, of: quality),
        "Each point: every answer of at most some confidence is checked by hand; the share of the \(Wording.counted(errors, "error")) that is "
          + "not found, with its 95% interval. n = \(Format.count(count)) test images."), chart)
  }
}

extension Findings {
  /// What checking every answer of at most 90 % confidence finds.
  static func review(_ steps: [Calibration.Step], of quality: QualityFacts) -> String {
    let errors = quality.evaluation.errors
    guard let sure = steps.first(where: { $0.threshold == Calibration.sure }), sure.checked > 0
    else { return "What checking the least sure answers by hand finds." }
    let share = Interval.wilson(sure.caught, of: errors)
    return
      "Checking the \(Wording.counted(sure.checked, "answer")) of which it is at most 90% sure finds \(Format.count(sure.caught)) of the "
      + "\(Wording.counted(errors, "error")) (95% CI \(share.percent(decimals: 0))%)."
  }
}

/// Answers to check by hand, as the template sees them.
struct ReviewView {
  /// What stands above it, and alone without a script.
  var worked: [FigureView]
  /// The numbers as JSON.
  var steps: String
  /// Where the slider begins, and its last place.
  var chosen: String
  var last: String
  var noun: String
}

/// The same numbers as the script reads them.
private struct ReviewNumbers: Encodable {
  var count: Int
  var errors: Int
  /// Confidence, answers checked, errors found.
  var steps: [[Double]]
}

extension PageBuilder {
  mutating func reviewView(_ steps: [Calibration.Step], number: String) throws -> ReviewView {
    let quality = results.quality
    var worked = try figures.view(context.figure.review(steps, of: quality), number: number)
    worked.side = "page"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let numbers = ReviewNumbers(
      count: quality.evaluation.count, errors: quality.evaluation.errors,
      steps: steps.map { [$0.threshold, Double($0.checked), Double($0.caught)] })
    return ReviewView(
      worked: [worked], steps: String(decoding: try encoder.encode(numbers), as: UTF8.self),
      chosen: String(steps.firstIndex { $0.threshold == Calibration.sure } ?? 0),
      last: String(max(0, steps.count - 1)), noun: subject.noun)
  }
}

extension FigureName {
  static let review = FigureName("review")
}
