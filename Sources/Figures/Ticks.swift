#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Round numbers along an axis.
struct Ticks {
  /// The numbers, ascending.
  let values: [Double]
  /// The distance between two; 0 where it is not constant.
  let step: Double

  /// About `count` multiples of 1, 2, 2.5 or 5 times a power of ten, inside the bounds.
  static func linear(_ lower: Double, _ upper: Double, count: Int) -> Ticks {
    let span = upper - lower
    guard span > 0, span.isFinite, lower.isFinite else {
      return Ticks(values: lower.isFinite ? [lower] : [], step: 1)
    }
    let rough = span / Double(max(count, 1))
    let base = Format.powerOfTen(Format.exponent(of: rough))
    let factor = [1, 2, 2.5, 5, 10].first { $0 * base >= rough * 0.999 } ?? 10
    let step = factor * base
    let slack = step * 1e-6
    let (first, last) = (
      ((lower - slack) / step).rounded(.up), ((upper + slack) / step).rounded(.down)
    )
    guard step > 0, first <= last, last - first < 1000 else {
      return Ticks(values: [lower], step: 1)
    }
    return Ticks(
      values: stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }, step: step)
  }

  /// Powers of ten inside the bounds, with 3 (or 2 and 5) times each where there is room.
  static func logarithmic(_ lower: Double, _ upper: Double, count: Int) -> Ticks {
    guard lower > 0, upper > lower, upper.isFinite else { return Ticks(values: [], step: 0) }
    let decades = Format.exponent(of: lower)...(Format.exponent(of: upper) + 1)
    func values(_ factors: [Double], every: Int = 1) -> [Double] {
      decades.filter { $0 % every == 0 }
        .flatMap { decade in factors.map { $0 * Format.powerOfTen(decade) } }
        .filter { $0 >= lower * 0.9999 && $0 <= upper * 1.0001 }
    }
    for factors in [[1, 2, 5], [1, 3], [1.0]] {
      let found = values(factors)
      if found.count >= 2, found.count <= count { return Ticks(values: found, step: 0) }
    }
    var every = 2
    while values([1], every: every).count > count { every += 1 }
    let thinned = values([1], every: every)
    if thinned.count >= 2 { return Ticks(values: thinned, step: 0) }
    return linear(lower, upper, count: count)
  }
}
