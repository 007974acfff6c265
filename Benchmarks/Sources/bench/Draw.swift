import ArgumentParser
import Figures
import Foundation
import Report
import Study

/// Eleven figures of a report, drawn as PNG at twice their size.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Figures a second from report.json.")
  @Argument(help: "The numbers of a report.") var report: String
  @Option(help: "Keep the figures here.") var output: String?

  func run() throws {
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(fileURLWithPath: report)))
    let figures = ReportFigures(results)
    let drawn = [
      figures.samples(results.data), figures.numbers(results.data),
      figures.loss(results.history, data: results.data),
      figures.accuracy(results.history, data: results.data),
      figures.confusion(results.quality),
      figures.perClass(results.quality), figures.reliability(results.quality),
      figures.confidences(results.quality), figures.weights(results.features),
      figures.saliency(results.explanations), figures.curves(results.robustness),
    ]
    var latest: [[UInt8]] = []
    let rate = steady(seconds: 2) {
      latest = drawn.compactMap { try? $0.figure().png(theme: .light) }
      return latest.count
    }
    if let output {
      for (illustration, png) in zip(drawn, latest) {
        try Data(png).write(
          to: URL(fileURLWithPath: "\(output)/\(illustration.text.name).png"))
      }
    }
    try show(["figures_per_second": rate])
  }
}
