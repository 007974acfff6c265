import Foundation
import TOMLKit

/// What somebody answered to one question.
public enum GivenAnswer: Hashable, Sendable {
  /// A number.
  case number(Double)
  /// Words: a number as it is written, an option, or a free answer.
  case text(String)
  /// A free answer, with the places of the points that it has, from 1.
  case words(String, points: [Int])
}

extension GivenAnswer: Decodable {
  private enum CodingKeys: String, CodingKey { case text, points }

  /// Reads a number, a text, or a table of text and points.
  ///
  /// - Throws: `DecodingError` if it is something else.
  public init(from decoder: any Decoder) throws {
    if let box = try? decoder.container(keyedBy: CodingKeys.self) {
      let points = try box.decodeIfPresent([Int].self, forKey: .points) ?? []
      self = .words(try box.decodeIfPresent(String.self, forKey: .text) ?? "", points: points)
      return
    }
    let box = try decoder.singleValueContainer()
    if let text = try? box.decode(String.self) {
      self = .text(text)
    } else if (try? box.decode(Bool.self)) == nil {
      self = .number(try box.decode(Double.self))
    } else {
      throw DecodingError.dataCorruptedError(in: box, debugDescription: "it is true or false")
    }
  }
}

/// Answers that cannot be graded.
public struct AnswerError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, without the file's name.
  public let description: String

  /// An error in words.
  public init(_ description: String) { self.description = description }
}

/// The answers of one person, as a report's page writes them: TOML with `name`, `date`, `run`, and a table `answers` with one
/// entry for each question.
public struct AnswerFile: Hashable, Sendable {
  /// Who answered; empty if it does not say.
  public let name: String
  /// When; empty if it does not say.
  public let date: String
  /// The run that the questions were about; empty if it does not say.
  public let run: String
  /// What was answered to each question.
  public let answers: [String: GivenAnswer]

  private struct Stored: Decodable {
    var name: String?
    var date: String?
    var run: String?
    var answers: [String: GivenAnswer]?
  }

  /// Reads a TOML document.
  ///
  /// - Throws: `AnswerError` if it is none, or has no answers.
  public init(toml: String) throws(AnswerError) {
    let json: String
    do {
      json = try TOMLTable(string: toml).convert(to: .json)
    } catch let error as TOMLParseError {
      throw AnswerError(
        "line \(error.source.begin.line), column \(error.source.begin.column) is not TOML: \(error.description)"
      )
    } catch {
      throw AnswerError("it is not TOML: \(error)")
    }
    let stored: Stored
    do {
      stored = try JSONDecoder().decode(Stored.self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw AnswerError(Self.words(error))
    } catch {
      throw AnswerError("it cannot be read: \(error)")
    }
    guard let answers = stored.answers, !answers.isEmpty else {
      throw AnswerError("it has no answers: a table [answers] with an entry for each question")
    }
    (name, date, run) = (stored.name ?? "", stored.date ?? "", stored.run ?? "")
    self.answers = answers
  }

  private static func words(_ error: DecodingError) -> String {
    let path =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath.map(\.stringValue)
      @unknown default: [String]()
      }
    // What is wrong before any entry is reached.
    if path.isEmpty { return "it holds a value that cannot be read" }
    let wanted =
      path.first != "answers"
      ? "a text" : path.count < 2 ? "a table" : "a number, a text, or a table of text and points"
    return "\(path.prefix(2).joined(separator: ".")) must be \(wanted)"
  }
}
