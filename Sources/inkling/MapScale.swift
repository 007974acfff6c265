import ArgumentParser
import Figures

/// Which maps share a scale, and where it ends: `per-row:99.5`.
struct MapScale: ExpressibleByArgument {
  /// Maps that share a scale.
  enum Span: String, CaseIterable {
    /// None.
    case perMap = "per-map"
    /// Those of one image.
    case perRow = "per-row"
    /// All.
    case shared
  }

  let span: Span
  /// A percentile of the magnitudes, 100 being the largest.
  let percentile: Double

  init(span: Span, percentile: Double = 99.5) {
    self.span = span
    self.percentile = percentile
  }

  static var allValueStrings: [String] { Span.allCases.map(\.rawValue) }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let span = Span(rawValue: parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(span: span)
      return
    }
    guard let percentile = Double(parts[1]), percentile > 0, percentile <= 100 else { return nil }
    self.init(span: span, percentile: percentile)
  }

  /// The policy of maps that share a scale.
  var policy: ScalePolicy {
    span == .perMap ? .perMap(percentile: percentile) : .shared(percentile: percentile)
  }

  /// The policy in words.
  var description: String {
    span == .perRow
      ? "image by image, \(policy.description)"
      : policy.description
  }
}
