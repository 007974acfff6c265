#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether two classifiers differ on the same images.
public enum McNemar {
  /// The two-sided exact p-value: how likely a split at least as uneven is if both were equally good.
  ///
  /// - Parameters:
  ///   - onlyFirst: images that only the first gets right.
  ///   - onlySecond: images that only the second gets right.
  /// - Returns: a probability; 1 if nothing differs.
  /// Reference: McNemar (1947), with the binomial distribution instead of chi-squared.
  public static func pValue(onlyFirst: Int, onlySecond: Int) -> Double {
    let n = onlyFirst + onlySecond
    guard n > 0 else { return 1 }
    let logTotal: Double = lgamma(Double(n + 1)) - Double(n) * log(2.0)
    var tail = 0.0
    for k in 0...min(onlyFirst, onlySecond) {
      let logWays: Double = -lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      tail += exp(logTotal + logWays)
    }
    return min(1, 2 * tail)
  }
}
