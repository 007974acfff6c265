import Drawing
import Evaluation
package import Experiments
import Figures
package import Files
import Foundation
import Questions

/// A page about what trained networks are worth as a beginning.
package struct TransferPage: Sendable {
  private let results: TransferResults
  private let date: String?
  private let templates: Templates

  /// A page about some results, with a date if one is to be shown.
  package init(_ results: TransferResults, date: String?, templates: Templates) {
    (self.results, self.date, self.templates) = (results, date, templates)
  }

  private static let dataName = "transfer.json"

  /// Checks that a page can be written into a folder, before there is one.
  ///
  /// - Throws: `FileError` if the folder cannot be written to, or holds a page that Inkling did not make.
  package static func check(_ folder: String) throws(FileError) {
    try ChaptersPage.check(folder, data: dataName)
  }

  /// Writes `index.html`, `transfer.json`, and the figures as PNG in `figures/`.
  ///
  /// - Returns: The files, relative to the folder, `index.html` first.
  /// - Throws: `TemplateError`, `FileError`, `CairoError` or `PictureError`.
  package func write(to path: String) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let data = ContiguousArray(try encoder.encode(results))
    return try ChaptersPage(
      kind: "Transfer", run: String(SHA256(of: Array(data)).hexadecimal.prefix(12)),
      dataset: results.dataset, headline: headline, deck: deck,
      advice:
        "Every number is of test images: none was chosen by them, and none is known to have learned from them. Each dot is the mean over draws of other examples and seeds, its line the 95% interval of that mean.",
      numbers: numbers,
      shared: [date].compactMap { $0 }.map { LabelView(name: "Date", text: $0) },
      chapters: [curvesChapter, gainChapter].compactMap { $0 }, data: (Self.dataName, data),
      templates: templates
    ).write(to: path)
  }

  private var names: [String] { results.sources.map { Wording.short($0.name) } }

  private var headline: String {
    "What \(Wording.list(names)) \(names.count == 1 ? "is" : "are") worth as a beginning for \(Wording.short(results.dataset))"
  }

  /// The number of examples of which the gain is told: the one closest to ten.
  private var told: Int? {
    results.series.flatMap(\.points).compactMap(\.examples).min { abs($0 - 10) < abs($1 - 10) }
  }

  private var deck: String {
    guard let told, let best = best(at: told) else { return "" }
    let scratch = results.series.filter { $0.way == .scratch && $0.model == best.series.model }
      .flatMap(\.points).first { $0.examples == told }
    return
      "With \(Wording.counted(told, "example")) of each of the \(results.classes) classes, \(words(best.series)), reads "
      + "\(Format.percent(best.point.mean)) of the test images in the mean, the most of all beginnings here"
      + (best.series.way == .scratch
        ? "."
        : scratch.map { "; the same network from scratch reads \(Format.percent($0.mean))." } ?? ".")
  }

  private func best(
    at examples: Int
  ) -> (series: TransferResults.Series, point: TransferResults.Point)? {
    results.series.compactMap { series in
      series.points.first { $0.examples == examples }.map { (series, $0) }
    }.max { $0.1.mean < $1.1.mean }
  }

  private func words(_ series: TransferResults.Series) -> String {
    let scratches = results.series.count { $0.way == .scratch }
    let network = series.way == .scratch && scratches > 1 ? Wording.short(series.model) : nil
    return [network, series.source.map { Wording.short($0) }, series.way.words].compactMap(\.self)
      .joined(separator: ", ")
  }

  private var numbers: [NumberView] {
    var numbers = [
      NumberView(
        label: "Networks trained",
        value: Format.count(
          results.series.flatMap(\.points).reduce(0) { $0 + $1.accuracies.count }), unit: "",
        note: "\(Format.count(results.testCount)) test images each")
    ]
    for facts in results.sources {
      guard let untouched = facts.untouched else { continue }
      numbers.append(
        NumberView(
          label: "\(Wording.short(facts.name)) as it is", value: Format.percent(untouched),
          unit: "", note: known(facts)))
    }
    return numbers
  }

  /// What a source has to do with the images that are learned.
  private func known(_ facts: TransferResults.SourceFacts) -> String {
    switch facts.known {
    case nil: "it does not say what it was trained on"
    case 0?: "without having learned from any of these images"
    case let count?:
      "trained on \(Format.count(count)) of the \(Format.count(results.trainCount)) training images itself"
    }
  }

  private func familiarity(_ facts: TransferResults.SourceFacts) -> String {
    switch facts.known {
    case nil: "It does not say which images it has learned from."
    case 0?: "It has learned from none of the images that are learned here."
    case let count?:
      "It has learned from \(Format.count(count)) of the \(Format.count(results.trainCount)) training images itself, so that "
        + "its examples are not new to it."
    }
  }

  private var curvesChapter: ChaptersPage.Chapter {
    ChaptersPage.Chapter(
      id: "examples", title: "Errors against examples",
      question: "How many examples does a trained network save?",
      goal: "You can say when it is worth beginning with a trained network, and when not.",
      paragraphs: [
        "From scratch, everything has to be learned from the few examples there are. A trained network brings what it has "
          + "learned of other images: frozen, only its last layer learns what the new classes look like; fine-tuned, all of "
          + "it moves."
      ]
        + results.sources.map { facts in
          "\(Wording.short(facts.name)) was trained on \(facts.dataset.isEmpty ? "images it does not name" : Wording.short(facts.dataset)). "
            + familiarity(facts)
        }, illustrations: [curves],
      checkpoint: Question(
        "transfer-meeting", "If curves meet where there are many examples, why is that?",
        points: [
          "The images themselves teach what the beginning brought.",
          "That takes enough of them.",
        ],
        answer:
          "What a beginning brings can also be learned from the images themselves, if there are enough of them."
      ))
  }

  private var diverged: Int {
    results.series.flatMap(\.points).reduce(0) { $0 + $1.diverged }
  }

  /// Errors against the number of examples.
  package var curves: Illustration {
    let perClass = Double(results.trainCount) / Double(max(1, results.classes))
    func x(_ point: TransferResults.Point) -> Double { point.examples.map(Double.init) ?? perClass }
    /// The share that is misread; what is left of none, for a logarithmic axis.
    func error(_ accuracy: Double) -> Double {
      min(1, max(1 - accuracy, 0.5 / Double(max(1, results.testCount))))
    }
    let lines = results.series.map { series in
      LineChart.Series(
        words(series), points: series.points.map { Point(x($0), error($0.mean)) },
        emphasis: series.way == .fineTuned ? .main : .reference, label: words(series),
        intervals: series.points.map { point in
          let range = point.interval?.range ?? point.mean...point.mean
          return error(range.upperBound)...error(range.lowerBound)
        })
    }
    var chart = LineChart(
      lines, xTitle: "examples of each class", yTitle: "test images misread")
    chart.yStyle = .percent
    chart.isLogarithmic = true
    chart.isLogarithmicInX = true
    let hasAll = results.series.contains { $0.points.contains { $0.examples == nil } }
    return Illustration(
      FigureText(
        name: "examples",
        title: told.flatMap(best).map {
          "With \(told ?? 0) examples of each class, \(words($0.series)), reads most in the mean."
        } ?? "Errors against examples",
        caption:
          "Share of the test images that is misread, in the mean over draws of examples and seeds, with the 95% interval of the mean. Both axes are logarithmic: a step down is a factor."
          + (hasAll
            ? " The last points are all \(Format.count(results.trainCount)) training images, over fewer seeds."
            : "")
          + (diverged > 0
            ? " \(Wording.counted(diverged, "training")) diverged and \(diverged == 1 ? "is" : "are") left out."
            : "")),
      chart)
  }

  private var gainChapter: ChaptersPage.Chapter? {
    let rows = results.series.compactMap { series in
      told.flatMap { told in series.points.first { $0.examples == told } }.map { (series, $0) }
    }
    guard let told, rows.count > 1 else { return nil }
    let chart = IntervalDots([
      IntervalDots.Panel(
        "accuracy on the test images",
        rows: rows.map { series, point in
          IntervalDots.Row(
            words(series), value: point.mean, interval: point.interval?.range,
            ink: series.way == .scratch ? .ink3 : .ink)
        })
    ])
    return ChaptersPage.Chapter(
      id: "beginnings", title: "Beginnings side by side",
      question: "What is gained with \(told) examples of each class?",
      goal: "You can tell what the frozen layers bring from what fine-tuning adds.",
      paragraphs: [],
      illustrations: [
        Illustration(
          FigureText(
            name: "beginnings",
            title: "\(told) examples of each class, by how the network begins.",
            caption:
              "Mean over \(Wording.counted(rows[0].1.accuracies.count, "draw")) of examples and seeds; the line is the 95% interval of the mean."
          ), chart)
      ],
      checkpoint: Question(
        "transfer-few", "Why can fine-tuning be behind freezing where examples are fewest?",
        points: [
          "Moving all layers can fit a few examples by heart.",
          "It may forget what it knew; a head alone has less room to.",
        ],
        answer:
          "With next to nothing to go by, moving all layers lets the network fit the few examples and forget what it knew; a head alone has less room to."
      ))
  }
}
