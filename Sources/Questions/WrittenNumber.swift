/// A number as a person writes it: `101,770`, `98.5 %`, `98,5`, `1 000`, `784 numbers`.
///
/// `templates/questions.js` reads it in the same way; a test holds the two against each other.
public struct WrittenNumber: Hashable, Sendable {
  /// The number.
  public let value: Double
  /// True if a percent sign stands behind it.
  public let isPercent: Bool

  /// Reads a text; `nil` if it is no number.
  ///
  /// A comma between groups of three digits separates thousands, as a space or an apostrophe does; another one is a decimal
  /// point, and of comma and point the last is it.
  public init?(_ text: String) {
    var rest = text.filter { !$0.isWhitespace && !"'’_≈~".contains($0) }
      .replacing("−", with: "-").lowercased()
    isPercent = rest.hasSuffix("%") || rest.hasSuffix("percent")
    // Words behind it, such as its unit; the rest of the syntax is plain.
    rest = rest.replacing(/[^0-9.,]*$/, with: "").replacing(/^\+/, with: "")
    if let point = rest.lastIndex(of: "."), let comma = rest.lastIndex(of: ",") {
      let group = point > comma ? "," : "."
      rest = rest.replacing(group, with: "").replacing(",", with: ".")
    } else if rest.wholeMatch(of: /-?[1-9][0-9]{0,2}(,[0-9]{3})+/) != nil {
      rest = rest.replacing(",", with: "")
    } else if rest.wholeMatch(of: /-?[0-9]{1,3}(\.[0-9]{3}){2,}/) != nil {
      rest = rest.replacing(".", with: "")
    } else {
      rest = rest.replacing(",", with: ".")
    }
    guard rest.wholeMatch(of: /-?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?/) != nil,
      let value = Double(rest.hasSuffix(".") ? String(rest.dropLast()) : rest), value.isFinite
    else { return nil }
    self.value = value
  }

  /// A number that a program wrote.
  public init(_ value: Double) {
    self.value = value
    isPercent = false
  }
}
