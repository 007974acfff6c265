import Evaluation
import Figures
import Study

/// Other networks beside it; left out without any, and where the first chapter says what changed.
struct ComparisonChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard !results.comparisons.isEmpty, results.change == nil else { return nil }
    let others = results.comparisons
    let names = Wording.list(others.map { Wording.short($0.name) })
    let sentences = others.map { other in
      "\(Wording.short(other.name)) (\(Wording.short(other.specification, limit: 120))) has "
        + "\(Format.count(other.parameters)) parameters and reads \(Format.percent(other.accuracy)) of the same images."
    }
    var illustrations = [figure.comparison(results)]
    if others.contains(where: { !$0.history.isEmpty }) {
      illustrations.append(
        figure.histories(
          [(results.model.name, results.history)] + others.map { ($0.name, $0.history) }))
    }
    illustrations += others.enumerated().filter { !$0.element.flips.isEmpty }.map {
      figure.flips($0.element, number: $0.offset + 1)
    }
    if others.contains(where: { $0.firstLayer != nil }) {
      illustrations.append(figure.firstLayers(results))
    }
    if others.contains(where: { !$0.robustness.isEmpty }) {
      illustrations.append(figure.robustnessBeside(results))
    }
    if !others.contains(where: \.explained.isEmpty), let beside = figure.explainedBeside(results) {
      illustrations.append(beside)
    }
    return ChapterOutline(
      id: "comparison", title: "How does it compare?",
      question: "What does \(model) do that \(names) \(others.count == 1 ? "does" : "do") not?",
      goal:
        "You will be able to compare two networks fairly, and say where the difference comes from.",
      paragraphs: [
        "\(model) has \(Format.count(results.model.parameters)) parameters and reads "
          + "\(Format.percent(evaluation.accuracy)) of the \(Format.count(evaluation.count)) test images. "
          + sentences.joined(separator: " ")
      ],
      notes: [
        (
          "A fair comparison",
          "The same test images, the same split, and a test on the images where the two disagree. One run each: another "
            + "seed would move every accuracy by a little."
        )
      ], illustrations: illustrations)
  }
}
