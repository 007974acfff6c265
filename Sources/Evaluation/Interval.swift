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

  /// True if a value lies inside.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
  /// True if two intervals share a value.
  public func overlaps(_ other: Interval) -> Bool { low <= other.high && other.low <= high }
}
