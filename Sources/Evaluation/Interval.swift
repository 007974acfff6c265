/// A confidence interval of a proportion.
public struct Interval: Codable, Hashable, Sendable {
  /// Lower end.
  public let low: Double
  /// Upper end.
  public let high: Double

  /// An interval with its ends.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The 95 % score interval for `successes` out of `count`; 0...1 if nothing was counted.
  ///
  /// It covers chance in the choice of images, not in the seed of training.
  /// Reference: Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927).
  public static func wilson(_ successes: Int, of count: Int) -> Interval {
    guard count > 0 else { return Interval(low: 0, high: 1) }
    let z = 1.959963984540054
    let (n, p) = (Double(count), Double(successes) / Double(count))
    let center = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At the ends the formula gives exactly 0 and 1, up to rounding.
    return Interval(
      low: successes == 0 ? 0 : (center - spread) / scale,
      high: successes == count ? 1 : (center + spread) / scale)
  }

  /// The same for a share, in 0...1, of so many.
  ///
  /// - Precondition: the share is in its range.
  public static func wilson(share: Double, of count: Int) -> Interval {
    precondition((0...1).contains(share), "Interval.wilson: \(share) is no share")
    return wilson(Int((share * Double(count)).rounded()), of: count)
  }

  /// The 95 % interval of the difference of two proportions of independent counts.
  ///
  /// Reference: Newcombe, Interval Estimation for the Difference Between Independent Proportions (1998), method 10.
  public static func difference(
    _ successes: Int, of count: Int, minus others: Int, of otherCount: Int
  ) -> Interval {
    let (one, two) = (wilson(successes, of: count), wilson(others, of: otherCount))
    let p = Double(successes) / Double(max(1, count))
    let q = Double(others) / Double(max(1, otherCount))
    func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    return Interval(
      low: p - q - length(p - one.low, two.high - q),
      high: p - q + length(one.high - p, q - two.low)
    )
  }

  /// The 95 % interval of the mean of independent numbers, by Student's distribution; `nil` for fewer than two.
  public static func mean(of values: [Double]) -> Interval? {
    guard values.count > 1 else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let reach = studentQuantile(freedom: values.count - 1) * (variance / count).squareRoot()
    return Interval(low: mean - reach, high: mean + reach)
  }

  /// The 97.5 % quantile of Student's distribution; off by less than 0.004 from three degrees of freedom on.
  ///
  /// Reference: Abramowitz, Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
  private static func studentQuantile(freedom: Int) -> Double {
    // Exact where the series is not yet good.
    if freedom <= 2 { return freedom == 1 ? 12.706204736 : 4.302652730 }
    let (z, n) = (1.959963984540054, Double(freedom))
    let s = z * z
    let terms = [
      (s + 1) / 4, ((5 * s + 16) * s + 3) / 96, (((3 * s + 19) * s + 17) * s - 15) / 384,
      ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    ]
    return z + z * terms.reversed().reduce(0) { ($0 + $1) / n }
  }

  /// True if a value lies inside.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
  /// True if two intervals share a value.
  public func overlaps(_ other: Interval) -> Bool { low <= other.high && other.low <= high }
}
