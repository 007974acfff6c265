extension Array where Element: SignedNumeric & Comparable {
  /// The places of the numbers by magnitude, the largest first, the lower place among equals.
  package var placesByMagnitude: [Int] {
    indices.sorted { (abs(self[$1]), $0) < (abs(self[$0]), $1) }
  }
}

extension Sequence<Float> {
  /// The root of the sum of the squares.
  var length: Double { reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
}
