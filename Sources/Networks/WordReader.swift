extension WordArguments {
  /// The words of a text such as `conv(32,3) relu`, each with its arguments.
  ///
  /// - Parameters:
  ///   - text: words between spaces, values in parentheses right behind a word.
  ///   - noun: what a word stands for, in messages: “layer”.
  /// - Returns: the words in their order.
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public static func list(
    in text: String, noun: String
  ) throws(SpecificationError) -> [WordArguments] {
    var reader = WordReader(text, noun: noun)
    return try reader.read()
  }
}

private struct WordReader {
  private let text: String
  private let noun: String
  private let characters: [Character]
  private var position = 0

  /// More words than this are a mistake.
  private static let mostWords = 1000

  init(_ text: String, noun: String) {
    self.text = text
    self.noun = noun
    characters = Array(text)
  }

  private func error(_ message: String, _ place: Range<Int>) -> SpecificationError {
    SpecificationError(message: message, text: text, place: place)
  }

  mutating func read() throws(SpecificationError) -> [WordArguments] {
    var words: [WordArguments] = []
    skipSpaces()
    while position < characters.count {
      let start = position
      let word = takeWord()
      guard !word.isEmpty else {
        throw error("expected a \(noun), found “\(characters[position])”", position..<position + 1)
      }
      let place = start..<position
      let arguments = try takeArguments(of: word)
      words.append(
        WordArguments(word, arguments, in: text, at: place, with: start..<position))
      guard words.count <= Self.mostWords else {
        throw error("more than \(Self.mostWords) \(noun)s", place)
      }
      skipSpaces()
    }
    return words
  }

  private mutating func skipSpaces() {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
  }

  private mutating func takeWord() -> String {
    let start = position
    while position < characters.count,
      characters[position].isLetter || "_-".contains(characters[position])
    {
      position += 1
    }
    return String(characters[start..<position])
  }

  private mutating func takeArguments(
    of word: String
  ) throws(SpecificationError) -> [WordArguments.Argument] {
    guard position < characters.count, characters[position] == "(" else { return [] }
    let open = position
    guard let close = characters[open...].firstIndex(of: ")") else {
      throw error("this parenthesis is not closed", open..<open + 1)
    }
    position = close + 1
    var arguments: [WordArguments.Argument] = []
    var start = open + 1
    for index in open + 1...close where characters[index] == "," || index == close {
      let piece = String(characters[start..<index])
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let trimmed = parts.map { String($0.filter { !$0.isWhitespace }) }
      let place = start..<max(index, start + 1)
      guard let last = trimmed.last, !last.isEmpty else {
        throw error("a value is missing in \(word)", place)
      }
      arguments.append(
        WordArguments.Argument(
          name: trimmed.count == 2 ? trimmed[0] : nil, value: last, place: place))
      start = index + 1
    }
    return arguments
  }
}
