/// How a class did on one question.
public struct ClassResult: Hashable, Sendable {
  /// The question.
  public let question: Question
  /// How many answered it.
  public let answered: Int
  /// How many of them were right; nobody, where answers are words.
  public let right: Int
  /// Points of a good answer that they ticked, in the mean, as a share of all; `nil` where there are none to tick.
  public let ticked: Double?

  /// How well it was understood: right answers, or ticked points, as a share of all; `nil` without an answer.
  public var understood: Double? {
    ticked ?? (answered > 0 ? Double(right) / Double(answered) : nil)
  }

  /// How a class did on one question.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - graded: what each of the class answered to any question.
  public init(_ question: Question, _ graded: [QuestionSheet.Graded]) {
    let own = graded.filter { $0.question.id == question.id && $0.grade != nil }
    self.question = question
    answered = own.count
    right = own.count { $0.grade?.verdict == .right }
    guard case .open(let points) = question.form, !own.isEmpty, !points.isEmpty else {
      ticked = nil
      return
    }
    let count = own.reduce(0) { sum, answer in
      guard case .words(_, let ticked) = answer.given else { return sum }
      return sum + ticked.count
    }
    ticked = Double(count) / Double(own.count * points.count)
  }
}
