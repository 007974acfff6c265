import Evaluation
import Figures
import Questions
import Study

extension MistakesChapter {
  var questions: [Question] {
    guard evaluation.errors > 0 else { return [] }
    let review = results.quality.review
    let (checked, caught, left) = (review.checked, review.caught, review.missed)
    return [
      Question(
        "review",
        "If a person checks every \(subject.noun) of which the network is at most 90% sure, how many errors remain?",
        .number(
          Question.Number(
            Double(left), near: 0,
            mistakes: [
              Question.Mistake(Double(caught), "That is how many errors are found."),
              Question.Mistake(Double(checked), "That is how many are checked."),
              Question.Mistake(
                Double(evaluation.errors), "That is all errors, before anybody checks."),
            ])),
        answer:
          "\(Format.count(left)). Checking \(Wording.counted(checked, subject.noun)), "
          + "\(Findings.percent(checked, of: evaluation.count, decimals: 1)) of "
          + "all, finds \(Wording.counted(caught, "error"))."
          + (left == 0
            ? ""
            : left == 1
              ? " The remaining one is sure and wrong." : " The remaining ones are sure and wrong.")
      )
    ]
  }
}
