import Randomness

/// What decides to which part of a folder's data an image belongs: its content alone. An image that is added, renamed or
/// taken away moves no other, and copies of an image stay together.
package struct Draws: Sendable {
  /// A hash of the content of each training image.
  package let train: [UInt64]
  /// The same of each validation image of the set's own.
  package let validation: [UInt64]
  /// The same of each test image.
  package let test: [UInt64]

  /// The places of the images that are drawn, each with a probability of `share`.
  ///
  /// Where chance draws none, those of the content nearest to being drawn are, unless they are all there is.
  static func places(
    _ contents: [UInt64], share: Double, seed: UInt64, purpose: String
  ) -> [Int] {
    let draws = contents.map { content in
      var generator = SplitMix64(seed: seed, purpose: purpose, index: content)
      return Double(generator.uniform())
    }
    let drawn = contents.indices.filter { draws[$0] < share }
    guard drawn.isEmpty, share > 0, Set(contents).count > 1 else { return drawn }
    let lowest = draws.min() ?? 0
    return contents.indices.filter { draws[$0] == lowest }
  }
}
