import Attribution
import Evaluation
import Figures

extension Interval {
  /// The interval as figures take it.
  var range: ClosedRange<Double> { min(low, high)...max(low, high) }

  /// Both ends as percent: `98.84–99.22`.
  func percent(decimals: Int) -> String {
    [low, high].map { Format.fixed($0 * 100, decimals) }.joined(separator: "–")
  }
}

extension Estimate {
  /// The interval as figures take it; `nil` if it is no number.
  var range: ClosedRange<Double>? {
    guard [low, mean, high].allSatisfy(\.isFinite) else { return nil }
    return min(low, mean)...max(high, mean)
  }
}
