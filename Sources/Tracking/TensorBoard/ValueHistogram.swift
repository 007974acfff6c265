/// How many numbers lie in which range.
///
/// The buckets are TensorFlow's: from ±1e-12 on each is a tenth further from zero than the one before, so that small and
/// large numbers are told apart alike. What is no finite number is left out.
///
/// Reference: tensorflow/core/lib/histogram/histogram.cc.
package struct ValueHistogram: Sendable, Equatable {
  /// The smallest number; 0 without any.
  package let least: Double
  /// The largest number; 0 without any.
  package let most: Double
  /// How many numbers there are.
  package let count: Int
  /// Their sum.
  package let sum: Double
  /// The sum of their squares.
  package let sumOfSquares: Double
  /// Ranges side by side, each from the limit of the one before up to, but without, its own; neighbours that are empty are
  /// one.
  package let buckets: [Bucket]

  /// A range of numbers.
  package struct Bucket: Sendable, Equatable {
    /// Its upper end, which does not belong to it.
    package let limit: Double
    /// The numbers in it.
    package let count: Int
  }

  /// The upper ends of all buckets, ascending.
  static let limits: [Double] = {
    var positive: [Double] = []
    var limit = 1e-12
    while limit < 1e20 {
      positive.append(limit)
      limit *= 1.1
    }
    positive.append(.greatestFiniteMagnitude)
    return positive.reversed().map { -$0 } + [0] + positive
  }()

  /// The histogram of some numbers.
  package init(_ numbers: some Sequence<Float>) {
    var counts = [Int](repeating: 0, count: Self.limits.count)
    var (least, most) = (Double.infinity, -Double.infinity)
    var (count, sum, squares) = (0, 0.0, 0.0)
    for number in numbers where number.isFinite {
      let value = Double(number)
      counts[Self.place(of: value)] += 1
      (least, most) = (min(least, value), max(most, value))
      count += 1
      sum += value
      squares += value * value
    }
    (self.least, self.most) = count > 0 ? (least, most) : (0, 0)
    (self.count, self.sum, sumOfSquares) = (count, sum, squares)
    var buckets: [Bucket] = []
    var isEmpty = false
    for (limit, count) in zip(Self.limits, counts) {
      if isEmpty, count == 0 { buckets.removeLast() }
      buckets.append(Bucket(limit: limit, count: count))
      isEmpty = count == 0
    }
    self.buckets = buckets
  }

  /// The bucket of a number: the first whose limit is above it.
  private static func place(of value: Double) -> Int {
    var (low, high) = (0, limits.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if limits[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
