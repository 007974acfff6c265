#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Kuiper's two-sample test: whether the members of a sequence that are marked lie anywhere in it, or crowd in a stretch.
///
/// Unlike a comparison of two halves it need not be told where to look, and it sees a stretch in the middle as well as one at
/// an end. Reference: Kuiper, Tests Concerning Random Points on a Circle (1960); Stephens's correction (1970).
package struct Kuiper: Sendable, Equatable {
  /// The stretch where the share of the marked differs most from the rest.
  package let stretch: Range<Int>
  /// How likely a difference at least as large is if the marked lay anywhere.
  package let pValue: Double

  /// Looks for a stretch; `nil` if all or none are marked.
  package init?(_ isMarked: [Bool]) {
    let marked = isMarked.count { $0 }
    let others = isMarked.count - marked
    guard marked > 0, others > 0 else { return nil }
    // How far the marked are ahead of the others after each member, in whole numbers: at the end it is zero again.
    var (lead, lowest, highest) = (0, (at: 0, value: 0), (at: 0, value: 0))
    for (index, isOne) in isMarked.enumerated() {
      lead += isOne ? others : -marked
      if lead < lowest.value { lowest = (index + 1, lead) }
      if lead > highest.value { highest = (index + 1, lead) }
    }
    stretch = min(lowest.at, highest.at)..<max(lowest.at, highest.at)
    let size = (Double(marked) * Double(others) / Double(isMarked.count)).squareRoot()
    let distance = Double(highest.value - lowest.value) / (Double(marked) * Double(others))
    pValue = Self.tail((size + 0.155 + 0.24 / size) * distance)
  }

  private static func tail(_ lambda: Double) -> Double {
    // Below this the series is 1 up to rounding, and converges slowly.
    guard lambda > 0.4 else { return 1 }
    let sum = (1...100).reduce(0.0) { sum, term in
      let square = Double(term * term) * lambda * lambda
      return sum + 2 * (4 * square - 1) * exp(-2 * square)
    }
    return min(1, max(0, sum))
  }
}
