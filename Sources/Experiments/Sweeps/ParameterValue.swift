/// A value that a sweep gives to a parameter.
package enum ParameterValue: Codable, Hashable, Sendable, CustomStringConvertible {
  /// Yes or no.
  case flag(Bool)
  /// A number.
  case number(Double)
  /// Words, such as an optimizer's name or a network's text.
  case text(String)

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// The value that words of the command line stand for.
  package init(words: String) {
    if let number = Double(words), number.isFinite {
      self = .number(number)
    } else {
      self =
        ["yes", "true"].contains(words)
        ? .flag(true) : ["no", "false"].contains(words) ? .flag(false) : .text(words)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    }
  }

  /// What takes the place of the parameter in a network's text, and what people read.
  package var description: String {
    switch self {
    case .flag(let flag): flag ? "yes" : "no"
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .text(let text): text
    }
  }

  /// The number; `nil` for what is none.
  package var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// The value for `JSONSerialization`.
  var json: Any {
    switch self {
    case .flag(let flag): flag
    case .number(let number): Int(exactly: number) ?? number
    case .text(let text): text
    }
  }
}
