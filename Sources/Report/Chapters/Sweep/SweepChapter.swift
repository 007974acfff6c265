import Experiments
import Figures
import Questions
import Study

/// What a sweep over the run's parameters found; left out without one.
struct SweepChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let findings = results.sweep else { return nil }
    let sections = SweepSections(findings).all.filter { !$0.illustrations.isEmpty }
    return ChapterOutline(
      id: "sweep", title: "Better settings",
      question: "Which settings are best, and which of them matter?",
      goal:
        "You will be able to say which settings are really ahead, which were only lucky, and what searching cost.",
      paragraphs: [
        "A sweep of \(Wording.counted(findings.configurations, "configuration")) on the same images"
          + (findings.diverged + findings.refused > 0
            ? "; \(Wording.counted(findings.diverged, "trial")) diverged, \(Format.count(findings.refused)) were refused."
            : ".") + " \(Findings.best(findings))"
      ] + sections.flatMap(\.paragraphs), notes: [],
      illustrations: sections.flatMap(\.illustrations))
  }

  var questions: [Question] {
    let sections = results.sweep.map { SweepSections($0).all } ?? []
    return sections.filter { !$0.illustrations.isEmpty }.map(\.checkpoint)
  }
}
