import Figures

/// What the numbers say, as sentences; a neutral one where nothing in particular holds.
enum Findings {
  /// A number of things as a share of others.
  static func percent(_ part: Int, of whole: Int, decimals: Int = 0) -> String {
    Format.percent(Double(part) / Double(max(whole, 1)), decimals: decimals)
  }
}
