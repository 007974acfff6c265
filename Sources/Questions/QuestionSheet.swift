public import Foundation

/// The questions of a report, as its `report.json` keeps them.
public struct QuestionSheet: Sendable {
  /// Stands for the run that they are about.
  public let run: String
  /// In the order of the page.
  public let questions: [Question]

  /// Questions about a run.
  public init(run: String, questions: [Question]) {
    self.run = run
    self.questions = questions
  }

  private struct Stored: Decodable {
    struct Model: Decodable { var sha256: String? }
    var model: Model?
    var questions: [Question]?
  }

  /// How much of a file's hash stands for a run.
  public static let runLength = 12

  /// Reads the text of a `report.json`.
  ///
  /// - Throws: `AnswerError` if it is none, or of a version that had no questions to grade.
  public init(json: Data) throws(AnswerError) {
    let stored: Stored
    do {
      stored = try JSONDecoder().decode(Stored.self, from: json)
    } catch {
      throw AnswerError("this is no report.json that can be graded against; write the report again")
    }
    guard let questions = stored.questions, let hash = stored.model?.sha256 else {
      throw AnswerError("an earlier version wrote it, without questions; write the report again")
    }
    self.init(run: String(hash.prefix(Self.runLength)), questions: questions)
  }

  /// An answer with what it comes to.
  public struct Graded: Hashable, Sendable {
    /// The question.
    public let question: Question
    /// What was answered; `nil` for nothing.
    public let given: GivenAnswer?
    /// What it comes to; `nil` without an answer.
    public let grade: Grade?
  }

  /// Grades the answers of one person, question by question.
  ///
  /// - Throws: `AnswerError` for an answer to what is no question here, or of the wrong kind.
  /// - Returns: Every question in its order, answered or not.
  public func grade(_ file: AnswerFile) throws(AnswerError) -> [Graded] {
    let known = Set(questions.map(\.id))
    if let stranger = file.answers.keys.filter({ !known.contains($0) }).min() {
      let isOther = !file.run.isEmpty && file.run != run
      throw AnswerError(
        "answers.\(stranger): the report asks no such question"
          + (isOther ? ", these answers are to the run \(file.run) and it is of \(run)" : ""))
    }
    var graded: [Graded] = []
    for question in questions {
      let given = file.answers[question.id]
      var grade: Grade?
      if let given { grade = try question.grade(given) }
      graded.append(Graded(question: question, given: given, grade: grade))
    }
    return graded
  }
}
