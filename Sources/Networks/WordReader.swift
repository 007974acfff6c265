extension WordArguments {
  /// The words of a text such as `conv(32,3) relu`, each with its arguments.
  ///
  /// - Parameters:
  ///   - text: words between spaces, values in parentheses right behind a word.
  ///   - noun: what a word stands for, in messages: “layer”.
  ///   - blocks: words whose parentheses hold branches of words, separated by `|`. If there are any, `3*word` and
  ///     `3*(several words)` repeat what stands behind the star.
  /// - Returns: the words in their order, as often as they are repeated.
  /// - Throws: `SpecificationError` with the place of the first mistake.
  package static func list(
    in text: String, noun: String, blocks: Set<String> = []
  ) throws(SpecificationError) -> [WordArguments] {
    var reader = WordReader(text, noun: noun, blocks: blocks)
    return try reader.read()
  }
}

private struct WordReader {
  private let text: String
  private let noun: String
  private let blocks: Set<String>
  private let characters: [Character]
  private var position = 0
  /// Words read so far, repeated ones as often as they are repeated.
  private var count = 0
  /// Blocks and parentheses that are open.
  private var blockDepth = 0
  private var depth = 0

  /// More words than this are a mistake.
  private static let mostWords = 1000
  /// Blocks within blocks beyond this are a mistake.
  private static let mostDepth = 20
  /// Parentheses within parentheses beyond this are one: each block may hold one more group of repeated words.
  private static let mostParentheses = 50

  init(_ text: String, noun: String, blocks: Set<String>) {
    self.text = text
    self.noun = noun
    self.blocks = blocks
    characters = Array(text)
  }

  private func error(_ message: String, _ place: Range<Int>) -> SpecificationError {
    SpecificationError(message: message, text: text, place: place)
  }

  /// Words up to the end of the text, or within parentheses up to what ends them.
  mutating func read() throws(SpecificationError) -> [WordArguments] {
    var words: [WordArguments] = []
    skipSpaces()
    while position < characters.count, depth == 0 || !"|)".contains(characters[position]) {
      words += try readNext()
      skipSpaces()
    }
    return words
  }

  private mutating func readNext() throws(SpecificationError) -> [WordArguments] {
    let (start, before) = (position, count)
    guard let repeats = try takeRepeats() else { return [try readWord()] }
    skipSpaces()
    var words: [WordArguments] = []
    if position < characters.count, characters[position] == "(" {
      words = try takeBranches(atMost: 1)[0]
      guard !words.isEmpty else {
        throw error("there is no \(noun) to repeat", start..<position)
      }
    } else {
      words = [try readWord()]
    }
    try addToCount((count - before) * (repeats - 1), start..<position)
    return (0..<repeats).flatMap { _ in words }
  }

  private mutating func readWord() throws(SpecificationError) -> WordArguments {
    let start = position
    let word = takeWord()
    guard !word.isEmpty else {
      guard position < characters.count else {
        throw error("expected a \(noun) at the end", max(0, start - 1)..<max(1, start))
      }
      throw error("expected a \(noun), found “\(characters[position])”", position..<position + 1)
    }
    let place = start..<position
    try addToCount(1, place)
    guard blocks.contains(word) else {
      let arguments = try takeArguments(of: word)
      return WordArguments(word, arguments, in: text, at: place, with: start..<position)
    }
    guard position < characters.count, characters[position] == "(" else {
      throw error("\(word) needs its branches, as in \(word)(conv(16,3) relu | conv(16,1))", place)
    }
    guard blockDepth < Self.mostDepth else {
      throw error("more than \(Self.mostDepth) blocks within each other", place)
    }
    blockDepth += 1
    let branches = try takeBranches()
    blockDepth -= 1
    return WordArguments(word, branches: branches, in: text, at: place, with: start..<position)
  }

  private mutating func addToCount(
    _ words: Int, _ place: Range<Int>
  ) throws(SpecificationError) {
    count += words
    guard count <= Self.mostWords else {
      throw error("more than \(Self.mostWords) \(noun)s", place)
    }
  }

  /// The number before a star; `nil` if there is none.
  private mutating func takeRepeats() throws(SpecificationError) -> Int? {
    guard !blocks.isEmpty, characters[position].isASCII, characters[position].isNumber else {
      return nil
    }
    let start = position
    while position < characters.count, characters[position].isNumber { position += 1 }
    let number = Int(String(characters[start..<position]))
    guard let number, (1...Self.mostWords).contains(number) else {
      throw error(
        "expected how often to repeat, from 1 to \(Self.mostWords)", start..<position)
    }
    guard position < characters.count, characters[position] == "*" else {
      throw error("a number repeats what follows: write \(number)*conv(16,3)", start..<position)
    }
    position += 1
    return number
  }

  /// What stands in parentheses, parted by bars.
  private mutating func takeBranches(
    atMost most: Int = .max
  ) throws(SpecificationError) -> [[WordArguments]] {
    let open = position
    guard depth < Self.mostParentheses else {
      throw error(
        "more than \(Self.mostParentheses) parentheses within each other", open..<open + 1)
    }
    depth += 1
    defer { depth -= 1 }
    var branches: [[WordArguments]] = []
    repeat {
      position += 1
      branches.append(try read())
      guard position < characters.count else {
        throw error("this parenthesis is not closed", open..<open + 1)
      }
      guard branches.count < most || characters[position] == ")" else {
        throw error("branches stand in a block, as in residual(A | B)", position..<position + 1)
      }
    } while characters[position] == "|"
    position += 1
    return branches
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
