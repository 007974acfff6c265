/// How well a score tells two kinds of things apart: the chance that it is higher for one of the first kind than for one of
/// the second, which is the area under the receiver operating characteristic. Equal scores count as half.
public struct AreaUnderCurve: Codable, Equatable, Sendable {
  /// 1 if every one of the first kind has a higher score, 0.5 if the score says nothing.
  public let value: Double
  /// Its 95 % interval.
  public let interval: Interval

  /// The area under the curve of some scores.
  ///
  /// Interval: Newcombe, Confidence Intervals for an Effect Size Measure Based on the Mann-Whitney Statistic, Part 2 (2006),
  /// method 5, which holds near 0 and 1 too.
  ///
  /// - Parameters:
  ///   - positives: the scores of those that should be high; at least one.
  ///   - negatives: the scores of those that should be low; at least one.
  public init(positives: [Double], negatives: [Double]) {
    let (m, n) = (positives.count, negatives.count)
    precondition(m > 0 && n > 0, "AreaUnderCurve: \(m) and \(n) scores")
    let sorted = negatives.sorted()
    // How many of the sorted scores are in a part that comes first.
    func count(_ isBefore: (Double) -> Bool) -> Int {
      var (low, high) = (0, n)
      while low < high {
        let middle = (low + high) / 2
        if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let wins = positives.reduce(0) { sum, score in
      sum + count { $0 < score } + count { $0 <= score }
    }
    let value = Double(wins) / (2 * Double(m) * Double(n))
    self.value = value
    let z = 1.959963984540054
    let others = Double(m + n) / 2 - 1
    func reach(_ area: Double) -> Double {
      let spread = area * (1 - area) / (Double(m) * Double(n))
      return z
        * (spread * (1 + others * ((1 - area) / (2 - area) + area / (1 + area)))).squareRoot()
    }
    // The ends are the areas that are just so far off the measured one.
    func end(_ outer: Double) -> Double {
      var (inner, outer) = (value, outer)
      for _ in 0..<60 {
        let middle = (inner + outer) / 2
        if abs(value - middle) > reach(middle) { outer = middle } else { inner = middle }
      }
      return inner
    }
    interval = Interval(low: end(0), high: end(1))
  }
}
