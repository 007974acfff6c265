import Drawing
import Evaluation
package import Experiments
import Figures
package import Files
import Foundation
import Training

/// A page about a sweep: which configuration is best, what matters, and what choosing cost.
package struct SweepPage: Sendable {
  private let sweep: Sweep
  private let findings: SweepFindings
  private let templates: Templates

  /// A page about what a sweep has found so far.
  ///
  /// - Returns: `nil` if no trial came to something yet.
  package init?(_ progress: SweepProgress, choice: SweepChoice?, templates: Templates) {
    guard let findings = SweepFindings(progress, choice: choice) else { return nil }
    (self.findings, sweep, self.templates) = (findings, progress.folder.sweep, templates)
  }

  private static let dataName = "sweep.json"

  /// Checks that a page can be written into a folder, before there is one.
  ///
  /// - Throws: `FileError` if the folder cannot be written to, or holds a page that Inkling did not make.
  package static func check(_ folder: String) throws(FileError) {
    try ChaptersPage.check(folder, data: dataName)
  }

  /// Writes `index.html`, `sweep.json`, and the figures as PNG in `figures/`.
  ///
  /// - Returns: The files, relative to the folder, `index.html` first.
  /// - Throws: `TemplateError`, `FileError`, `CairoError` or `PictureError`.
  package func write(to path: String) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try ChaptersPage(
      kind: "Sweep",
      run: String(SHA256(of: Array(try sweep.json.utf8)).hexadecimal.prefix(12)),
      dataset: sweep.base.dataset ?? "",
      headline:
        "Which of \(Wording.counted(findings.configurations, "configuration")) is best, and why?",
      deck: Findings.best(findings),
      advice:
        "Configurations are compared on validation images, which no network learned from. The test images are read once, for the one that was chosen.",
      numbers: numbers, shared: shared,
      chapters: SweepSections(findings).all,
      data: (Self.dataName, ContiguousArray(try encoder.encode(findings))), templates: templates
    ).write(to: path)
  }

  private var numbers: [NumberView] {
    let trained = findings.budget.reduce(0) { $0 + $1.trained }
    var numbers = [
      NumberView(
        label: "Configurations", value: Format.count(findings.configurations), unit: "",
        note: "\(Wording.counted(findings.seeds, "seed")) each"),
      NumberView(
        label: "Epochs trained", value: Format.count(trained), unit: "",
        note:
          "\(Format.count(findings.diverged)) diverged, \(Format.count(findings.refused)) were refused"
      ),
    ]
    if let best = findings.ranking.first {
      numbers.append(
        NumberView(
          label: "Best on validation", value: Format.percent(best.accuracy), unit: "",
          note:
            "95% interval \(Format.percent(best.interval.low)) – \(Format.percent(best.interval.high))"
        ))
    }
    if let choice = findings.choice, let mean = choice.freshMean {
      numbers.append(
        NumberView(
          label: "With fresh seeds", value: Format.percent(mean), unit: "",
          note: "mean of \(choice.fresh.count { $0 != nil }), on validation images"))
    }
    if let choice = findings.choice, let test = choice.test {
      numbers.append(
        NumberView(
          label: "Test", value: Format.percent(test), unit: "",
          note: "of the one that was chosen, read once"))
    }
    return numbers
  }

  /// What all trials have in common.
  private var shared: [LabelView] {
    var varied = Set(findings.parameters).union(["seed"])
    // The usual rate is the optimizer's own.
    if varied.contains("optimizer"), sweep.base.learningRate == nil {
      varied.insert("learning-rate")
    }
    return sweep.base.fields.compactMap { field in
      guard let value = field.value, !varied.contains(field.name) else { return nil }
      return LabelView(name: field.title, text: value)
    }
  }
}
