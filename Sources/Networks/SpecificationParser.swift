extension Specification {
  /// Reads a specification such as `conv(32,3) relu maxpool(2) flatten linear(10)`.
  ///
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public init(text: String) throws(SpecificationError) {
    var parser = SpecificationParser(text)
    try parser.parse()
    guard !parser.layers.isEmpty else {
      throw parser.error(
        "the specification is empty; try: flatten linear(128) relu linear(10)", 0..<1)
    }
    self.init(layers: parser.layers, sourceText: text, places: parser.places)
  }
}

private struct SpecificationParser {
  private let text: String
  private let characters: [Character]
  private var position = 0
  private(set) var layers: [any Layer] = []
  private(set) var places: [Range<Int>] = []

  /// More layers than this are a mistake, not a network.
  private static let maximumLayers = 1000

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  func error(_ message: String, _ place: Range<Int>) -> SpecificationError {
    SpecificationError(message: message, text: text, place: place)
  }

  mutating func parse() throws(SpecificationError) {
    skipSpaces()
    while position < characters.count {
      let start = position
      let word = takeWord()
      guard !word.isEmpty else {
        throw error("expected a layer, found “\(characters[position])”", position..<position + 1)
      }
      let wordPlace = start..<position
      guard let kind = LayerKinds.named(word) else {
        throw error(
          "there is no layer “\(word)”; layers are \(LayerKinds.words.joined(separator: ", "))",
          wordPlace)
      }
      var arguments = LayerArguments(
        word, try takeArguments(of: word), in: text, at: wordPlace)
      layers.append(try kind.init(&arguments))
      try arguments.finish()
      places.append(start..<position)
      guard layers.count <= Self.maximumLayers else {
        throw error("more than \(Self.maximumLayers) layers", wordPlace)
      }
      skipSpaces()
    }
  }

  // MARK: Characters

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

  private mutating func takeArguments(of word: String) throws(SpecificationError) -> [LayerArguments
    .Argument]
  {
    guard position < characters.count, characters[position] == "(" else { return [] }
    let open = position
    guard let close = characters[open...].firstIndex(of: ")") else {
      throw error("this parenthesis is not closed", open..<open + 1)
    }
    position = close + 1
    var arguments: [LayerArguments.Argument] = []
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
        LayerArguments.Argument(
          name: trimmed.count == 2 ? trimmed[0] : nil, value: last, place: place))
      start = index + 1
    }
    return arguments
  }
}
