/// How the numbers of an axis are written.
public enum NumberStyle: Hashable, Sendable {
  /// Plain numbers with as many decimals as the ticks need.
  case plain
  /// Shares of 1 as percent.
  case percent
  /// Probabilities: percent on the axis, never all or nothing where they are read off.
  case probability
  /// Counted things, such as epochs: no tick between two whole numbers.
  case whole

  /// True for shares of 1, which are written in percent.
  var isShare: Bool { self == .percent || self == .probability }

  /// A tick's label, given the distance between ticks (0 on a logarithmic axis).
  func tick(_ value: Double, step: Double) -> String {
    let shown = isShare ? value * 100 : value
    let suffix = isShare ? "%" : ""
    guard value != 0 else { return "0" + suffix }
    guard step > 0 else { return logarithmic(shown) + suffix }
    let shownStep = isShare ? step * 100 : step
    if abs(shown) >= 1e7 || shownStep < 1e-6 {
      return (abs(shown) < shownStep / 2 ? "0" : Format.significant(shown, 3)) + suffix
    }
    if self == .whole, shown == shown.rounded() { return Format.fixed(shown, 0) }
    // A step of 2.5 needs one decimal more than its power of ten.
    let power = Format.exponent(of: shownStep * 1.0000001)
    let lead = shownStep / Format.powerOfTen(power)
    let extra = abs(lead - 2.5) < 0.01 ? 1 : 0
    return Format.fixed(shown, max(0, extra - power)) + suffix
  }

  /// The ticks that make sense for these numbers.
  func fitting(_ ticks: Ticks) -> Ticks {
    guard self == .whole, ticks.step > 0 else { return ticks }
    return Ticks(values: ticks.values.filter { $0 == $0.rounded() }, step: max(1, ticks.step))
  }

  /// A value to be read off: three significant digits, or a percentage with two decimals.
  func value(_ value: Double) -> String {
    switch self {
    case .percent: Format.percent(value)
    case .probability: Format.probability(value)
    case .whole: Format.fixed(value, 0)
    case .plain: Format.significant(value, 3)
    }
  }

  private func logarithmic(_ value: Double) -> String {
    if abs(value) >= 1e7 || abs(value) < 0.999e-4 { return Format.scientific(value) }
    return Format.fixed(value, max(0, -Format.exponent(of: value * 1.0000001)))
  }
}
