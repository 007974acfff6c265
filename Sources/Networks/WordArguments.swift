/// A word of a text with what it is given, as in `conv(32,3,stride=2)`: values by place, then values by name.
///
/// Whoever the word stands for takes what it knows; what is left is a mistake.
public struct WordArguments {
  struct Argument {
    let name: String?
    let value: String
    let place: Range<Int>
  }

  /// The word.
  package let word: String
  private let text: String
  private let place: Range<Int>
  /// Where it stands in the text with its arguments, in characters.
  package let span: Range<Int>
  private var arguments: [Argument]
  /// The branches of a word that stands for a block.
  let branches: [[WordArguments]]

  init(
    _ word: String, _ arguments: [Argument] = [], branches: [[WordArguments]] = [],
    in text: String, at place: Range<Int>, with span: Range<Int>
  ) {
    self.word = word
    self.arguments = arguments
    self.branches = branches
    self.text = text
    self.place = place
    self.span = span
  }

  /// Takes the next value, a whole number.
  ///
  /// - Throws: `SpecificationError` if there is none, or if it is not in `range`.
  package mutating func whole(
    _ label: String, _ range: ClosedRange<Int>
  ) throws(SpecificationError) -> Int {
    guard let next = takeNext() else {
      throw error("\(word) needs a whole number for \(label)", place)
    }
    return try whole(next, range)
  }

  /// Takes a whole number by its name; `nil` if it is not given.
  ///
  /// - Throws: `SpecificationError` if it is not in `range`.
  package mutating func whole(
    named name: String, _ range: ClosedRange<Int>
  ) throws(SpecificationError) -> Int? {
    guard let argument = take(name) else { return nil }
    return try whole(argument, range)
  }

  /// Takes the next value, a number.
  ///
  /// - Parameters:
  ///   - label: what the layer needs, as a person reads it: “a probability, as in dropout(0.5)”.
  ///   - range: what it may be, as a person reads it.
  ///   - isAllowed: true for a number in that range.
  /// - Returns: the number.
  /// - Throws: `SpecificationError` if there is none, or if it is not allowed.
  package mutating func number(
    _ label: String, _ range: String, where isAllowed: (Float) -> Bool
  ) throws(SpecificationError) -> Float {
    guard let next = takeNext() else { throw error("\(word) needs \(label)", place) }
    guard let value = Float(next.value), isAllowed(value) else { throw error(range, next.place) }
    return value
  }

  /// Takes the next value, a number; `value` if there is none.
  ///
  /// - Parameters:
  ///   - value: what stands for a number that is left out.
  ///   - range: what it may be, as a person reads it.
  ///   - isAllowed: true for a number in that range.
  /// - Returns: the number.
  /// - Throws: `SpecificationError` if it is not allowed.
  package mutating func number(
    default value: Float, _ range: String, where isAllowed: (Float) -> Bool
  ) throws(SpecificationError) -> Float {
    arguments.first.map { $0.name == nil } == true
      ? try number("", range, where: isAllowed) : value
  }

  /// Takes a number by its name; `nil` if it is not given.
  ///
  /// - Throws: `SpecificationError` with `range` if it is not allowed.
  package mutating func number(
    named name: String, _ range: String, where isAllowed: (Float) -> Bool
  ) throws(SpecificationError) -> Float? {
    guard let argument = take(name) else { return nil }
    guard let value = Float(argument.value), isAllowed(value) else {
      throw error(range, argument.place)
    }
    return value
  }

  /// Takes the next value, or that of a name, one of some words; `nil` if it is not given.
  ///
  /// - Throws: `SpecificationError` that lists the words if it is another.
  package mutating func choice<Value>(
    named name: String? = nil, of choices: [String: Value]
  ) throws(SpecificationError) -> Value? {
    guard let argument = name.map({ take($0) }) ?? takeNext() else { return nil }
    guard let value = choices[argument.value] else {
      throw error(
        "expected \(choices.keys.sorted().joined(separator: ", "))", argument.place)
    }
    return value
  }

  /// Takes the next value if it is this word; false, and nothing is taken, if it is another.
  package mutating func takes(_ value: String) -> Bool {
    guard let first = arguments.first, first.name == nil, first.value == value else { return false }
    arguments.removeFirst()
    return true
  }

  /// Takes `yes` or `no` by its name; yes if it is not given, or what `value` says.
  ///
  /// - Throws: `SpecificationError` if it is neither.
  package mutating func isOn(
    _ name: String, default value: Bool = true
  ) throws(SpecificationError) -> Bool {
    try choice(named: name, of: ["yes": true, "no": false]) ?? value
  }

  /// Checks that nothing is left.
  ///
  /// - Throws: `SpecificationError` with what the layer did not take.
  package func finish() throws(SpecificationError) {
    if let rest = arguments.first { throw error("\(word) has no such value here", rest.place) }
  }

  private mutating func takeNext() -> Argument? {
    guard let first = arguments.first, first.name == nil else { return nil }
    return arguments.removeFirst()
  }

  private mutating func take(_ name: String) -> Argument? {
    arguments.firstIndex { $0.name == name }.map { arguments.remove(at: $0) }
  }

  private func whole(
    _ argument: Argument, _ range: ClosedRange<Int>
  ) throws(SpecificationError) -> Int {
    guard let value = Int(argument.value), range.contains(value) else {
      throw error(
        "expected a whole number from \(range.lowerBound) to \(range.upperBound)", argument.place)
    }
    return value
  }

  /// A mistake in the word itself.
  package func error(_ message: String) -> SpecificationError { error(message, place) }

  private func error(_ message: String, _ place: Range<Int>) -> SpecificationError {
    SpecificationError(message: message, text: text, place: place)
  }
}
