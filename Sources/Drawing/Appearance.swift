/// Whether the page is light or dark.
public enum Appearance: String, CaseIterable, Hashable, Sendable {
  /// Ink on a light page.
  case light
  /// Light ink on a dark page.
  case dark
}
