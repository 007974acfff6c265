/// A Python expression as a tree, which knows how a line that is too long is broken.
///
/// Lines are broken as the formatter Black does at its usual 88 columns, so that whoever formats the file changes nothing.
package indirect enum PythonExpression {
  /// Words that are never broken.
  case text(String)
  /// A function's name and what it is called with.
  case call(String, [PythonExpression])
  /// A list.
  case list([PythonExpression])

  private static let width = 88

  /// The expression in one line.
  package var line: String {
    switch self {
    case .text(let text): text
    case .call(let name, let arguments): "\(name)(\(Self.joined(arguments)))"
    case .list(let items): "[\(Self.joined(items))]"
    }
  }

  private static func joined(_ parts: [PythonExpression]) -> String {
    parts.map(\.line).joined(separator: ", ")
  }

  /// The expression in as many lines as it needs.
  ///
  /// - Parameters:
  ///   - prefix: what stands before it in the first line, such as `x = `.
  ///   - suffix: what stands behind it in the last.
  ///   - indent: blanks before every line.
  /// - Returns: the lines, without their ends.
  func lines(after prefix: String = "", before suffix: String = "", indent: Int = 0) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    let whole = "\(blanks)\(prefix)\(line)\(suffix)"
    let (opening, parts, closing): (String, [PythonExpression], String)
    // A list that is broken has an item on each line, a call only if its arguments do not fit into one.
    switch self {
    case .text: return [whole]
    case .call(let name, let arguments): (opening, parts, closing) = ("\(name)(", arguments, ")")
    case .list(let items): (opening, parts, closing) = ("[", items, "]")
    }
    guard whole.count > Self.width, !parts.isEmpty else { return [whole] }
    let inside = "\(blanks)    \(Self.joined(parts))"
    let body =
      isCall && inside.count <= Self.width
      ? [inside]
      : parts.flatMap { $0.lines(before: parts.count == 1 ? "" : ",", indent: indent + 4) }
    return ["\(blanks)\(prefix)\(opening)"] + body + ["\(blanks)\(closing)\(suffix)"]
  }

  private var isCall: Bool {
    if case .call = self { true } else { false }
  }
}

extension PythonExpression {
  /// A string, whatever stands in it: what a terminal or an editor might obey is escaped.
  package static func string(_ text: String) -> PythonExpression {
    // The quotation mark that needs fewer escapes.
    let quote: Unicode.Scalar = text.count { $0 == "\"" } > text.count { $0 == "'" } ? "'" : "\""
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator:
        let hex = String(scalar.value, radix: 16)
        let (mark, digits) =
          scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
        result += "\\\(mark)" + String(repeating: "0", count: digits - hex.count) + hex
      case _ where scalar == quote || scalar == "\\": result += "\\\(scalar)"
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return .text(result + String(quote))
  }

  /// A number that Python and then float32 read as the same one.
  static func number(_ value: Float) -> PythonExpression { .text(value.description) }
}
