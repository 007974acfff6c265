import Drawing
import Evaluation
package import Experiments
import Figures
package import Files
import Foundation
import Training

/// A page about a sweep: which configuration is best, what matters, and what choosing cost.
package struct SweepPage: Sendable {
  private let folder: SweepFolder
  private let isFinished: Bool
  private let findings: SweepFindings
  private let choice: SweepChoice?
  private let templates: Templates

  /// A page about what a sweep has found so far.
  ///
  /// - Returns: `nil` if no trial came to something yet.
  package init?(_ progress: SweepProgress, choice: SweepChoice?, templates: Templates) {
    guard let findings = SweepFindings(progress) else { return nil }
    self.findings = findings
    (folder, isFinished) = (progress.folder, progress.isFinished)
    // What was chosen before the sweep was widened says nothing of what is best now.
    self.choice = choice?.id == findings.ranking.first?.id ? choice : nil
    self.templates = templates
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
    let count = folder.configurations.count
    return try ChaptersPage(
      kind: "Sweep",
      run: String(SHA256(of: Array(try folder.sweep.json.utf8)).hexadecimal.prefix(12)),
      dataset: folder.sweep.base.dataset ?? "",
      headline: "Which of \(Wording.counted(count, "configuration")) is best, and why?", deck: deck,
      advice:
        "Configurations are compared on validation images, which no network learned from. The test images are read once, for the one that was chosen.",
      numbers: numbers, shared: shared,
      chapters: chapters(SweepFigures(findings, of: folder.sweep)),
      data: (Self.dataName, ContiguousArray(try encoder.encode(findings))), templates: templates
    ).write(to: path)
  }

  private var deck: String {
    guard let best = findings.ranking.first else { return "" }
    let words = SweepFigures.words(best.values, of: findings.parameters)
    let alike = findings.ranking.count { $0.isLikeBest } - 1
    let rivals = findings.ranking.count - 1
    return
      "The best\(isFinished ? "" : " so far"): \(words), with \(Format.percent(best.accuracy)) of the validation images right. "
      + (alike > 0
        ? "Of \(Wording.counted(rivals, "other")) that came as far, \(Format.count(alike)) cannot be told apart from it."
        : rivals > 0
          ? "It is ahead of the \(Wording.counted(rivals, "other")) that came as far by more than the choice of images explains."
          : "")
      + (isFinished ? "" : " The sweep is not done: this is what it says so far.")
  }

  private var numbers: [NumberView] {
    let trained = findings.budget.reduce(0) { $0 + $1.trained }
    var numbers = [
      NumberView(
        label: "Configurations", value: Format.count(folder.configurations.count), unit: "",
        note: "\(Wording.counted(folder.sweep.seeds, "seed")) each"),
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
    if let choice, let mean = choice.freshMean {
      numbers.append(
        NumberView(
          label: "With fresh seeds", value: Format.percent(mean), unit: "",
          note: "mean of \(choice.fresh.count), on validation images"))
    }
    if let choice, let test = choice.test {
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
    if varied.contains("optimizer"), folder.sweep.base.learningRate == nil {
      varied.insert("learning-rate")
    }
    return folder.sweep.base.fields.compactMap { field in
      guard let value = field.value, !varied.contains(field.name) else { return nil }
      return LabelView(name: field.title, text: value)
    }
  }

  private func chapters(_ figures: SweepFigures) -> [ChaptersPage.Chapter] {
    func chapter(
      _ id: String, _ title: String, _ question: String, _ goal: String, _ paragraphs: [String],
      _ illustrations: [Illustration], _ checkpoint: (String, String)
    ) -> ChaptersPage.Chapter {
      ChaptersPage.Chapter(
        id: id, title: title, question: question, goal: goal, paragraphs: paragraphs,
        illustrations: illustrations, checkpoint: checkpoint)
    }
    return [
      chapter(
        "best", "The best", "What combination works best?",
        "You can say which configurations are really ahead, and which were only lucky.",
        [
          "Two configurations whose intervals share a good part differ by no more than the choice of validation images explains. Of many that are equally good, one comes first by luck."
        ] + choiceWords, [figures.ranking],
        (
          "Why is the best configuration's validation accuracy a little too good?",
          "It was chosen for being the highest of many, and what made it the highest was in part luck, which does not come again."
        )),
      chapter(
        "parameters", "What matters", "Which parameters make the difference?",
        "You know which parameter to look at first, and which hardly matters.",
        [
          "Every figure here compares configurations after \(Wording.counted(findings.comparedAfter, "epoch")), when all had been trained equally long. What is best early need not be best late: slow learners are at a disadvantage."
        ], [figures.importances].compactMap { $0 } + figures.slices + figures.pairs,
        (
          "A parameter has a small share. Does that mean that it does not matter?",
          "Only that it does not among the values that were tried: had they been further apart, or had one broken training, it might have come first."
        )),
      chapter(
        "common", "In common", "What do the best have in common?",
        "You can see whether good configurations agree, or whether there are several ways.",
        ["Follow the lines from left to right: where they crowd on one value, the best agree."],
        [figures.common].compactMap { $0 },
        (
          "Lines cross all over an axis. What does it say?",
          "The best do not agree on that parameter: either it hardly matters, or it depends on the others."
        )),
      chapter(
        "generalisation", "Training against validation",
        "Does it learn its images by heart?",
        "You can tell a network that generalises from one that remembers.", [],
        [figures.gaps].compactMap { $0 },
        (
          "Why is training accuracy measured without dropout here?",
          "With dropout on, the network is handicapped while it learns; the comparison would blame it for what dropout does, not for what it knows."
        )),
      chapter(
        "course", "How it went", "Where did the time go?",
        "You know what stopping early saves, and what it risks.", [],
        [figures.curves, figures.budget].compactMap { $0 },
        (
          "What could go wrong when two thirds are stopped after the first rung?",
          "A configuration that learns slowly but ends well, such as one with much dropout or a small learning rate, may be among them."
        )),
    ]
  }

  private var choiceWords: [String] {
    guard let choice, let mean = choice.freshMean else {
      return ["What choosing cost is not known yet: sweep best trains the best with fresh seeds."]
    }
    let change = mean - choice.chosen
    return [
      "When it was chosen among \(Wording.counted(choice.configurations, "configuration")), the best read \(Format.percent(choice.chosen)) of the validation images. "
        + "Trained again with \(Wording.counted(choice.fresh.count, "fresh seed")), it reads \(Format.percent(mean)) on average, "
        + (change < 0
          ? "\(Format.fixed(-100 * change, 2)) points less."
          : "\(Format.fixed(100 * change, 2)) points more.")
    ]
  }
}
