/// A specification that cannot be read or built, with the place.
public struct SpecificationError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what to write instead.
  public let message: String
  /// The whole specification.
  public let text: String
  /// The characters that are wrong.
  public let place: Range<Int>

  /// An error at a place of a text, in characters.
  public init(message: String, text: String, place: Range<Int>) {
    self.message = message
    self.text = text
    self.place = place
  }

  /// Three lines: the message, the text, and a caret under the place. A long text is cut to its neighbourhood.
  public var description: String {
    // Control characters would break the line that the caret points into.
    let characters = text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
    let reach = 60
    let start = max(0, place.lowerBound - reach)
    let end = min(characters.count, place.lowerBound + reach)
    let lead = start > 0 ? "…" : ""
    let line = lead + String(characters[start..<end]) + (end < characters.count ? "…" : "")
    let carets = String(
      repeating: "^", count: max(1, min(place.upperBound, end) - place.lowerBound))
    let indent = String(repeating: " ", count: place.lowerBound - start + lead.count)
    return "\(message)\n  \(line)\n  \(indent)\(carets)"
  }
}
