import Figures

/// What the numbers say, as sentences; a neutral one where nothing in particular holds.
enum Findings {
  /// Fewer images than this cannot tell what is usual.
  static let fewest = 30

  static func percent(_ part: Int, of whole: Int) -> String {
    Format.percent(Double(part) / Double(max(whole, 1)), decimals: 0)
  }
}
