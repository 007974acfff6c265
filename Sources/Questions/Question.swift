/// What a learner is asked about a run, with all that is needed to answer and to grade it.
public struct Question: Hashable, Sendable {
  /// Its name, different from all others of a report and the same in every report that asks it.
  public var id: String
  /// The chapter in which it stands; empty until it stands in one.
  public var chapter = ""
  /// What is asked.
  public var text: String
  /// The answer, worked out for this run.
  public var answer: String
  /// What kind of answer is wanted.
  public var form: Form

  /// The kinds of answers.
  public enum Form: Hashable, Sendable {
    /// A number that this run measured.
    case number(Number)
    /// One of several options.
    case choice(Choice)
    /// The learner's own words, held against these points of a good answer.
    case open(points: [String])
  }

  /// A number to be given.
  public struct Number: Hashable, Sendable {
    /// What this run has.
    public var value: Double
    /// Numbers as near as this are right.
    public var tolerance: Double
    /// Numbers as near as this are nearly right.
    public var near: Double
    /// What it is counted in, such as `%`; empty for a bare number.
    public var unit: String
    /// Likely wrong answers, each with what to say to it.
    public var mistakes: [Mistake]

    /// A number to be given.
    ///
    /// - Parameters:
    ///   - value: what this run has.
    ///   - tolerance: how far from it a right answer may be.
    ///   - near: how far a nearly right one may be; four tolerances or 2 % of the value unless told.
    ///   - unit: what it is counted in.
    ///   - mistakes: likely wrong answers; those that could be taken for the right one, or for one
    ///     before them, are left out.
    public init(
      _ value: Double, tolerance: Double = 0, near: Double? = nil, unit: String = "",
      mistakes: [Mistake] = []
    ) {
      self.value = value
      self.tolerance = tolerance
      self.near = near ?? max(4 * tolerance, 0.02 * abs(value))
      self.unit = unit
      self.mistakes = mistakes.enumerated().filter { place, mistake in
        mistake.value.isFinite && abs(mistake.value - value) > tolerance
          && !mistakes.prefix(place).contains { $0.value == mistake.value }
      }.map(\.element)
    }
  }

  /// A wrong number that has a reason.
  public struct Mistake: Codable, Hashable, Sendable {
    /// The number.
    public var value: Double
    /// What to say to it.
    public var reply: String

    /// A wrong number with what to say to it.
    public init(_ value: Double, _ reply: String) {
      self.value = value
      self.reply = reply
    }
  }

  /// Options to choose from.
  public struct Choice: Hashable, Sendable {
    /// The options in the order in which they are shown.
    public var options: [String]
    /// The places of those that are right, at least one.
    public var right: [Int]
    /// What to say to a wrong one.
    public var reply: String

    /// Options to choose from.
    public init(_ options: [String], right: [Int], reply: String) {
      self.options = options
      self.right = right
      self.reply = reply
    }
  }

  /// A question.
  public init(_ id: String, _ text: String, _ form: Form, answer: String) {
    self.id = id
    self.text = text
    self.form = form
    self.answer = answer
  }

  /// A question that is answered in words.
  public init(_ id: String, _ text: String, points: [String], answer: String) {
    self.init(id, text, .open(points: points), answer: answer)
  }

  /// The question as a chapter asks it.
  ///
  /// - Parameter chapter: the chapter's place in the page.
  /// - Returns: The question with its place.
  public func standing(in chapter: String) -> Question {
    var question = self
    question.chapter = chapter
    return question
  }
}
