import Foundation

/// One JSON object on standard output, keys in snake_case and sorted.
enum JSONOutput {
  static func print(_ value: some Encodable) throws {
    // Names that are no UTF-8 on the disk are it here: JSON is nothing else.
    Terminal.print(utf8: Array(try data(value)))
  }

  /// The object's bytes. JSON has no numbers that are not finite: a result that is one was never a result, and is
  /// `null`.
  static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    // The encoder can write words for them only, so it gets one that no name and no text holds.
    let word = "\u{F8FF}not a number\u{F8FF}"
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: word, negativeInfinity: word, nan: word)
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return Data(
      String(decoding: try encoder.encode(value), as: UTF8.self)
        .replacing("\"\(word)\"", with: "null").utf8)
  }
}

/// A value that is written as `null` where it does not exist, instead of being left out.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}
