import Evaluation
import Figures
import Questions
import Study

extension QualityChapter {
  var questions: [Question] { [confusion, difference].compactMap { $0 } }

  /// Confusions among which the most frequent is to be found.
  private static let offered = 5

  private var confusion: Question? {
    guard evaluation.errors > 0 else { return nil }
    let (told, share) = results.quality.foremost(3)
    let words = told.map {
      "\(pair($0)) (\($0.count == 1 ? "once" : "\(Format.count($0.count)) times"))"
    }
    let kinds = subject.isDigits ? "digits" : "classes"
    let answer =
      "\(Wording.list(words)): together \(Format.percent(share, decimals: 0)) of its "
      + "\(Wording.counted(evaluation.errors, "error"))."
    // In the order of the classes, which says nothing about how often.
    let all = evaluation.confusions
    let offered = all.prefix(Self.offered).sorted {
      ($0.actual, $0.predicted) < ($1.actual, $1.predicted)
    }
    let right = offered.indices.filter { offered[$0].count == all[0].count }
    let id = CourseQuestion.mostConfused.rawValue
    guard right.count < offered.count else {
      return Question(
        id, "Which \(kinds) does it confuse most often?",
        points: [
          "It tells what was read from what was there.",
          "No confusion stands out among so few errors.",
        ], answer: answer)
    }
    return Question(
      id, "Which \(kinds) does it confuse most often?",
      .choice(
        Question.Choice(
          offered.map(pair), right: right,
          reply: "That happens, but not most often. Rows of the matrix are what was there.")),
      answer: answer)
  }

  private func pair(_ confusion: EvaluationResult.Confusion) -> String {
    "\(subject.className(confusion.actual)) read as \(subject.className(confusion.predicted))"
  }

  private var difference: Question {
    let other = evaluation.rival
    return Question(
      "small-difference",
      "Another network scores \(Format.percent(other.accuracy)) on these \(Format.count(evaluation.count)) "
        + "images, this one \(Format.percent(evaluation.accuracy)). Is the other \(other.isWorse ? "worse" : "better")?",
      .choice(
        Question.Choice(
          ["yes", "no", "that cannot be told from these two numbers"], right: [2],
          reply: "How far would chance in the choice of test images move either number?")),
      answer:
        "You cannot tell from that. The difference is \(Wording.counted(other.images, "image")), and the "
        + "95% interval of such a difference is about ±\(Wording.counted(Int(other.chance.rounded()), "image")). Compare them on the same "
        + "images, counting only those on which they disagree.")
  }
}
