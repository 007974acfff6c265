import Figures
import Questions
import Study

extension SequenceChapter {
  var questions: [Question] {
    if let facts = results.recurrence { return [rows(facts), gates(facts)].compactMap { $0 } }
    return results.attention.map { [heads($0), explains] } ?? []
  }

  private func rows(_ facts: RecurrenceFacts) -> Question? {
    guard let half = facts.rowsForHalf else { return nil }
    return Question(
      "rows-for-half",
      "After how many rows of the \(subject.noun) does it read half of them correctly?",
      .number(
        Question.Number(
          Double(half), tolerance: Double(facts.halfTolerance),
          near: Double(facts.halfTolerance + 2),
          mistakes: [
            Question.Mistake(
              Double(facts.rows), "Behind the last row it reads far more than half."),
            Question.Mistake(
              Double(facts.rows) / 2,
              "Half of the rows is not half of the answers: many \(subject.nouns) begin alike."),
          ])),
      answer: Findings.rowsNeeded(facts, subject: subject))
  }

  private func gates(_ facts: RecurrenceFacts) -> Question {
    Question(
      "gates",
      "Why do gates help against vanishing gradients?",
      points: [
        "Without gates every step back multiplies the gradient by the same weights and by slopes of at most 1.",
        "Small factors, many times, leave next to nothing for the first rows.",
        "Where a gate stays open, the memory is handed on nearly as it is, and the gradient with it.",
      ],
      answer:
        "An open gate hands the memory on as it is, and with it the gradient; without gates each step multiplies it by the same "
        + "weights and by slopes below 1. Gates drawn at random stand half shut. "
        + Findings.slopes(facts))
  }

  private func heads(_ facts: AttentionFacts) -> Question {
    Question(
      "heads", "Do all heads look equally far, and what is it good for?",
      points: [
        "It reads distances off the chart, and compares them with a head that looks everywhere alike.",
        "Near looks find strokes and edges, far ones bring parts of the image together.",
      ], answer: Findings.distances(facts))
  }

  private var explains: Question {
    Question(
      "attention-explains", "Is what it looks at what its answer hangs on?",
      points: [
        "Attention says where numbers are fetched from, not what they are used for.",
        "It can be measured: blank what the map calls important, and see what becomes of the answer.",
      ], answer: Findings.rollout(results.explanations))
  }
}
