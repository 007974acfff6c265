import Evaluation
import Figures
import Questions
import Study

extension ComparisonChapter {
  var questions: [Question] {
    results.comparisons.enumerated().map { luck($1, number: $0 + 1) } + kinds
  }

  private func luck(_ other: ComparisonFacts, number: Int) -> Question {
    let name = Wording.short(other.name)
    let verdict =
      other.isBeyondChance
      ? "so small that chance is a poor explanation: the difference is real on images like these"
      : "so chance alone could have made the difference"
    return Question(
      "luck-\(number)",
      "\(model) scores \(Format.percent(evaluation.accuracy)) and \(name) "
        + "\(Format.percent(other.accuracy)). Is the difference more than luck?",
      .choice(
        Question.Choice(
          ["yes, chance is a poor explanation", "no, chance alone could have made it"],
          right: [other.isBeyondChance ? 0 : 1],
          reply: "Look at the images on which they disagree: how unevenly do these split?")),
      answer:
        "Look only at the images on which they disagree: \(Format.count(other.onlyStudiedRight)) "
        + "went to \(model) and \(Format.count(other.onlyOtherRight)) to \(name). If both were "
        + "equally good, these would split evenly; the p-value of what happened is "
        + "\(Format.significant(other.pValue, 2)), \(verdict).")
  }

  /// A network with what is asked of it.
  private struct Side {
    let name: String
    let accuracy: Double
    let errors: Int
    let parameters: Int
  }

  /// What the course asks of a convolutional network beside a simple one; nothing where there are not both.
  private var kinds: [Question] {
    let own = Side(
      name: model, accuracy: evaluation.accuracy, errors: evaluation.errors,
      parameters: results.model.parameters)
    let isConvolutional = results.model.isConvolutional
    guard let other = results.comparisons.first(where: { $0.isConvolutional != isConvolutional })
    else { return [] }
    let beside = Side(
      name: Wording.short(other.name), accuracy: other.accuracy, errors: other.errors,
      parameters: other.parameters)
    let (cnn, simple) = isConvolutional ? (own, beside) : (beside, own)
    return [accuracy(cnn, simple), parameters(cnn, simple)]
  }

  private func accuracy(_ cnn: Side, _ simple: Side) -> Question {
    let gain = 100 * (cnn.accuracy - simple.accuracy)
    return Question(
      CourseQuestion.cnnAccuracy.rawValue,
      "How many percentage points more of the test images does \(cnn.name), with convolutions, read than \(simple.name)?",
      .number(
        Question.Number(
          gain, tolerance: 0.06, near: 0.3, unit: "points",
          mistakes: [
            Question.Mistake(100 * cnn.accuracy, "That is what \(cnn.name) reads."),
            Question.Mistake(100 * simple.accuracy, "That is what \(simple.name) reads."),
            Question.Mistake(-gain, "The other way round."),
            Question.Mistake(
              Double(simple.errors - cnn.errors),
              "That is how many images; now as a share of all \(Format.count(evaluation.count))."),
          ])),
      answer:
        "\(Format.fixed(gain, 2)): \(cnn.name) reads \(Format.percent(cnn.accuracy)), \(simple.name) "
        + "\(Format.percent(simple.accuracy)). In errors that is \(Format.count(cnn.errors)) against \(Format.count(simple.errors))."
    )
  }

  private func parameters(_ cnn: Side, _ simple: Side) -> Question {
    let ratio = Double(cnn.parameters) / Double(max(1, simple.parameters))
    return Question(
      CourseQuestion.cnnParameters.rawValue,
      "\(simple.name) has no convolutions and \(Wording.counted(simple.parameters, "parameter")). How many times as many has \(cnn.name)?",
      .number(
        Question.Number(
          ratio, tolerance: 0.055 * max(1, ratio), near: 0.2 * ratio, unit: "times",
          mistakes: [
            Question.Mistake(
              Double(cnn.parameters), "That is how many it has; now divide."),
            Question.Mistake(1 / ratio, "The other way round."),
          ])),
      answer:
        "\(Format.significant(ratio, 2)) times: \(Format.count(cnn.parameters)) against \(Format.count(simple.parameters)). A "
        + "convolution uses the same few weights everywhere, so it does much of the work with few of them."
    )
  }
}
