import Evaluation
import Figures
import Study

/// Which images it misreads.
struct MistakesChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let errors = evaluation.errors
    let pairs = evaluation.confusions.prefix(3).map {
      "\(subject.className($0.actual)) read as \(subject.className($0.predicted)) "
        + "(\(Format.count($0.count)))"
    }
    let shown =
      errors > results.mistakes.count
      ? "The surest errors" : Wording.capitalized(Wording.all(errors, "error"))
    let top = Findings.reviewing(results.quality.bands, of: evaluation.count)
    let words =
      errors == 0
      ? "There are none on these test images. That does not mean that there will never be one: "
        + "with \(Format.count(evaluation.count)) images, an error rate of up to "
        + "\(Format.percent(1 - evaluation.accuracyInterval.low)) is still plausible."
      : "\(shown)\(errors > 1 ? ", the most confident first" : ""). \(top) The most frequent: \(Wording.list(Array(pairs)))."
    let review = reviewed()
    return ChapterOutline(
      id: "mistakes", title: "Mistakes",
      question: "Which \(subject.nouns) does it misread, and would you?",
      goal: "You will be able to tell a blind spot from an image that nobody could read.",
      paragraphs: [words],
      notes: [
        (
          "Try this",
          "Cover the caption and name the \(subject.noun) yourself. Where you hesitate, the label "
            + "is arguable; where you do not, the network has a blind spot."
        )
      ],
      illustrations: figure.mistakes(results.mistakes, quality: results.quality)
        + [
          results.cases.flatMap(figure.sureCases), results.labelNoise.map(figure.labelNoise),
        ].compactMap { $0 },
      checkpoints: [review])
  }

  /// What a person who checks the doubtful answers would find.
  private func reviewed() -> (String, String) {
    let review = results.quality.review
    let (checked, caught, left) = (review.checked, review.caught, review.missed)
    return (
      "If a person checks every \(subject.noun) of which the network is at most 90% sure, how many errors remain?",
      "\(Format.count(left)). Checking \(Wording.counted(checked, subject.noun)), "
        + "\(Findings.percent(checked, of: evaluation.count, decimals: 1)) of "
        + "all, finds \(Wording.counted(caught, "error"))."
        + (left == 0
          ? ""
          : left == 1
            ? " The remaining one is sure and wrong." : " The remaining ones are sure and wrong.")
    )
  }
}
