/// What a figure of the report is called: in the page's addresses, and in the names of files.
///
/// A chapter declares those of its own figures, beside them.
struct FigureName: Hashable, Sendable {
  /// Words in small letters with hyphens.
  let text: String

  init(_ text: String) { self.text = text }
}
