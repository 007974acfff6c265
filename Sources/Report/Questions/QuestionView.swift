import Foundation
import Questions

/// A question for its template.
struct QuestionView {
  /// Distinguishes it from the others of the page.
  var name: String
  /// The chapter in which it stands.
  var chapter: String
  var question: String
  /// What grades an answer, as JSON.
  var facts: String
  var answer: String
  /// What there is to choose from.
  var options: [String]
  var hasOptions: Bool
  /// What a good answer says.
  var points: [String]
  var hasPoints: Bool

  /// A question where it stands.
  init(_ question: Question) {
    name = question.id
    chapter = question.chapter
    self.question = question.text
    answer = question.answer
    (options, points) =
      switch question.form {
      case .number: ([], [])
      case .choice(let choice): (choice.options, [])
      case .open(let points): ([], points)
      }
    (hasOptions, hasPoints) = (!options.isEmpty, !points.isEmpty)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    facts = (try? encoder.encode(question.form)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
