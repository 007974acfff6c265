#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension SplitMix64 {
  /// A number from the normal distribution with mean 0 and standard deviation 1 (Box-Muller).
  package mutating func normal() -> Float {
    let radius = (-2 * logf(1 - uniform())).squareRoot()
    return radius * cosf(2 * .pi * uniform())
  }

  /// The numbers 0..<count in a random order (Fisher-Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, below(last + 1))
    }
    return order
  }

  /// Some of the numbers 0..<all in their order, drawn at random; all if there are no more.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - all: of how many.
  ///   - seed: the user's seed.
  ///   - purpose: what they are for; each purpose draws its own.
  /// - Returns: the numbers, ascending.
  package static func sample(_ count: Int, of all: Int, seed: UInt64, purpose: String) -> [Int] {
    guard count < all else { return Array(0..<all) }
    var generator = SplitMix64(seed: seed, purpose: purpose)
    return generator.permutation(all)[..<count].sorted()
  }
}
