/// What an answer comes to.
public struct Grade: Codable, Hashable, Sendable {
  /// How good an answer is.
  public enum Verdict: String, Codable, CaseIterable, Sendable {
    /// It is right.
    case right
    /// A number that is nearly right.
    case close
    /// It is wrong.
    case wrong
    /// Words, which no program grades: the learner held them against the points of a good answer.
    case open
  }

  /// How good it is.
  public let verdict: Verdict
  /// What to say to it.
  public let reply: String

  /// A grade.
  public init(_ verdict: Verdict, _ reply: String) {
    self.verdict = verdict
    self.reply = reply
  }
}

extension Question.Number {
  /// Grades a number.
  ///
  /// A share of 1 is as good as its percentage, unless a percent sign says otherwise.
  public func grade(_ number: WrittenNumber) -> Grade {
    let isShare = unit == "%" && !number.isPercent && abs(number.value) <= 1
    let values = isShare ? [number.value, 100 * number.value] : [number.value]
    func isNear(_ other: Double, _ distance: Double) -> Bool {
      // What is rounded on the way to the learner and back still counts.
      let slack = 1e-9 * max(1, abs(other))
      return values.contains { abs($0 - other) <= distance + slack }
    }
    if isNear(value, tolerance) { return Grade(.right, "Right.") }
    if let mistake = mistakes.first(where: { isNear($0.value, tolerance) }) {
      return Grade(.wrong, mistake.reply)
    }
    if isNear(value, near) { return Grade(.close, "Close, but not quite.") }
    return Grade(
      .wrong, number.value < value ? "Not yet: that is too low." : "Not yet: that is too high.")
  }
}

extension Question.Choice {
  /// Grades the option at a place.
  public func grade(_ place: Int) -> Grade {
    right.contains(place) ? Grade(.right, "Right.") : Grade(.wrong, reply)
  }

  /// The place of an option by its words: exactly these, as the page has it, or the only ones that differ in case and spaces
  /// alone; `nil` if there is none.
  public func place(of words: String) -> Int? {
    if let exact = options.firstIndex(of: words) { return exact }
    func plain(_ text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
    let alike = options.indices.filter { plain(options[$0]) == plain(words) }
    return alike.count == 1 ? alike[0] : nil
  }
}

extension Question {
  /// Grades what somebody answered.
  ///
  /// - Throws: `AnswerError` if it is no answer to a question of this kind.
  /// - Returns: What it comes to.
  public func grade(_ given: GivenAnswer) throws(AnswerError) -> Grade {
    switch (form, given) {
    case (.number(let number), .number(let value)): return number.grade(WrittenNumber(value))
    case (.number(let number), .text(let words)):
      guard let written = WrittenNumber(words) else { throw refusal("a number") }
      return number.grade(written)
    case (.choice(let choice), .text(let words)):
      guard let place = choice.place(of: words) else {
        throw refusal("one of: \(choice.options.joined(separator: "; "))")
      }
      return choice.grade(place)
    case (.open(let points), .text): return Grade(.open, "No points ticked of \(points.count).")
    case (.open(let points), .words(_, let ticked)):
      guard Set(ticked).count == ticked.count,
        ticked.allSatisfy({ $0 >= 1 && $0 <= points.count })
      else {
        throw refusal("text with points from 1 to \(points.count)")
      }
      return Grade(.open, "\(ticked.count) of \(points.count) points.")
    case (.number, _): throw refusal("a number")
    case (.choice, _): throw refusal("the words of an option")
    case (.open, _): throw refusal("words, or a table of text and points")
    }
  }

  private func refusal(_ wanted: String) -> AnswerError {
    AnswerError("answers.\(id) must be \(wanted)")
  }
}
