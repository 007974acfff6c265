/// How numbers are written in figures and in prose.
package enum Format {
  /// A number with a fixed count of decimals: `fixed(3.14159, 2)` is `3.14`.
  ///
  /// Thousands are separated by commas, negative numbers have a true minus sign, and what is not a
  /// finite number is a dash.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    let scale = (0..<min(max(decimals, 0), 12)).reduce(1.0) { scale, _ in scale * 10 }
    guard abs(value) * scale < 9e15 else { return scientific(value) }
    let units = Int((abs(value) * scale).rounded())
    let digits = String(units % Int(scale))
    let zeros = String(repeating: "0", count: max(0, decimals - digits.count))
    let sign = value < 0 && units > 0 ? "−" : ""
    let whole = count(units / Int(scale))
    return decimals > 0 ? "\(sign)\(whole).\(zeros)\(digits)" : "\(sign)\(whole)"
  }

  /// A whole number with commas between thousands: `10,000`.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A share of 1 as percent, with two decimals unless told otherwise: `99.27%`.
  package static func percent(_ share: Double, decimals: Int = 2) -> String {
    share.isFinite ? fixed(share * 100, decimals) + "%" : "–"
  }

  /// A share with its interval: `99.27% (95% CI 99.08–99.42)`.
  package static func percent(_ share: Double, interval: ClosedRange<Double>) -> String {
    let ends = [interval.lowerBound, interval.upperBound].map { fixed($0 * 100, 2) }
    return "\(percent(share)) (95% CI \(ends.joined(separator: "–")))"
  }

  /// A probability with two significant digits, three near 1, and never 0% or 100%.
  ///
  /// Above 0.999 it is `>99.9%` and below 0.001 `<0.1%`.
  package static func probability(_ probability: Double) -> String {
    guard probability.isFinite else { return "–" }
    if probability > 0.999 { return ">99.9%" }
    if probability < 0.001 { return "<0.1%" }
    if probability >= 0.99 { return fixed(probability * 100, 1) + "%" }
    return significant(probability * 100, 2) + "%"
  }

  /// A probability for tiny bars: whole percent, `>99%` and `<1%` at the ends.
  package static func shortProbability(_ probability: Double) -> String {
    guard probability.isFinite else { return "–" }
    if probability > 0.99 { return ">99%" }
    if probability < 0.01 { return "<1%" }
    return fixed(probability * 100, 0) + "%"
  }

  /// A difference of two shares in percentage points: `0.74 pts`.
  package static func points(_ difference: Double, decimals: Int = 2) -> String {
    difference.isFinite ? fixed(difference * 100, decimals) + " pts" : "–"
  }

  /// A number rounded to significant digits: `significant(0.02937, 2)` is `0.029`.
  ///
  /// Digits before the point are never rounded away, and numbers below 0.0001 use a power of ten.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    guard abs(value) >= 1e-4 else { return scientific(value, digits) }
    var power = exponent(of: value)
    // Rounding may carry into the next power of ten: 0.0996 to two digits is 0.10.
    let step = (0..<abs(power - digits + 1)).reduce(1.0) { step, _ in step * 10 }
    let rounded =
      power >= digits - 1
      ? (value / step).rounded() * step : (value * step).rounded() / step
    power = exponent(of: rounded)
    return fixed(value, max(0, digits - 1 - power))
  }

  /// A duration in seconds as words: `2 min 1 s`, `0.42 s`, `1 h 5 min`.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 10 { return significant(seconds, 2) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A bound with two significant digits, never less than the number itself.
  package static func atMost(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return significant(value, 2) }
    let step = powerOfTen(exponent(of: value) - 1)
    // What is a whole number of steps already stays as it is.
    return significant((value / step - 1e-9).rounded(.up) * step, 2)
  }

  /// A power of ten with a number before it: `3×10⁻⁵`, `1.4×10⁻⁵`.
  static func scientific(_ value: Double, _ digits: Int = 1) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    var power = exponent(of: value)
    let step = powerOfTen(max(0, digits - 1))
    var number = (abs(value) / powerOfTen(power) * step).rounded() / step
    if number >= 10 { (number, power) = (1, power + 1) }
    let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(abs(power)).compactMap { $0.wholeNumberValue }.map { superscripts[$0] }
    let sign = value < 0 ? "−" : ""
    let factor = number == 1 ? "" : "\(fixed(number, number == number.rounded() ? 0 : digits - 1))×"
    return "\(sign)\(factor)10\(power < 0 ? "⁻" : "")\(String(raised))"
  }

  /// The power of ten at or below a number's magnitude.
  static func exponent(of value: Double) -> Int {
    var (power, rest) = (0, abs(value))
    guard rest > 0, rest.isFinite else { return 0 }
    while rest >= 10 { (power, rest) = (power + 1, rest / 10) }
    while rest < 1 { (power, rest) = (power - 1, rest * 10) }
    return power
  }

  static func powerOfTen(_ power: Int) -> Double {
    let magnitude = (0..<min(abs(power), 308)).reduce(1.0) { value, _ in value * 10 }
    return power < 0 ? 1 / magnitude : magnitude
  }
}
