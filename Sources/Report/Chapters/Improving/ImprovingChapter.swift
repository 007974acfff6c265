import Evaluation
import Experiments
import Figures
import Files
import Questions
import Study

/// What was tried to make it better; left out where nothing was.
struct ImprovingChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let experiments = results.experiments, let tried = Tried(results) else { return nil }
    return ChapterOutline(
      id: "improving", title: "Improving it",
      question: "Which settings make it better, and how would you know?",
      goal:
        "You will be able to choose settings by experiment, and tell overfitting from underfitting.",
      paragraphs: [
        "\(Wording.capitalized(Wording.counted(tried.trials.count, "small network"))) were trained on the same images, each with one thing "
          + "changed. They are chosen by the \(experiments.scored) images"
          + (experiments.scored == "validation"
            ? ", which none of them learned from; the test images are kept for the end." : "."),
        Findings.fits(tried),
      ],
      notes: [
        (
          "Two ways to be wrong",
          "Underfitting: it reads not even its training images well, because it is too simple or learns too slowly or wildly. Overfitting: it "
            + "reads them better than any others, because it has learned them by heart."
        ),
        ("To try more", further),
      ],
      illustrations: [
        figure.tried(tried), figure.overfitting(experiments),
        figure.learningRates(experiments)
          .asking(.highRate(experiments, classes: results.model.classes.count)),
      ].compactMap { $0 })
  }

  var questions: [Question] { results.experiments.map(ExperimentQuestions.init)?.all ?? [] }

  /// How the rest is tried.
  private var further: String {
    let plan = Shell.command(
      ["inkling", "sweep", "plan", "--preset", "course", "--output", "sweep"])
    let start =
      "Widths, depths, batch normalisation, augmentation and early stopping take a sweep: "
      + "\(plan), then inkling sweep run sweep; "
    return results.sweep == nil
      ? start + "a report with --sweep sweep then has a chapter of it."
      : start + "the sweep of this report has the next chapter."
  }
}

/// The experiments side by side, with what a sweep on the same images found.
struct Tried {
  let trials: [CourseExperiments.Trial]
  /// The best and the last of a sweep's ranking; empty without one.
  let swept: [(name: String, configuration: SweepFindings.Ranked)]
  /// Which images the runs were scored on.
  let scored: String

  /// The experiments of a report; `nil` without any.
  init?(_ results: StudyResults) {
    guard let experiments = results.experiments else { return nil }
    let validation = experiments.validationCount ?? results.data.validationCount
    let count = experiments.scored == "validation" ? validation : results.data.testCount
    guard count > 0 else { return nil }
    trials = experiments.trials(scoredOn: count)
    guard !trials.isEmpty else { return nil }
    scored = experiments.scored
    let ranking = results.sweep?.ranking ?? []
    swept =
      (ranking.first.map { [("best of the sweep", $0)] } ?? [])
      + (ranking.count > 1 ? ranking.last.map { [("last of the sweep", $0)] } ?? [] : [])
  }
}
