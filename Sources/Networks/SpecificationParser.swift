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

  private static let words = [
    "conv", "maxpool", "avgpool", "norm", "relu", "flatten", "dropout", "linear",
  ]
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
      guard Self.words.contains(word) else {
        throw error(
          "there is no layer “\(word)”; layers are \(Self.words.joined(separator: ", "))",
          wordPlace)
      }
      var arguments = try takeArguments(of: word)
      layers.append(try layer(word, wordPlace, &arguments))
      if let rest = arguments.first {
        throw error("\(word) has no such value here", rest.place)
      }
      places.append(start..<position)
      guard layers.count <= Self.maximumLayers else {
        throw error("more than \(Self.maximumLayers) layers", wordPlace)
      }
      skipSpaces()
    }
  }

  private func layer(
    _ word: String, _ place: Range<Int>, _ arguments: inout [Argument]
  ) throws(SpecificationError) -> any Layer {
    switch word {
    case "conv":
      let filters = try whole("CHANNELS", of: word, 1...65_536, at: place, &arguments)
      let kernel = try whole("KERNEL", of: word, 1...255, at: place, &arguments)
      let stride = try named("stride", 1...255, &arguments) ?? 1
      let padding = try named("padding", 0...255, &arguments)
      return Conv2D(
        filters, kernel: kernel, stride: stride, padding: padding.map { .exactly($0) } ?? .same)
    case "maxpool", "avgpool":
      let kernel = try whole("K", of: word, 1...255, at: place, &arguments)
      let stride = try named("stride", 1...255, &arguments)
      return Pool2D(word == "maxpool" ? .maximum : .average, kernel, stride: stride)
    case "linear":
      return Linear(try whole("N", of: word, 1...1_048_576, at: place, &arguments))
    case "dropout":
      guard let argument = arguments.first, argument.name == nil else {
        throw error("dropout needs a probability, as in dropout(0.5)", place)
      }
      arguments.removeFirst()
      guard let probability = Float(argument.value), (0..<1).contains(probability) else {
        throw error("the probability must be at least 0 and below 1", argument.place)
      }
      return Dropout(probability)
    case "norm": return BatchNorm()
    case "relu": return ReLU()
    default: return Flatten()
    }
  }

  // MARK: Values

  private struct Argument {
    let name: String?
    let value: String
    let place: Range<Int>
  }

  private func whole(
    _ label: String, of word: String, _ range: ClosedRange<Int>, at place: Range<Int>,
    _ arguments: inout [Argument]
  ) throws(SpecificationError) -> Int {
    guard let argument = arguments.first, argument.name == nil else {
      throw error("\(word) needs a whole number for \(label)", place)
    }
    arguments.removeFirst()
    return try number(argument, range)
  }

  private func named(
    _ name: String, _ range: ClosedRange<Int>, _ arguments: inout [Argument]
  ) throws(SpecificationError) -> Int? {
    guard let index = arguments.firstIndex(where: { $0.name == name }) else { return nil }
    return try number(arguments.remove(at: index), range)
  }

  private func number(
    _ argument: Argument, _ range: ClosedRange<Int>
  ) throws(SpecificationError) -> Int {
    guard let value = Int(argument.value), range.contains(value) else {
      throw error(
        "expected a whole number from \(range.lowerBound) to \(range.upperBound)", argument.place)
    }
    return value
  }

  // MARK: Characters

  private mutating func skipSpaces() {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
  }

  private mutating func takeWord() -> String {
    let start = position
    while position < characters.count, characters[position].isLetter || characters[position] == "_"
    {
      position += 1
    }
    return String(characters[start..<position])
  }

  private mutating func takeArguments(of word: String) throws(SpecificationError) -> [Argument] {
    guard position < characters.count, characters[position] == "(" else { return [] }
    let open = position
    guard let close = characters[open...].firstIndex(of: ")") else {
      throw error("this parenthesis is not closed", open..<open + 1)
    }
    position = close + 1
    var arguments: [Argument] = []
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
        Argument(name: trimmed.count == 2 ? trimmed[0] : nil, value: last, place: place))
      start = index + 1
    }
    return arguments
  }
}
