#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether two shares, each of images of its own, differ more than chance explains.
package enum FisherExact {
  /// The two-sided exact p-value: how likely a table at least as unlikely is if both shares were one.
  ///
  /// - Parameters:
  ///   - first: how many of the first images have it.
  ///   - firstCount: how many first images there are.
  ///   - second: how many of the second images have it.
  ///   - secondCount: how many second images there are.
  /// - Returns: a probability; 1 without images on either side.
  /// Reference: Fisher, The Logic of Inductive Inference (1935).
  package static func pValue(
    _ first: Int, of firstCount: Int, _ second: Int, of secondCount: Int
  ) -> Double {
    let (total, have) = (firstCount + secondCount, first + second)
    guard firstCount > 0, secondCount > 0 else { return 1 }
    func logWays(_ n: Int, _ k: Int) -> Double {
      lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
    }
    let all = logWays(total, have)
    func probability(_ k: Int) -> Double {
      exp(logWays(firstCount, k) + logWays(secondCount, have - k) - all)
    }
    let seen = probability(first)
    let tables = max(0, have - secondCount)...min(have, firstCount)
    // What rounding makes a little larger is as unlikely all the same.
    return min(1, tables.map(probability).filter { $0 <= seen * (1 + 1e-7) }.reduce(0, +))
  }

  /// Which of several p-values hold together at a level, by Holm's correction for their number.
  ///
  /// Reference: Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979).
  package static func significant(_ pValues: [Double], level: Double = 0.05) -> [Bool] {
    var holds = pValues.map { _ in false }
    for (rank, place) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      guard pValues[place] <= level / Double(pValues.count - rank) else { break }
      holds[place] = true
    }
    return holds
  }
}
