#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The correspondence between numbers and positions along an axis.
struct AxisScale {
  /// True for a logarithmic axis.
  let isLogarithmic: Bool
  /// The number at the start.
  let lower: Double
  /// The number at the end; greater than `lower`.
  let upper: Double
  /// The position of the start.
  var start: Double = 0
  /// The position of the end.
  var end: Double = 1

  /// The axis that holds every value, widened to round numbers where no bounds are given.
  init(
    _ values: [Double], bounds: ClosedRange<Double>? = nil, isLogarithmic: Bool = false,
    isShare: Bool = false, ticks: Int = 5, isTight: Bool = false
  ) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    var (low, high) = (usable.min() ?? (isLogarithmic ? 0.1 : 0), usable.max() ?? 1)
    if let bounds, !isLogarithmic || bounds.lowerBound > 0 {
      (low, high) = (bounds.lowerBound, bounds.upperBound)
    } else if isLogarithmic {
      (low, high) = (low / 1.15, high * 1.15)
    } else if !isTight {
      if low >= 0, low < 0.4 * high { low = 0 }
      if low < high {
        let step = Ticks.linear(low, high, count: ticks).step
        let top = (high / step - 1e-6).rounded(.up) * step
        high = isShare && high <= 1 ? min(top, 1) : top
        low = (low / step + 1e-6).rounded(.down) * step
      }
    }
    if !(high > low) || !(high - low).isFinite {
      let middle = low.isFinite ? low : 0
      let half = isLogarithmic ? middle * 0.5 : max(abs(middle) * 0.1, middle == 0 ? 0.5 : 1e-12)
      (low, high) = (middle - half, middle + half)
      if !(high - low).isFinite || !(high > low) { (low, high) = (0, 1) }
    }
    self.isLogarithmic = isLogarithmic && low > 0
    self.lower = low
    self.upper = high
  }

  /// The position of a number; nil for what the axis cannot show.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let share =
      isLogarithmic
      ? (log(value) - log(lower)) / (log(upper) - log(lower)) : (value - lower) / (upper - lower)
    // Values outside sit on the edge: nothing is ever drawn beyond the axis.
    return start + min(max(share, 0), 1) * (end - start)
  }

  /// Round numbers along the axis.
  func ticks(count: Int) -> Ticks {
    isLogarithmic
      ? Ticks.logarithmic(lower, upper, count: count + 2)
      : Ticks.linear(lower, upper, count: count)
  }
}
