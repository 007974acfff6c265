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
    return ChapterOutline(
      id: "mistakes", title: "Mistakes",
      question: "Which \(subject.nouns) does it misread, and would you?",
      goal: errors == 0
        ? "You will be able to say what no mistake on so many images proves, and what it does not."
        : "You will be able to tell a blind spot from an image that nobody could read.",
      paragraphs: [words],
      notes: errors == 0
        ? []
        : [
          (
            "Try this",
            "Cover the caption and name the \(subject.noun) yourself. Where you hesitate, the label "
              + "is arguable; where you do not, the network has a blind spot."
          )
        ],
      illustrations: figure.mistakes(results.mistakes, quality: results.quality)
        + [
          results.cases.flatMap {
            figure.sureCases($0, hasMaps: results.model.isConvolutional)
          }, results.labelNoise.map(figure.labelNoise),
        ].compactMap { $0 })
  }
}
