import Experiments
import Study

/// What a sweep over the run's parameters found; left out without one.
struct SweepChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let findings = results.sweep else { return nil }
    let sections = SweepSections(findings).all
    return ChapterOutline(
      id: "sweep", title: "Better settings",
      question: "Which settings are best, and which of them matter?",
      goal:
        "You will be able to say which settings are really ahead, which were only lucky, and what searching cost.",
      paragraphs: [
        "\(Wording.counted(findings.configurations, "configuration")) were trained on the same images. \(Findings.best(findings))"
      ] + sections.flatMap(\.paragraphs), notes: [],
      illustrations: sections.flatMap(\.illustrations),
      checkpoints: sections.filter { !$0.illustrations.isEmpty }.map {
        ($0.checkpoint.question, $0.checkpoint.answer)
      })
  }
}
