/// How two classifiers did on the same images.
package struct PairedCounts: Codable, Equatable, Sendable {
  /// Images that both got right.
  package var both = 0
  /// Images that only the first got right.
  package var onlyFirst = 0
  /// Images that only the second got right.
  package var onlySecond = 0
  /// Images that neither got right.
  package var neither = 0

  /// Counts of images.
  package init(both: Int, onlyFirst: Int, onlySecond: Int, neither: Int) {
    (self.both, self.onlyFirst, self.onlySecond, self.neither) =
      (both, onlyFirst, onlySecond, neither)
  }

  /// Counts of as many pairs as there are in both: whether the first, and whether the second was right.
  package init(first: [Bool], second: [Bool]) {
    for pair in zip(first, second) {
      switch pair {
      case (true, true): both += 1
      case (true, false): onlyFirst += 1
      case (false, true): onlySecond += 1
      case (false, false): neither += 1
      }
    }
  }

  /// Images.
  package var count: Int { both + onlyFirst + onlySecond + neither }

  /// The first one's share of right answers minus the second one's; 0 without images.
  package var difference: Double { Double(onlyFirst - onlySecond) / Double(max(1, count)) }

  /// How likely a split of the disagreements at least as uneven is if both were equally good.
  package var pValue: Double { McNemar.pValue(onlyFirst: onlyFirst, onlySecond: onlySecond) }

  /// The 95 % interval of the difference.
  ///
  /// Reference: Newcombe, Improved Confidence Intervals for the Difference between Binomial Proportions Based on Paired
  /// Data (1998), method 10.
  package var interval: Interval {
    guard count > 0 else { return Interval(low: -1, high: 1) }
    let n = Double(count)
    let (p, q) = (Double(both + onlyFirst) / n, Double(both + onlySecond) / n)
    let first = Interval.wilson(both + onlyFirst, of: count)
    let second = Interval.wilson(both + onlySecond, of: count)
    func reach(_ own: Double, _ other: Double) -> Double {
      max(0, own * own - 2 * correlation * own * other + other * other).squareRoot()
    }
    return Interval(
      low: p - q - reach(p - first.low, second.high - q),
      high: p - q + reach(first.high - p, q - second.low))
  }

  /// How the two go together, from -1 to 1, with a correction for small counts.
  private var correlation: Double {
    let margins = [both + onlyFirst, onlySecond + neither, both + onlySecond, onlyFirst + neither]
    let product = margins.reduce(1.0) { $0 * Double($1) }
    guard product > 0 else { return 0 }
    let raw = Double(both) * Double(neither) - Double(onlyFirst) * Double(onlySecond)
    let corrected = raw > 0 ? max(0, raw - Double(count) / 2) : raw
    return corrected / product.squareRoot()
  }
}
