extension Int {
  /// The nearest whole number in a range; the lower end for what is no number.
  ///
  /// Numbers that come from a network or a file may be anything, and the plain conversion ends the program.
  package init(bounding value: some BinaryFloatingPoint, in range: ClosedRange<Int>) {
    let rounded = value.rounded()
    if rounded.isNaN || rounded <= .init(range.lowerBound) {
      self = range.lowerBound
    } else if rounded >= .init(range.upperBound) {
      self = range.upperBound
    } else {
      self = Int(rounded)
    }
  }
}
