import Randomness

/// Points of very many dimensions mixed at random into fewer, which keeps their distances to some 10 %.
///
/// Reference: Johnson, Lindenstrauss, Extensions of Lipschitz mappings into a Hilbert space (1984).
package enum RandomProjection {
  /// So many dimensions are left.
  package static let kept = 256

  /// The points themselves, or mixed into 256 dimensions if they have more than a limit.
  ///
  /// - Parameters:
  ///   - values: `[N][D]` numbers.
  ///   - dimensions: D.
  ///   - limit: points of so many dimensions are left as they are; at least 256.
  ///   - seed: seed of the mixture.
  /// - Returns: the points and their dimensions.
  package static func mixed(
    _ values: [Float], dimensions: Int, limit: Int = kept, seed: UInt64
  ) -> (values: [Float], dimensions: Int) {
    guard dimensions > max(limit, kept) else { return (values, dimensions) }
    var generator = SplitMix64(seed: seed, purpose: "projection")
    let scale = 1 / Float(kept).squareRoot()
    let matrix = (0..<dimensions * kept).map { _ in scale * generator.normal() }
    var result = [Float](repeating: 0, count: values.count / dimensions * kept)
    for row in 0..<values.count / dimensions {
      let target = row * kept
      for d in 0..<dimensions where values[row * dimensions + d] != 0 {
        let value = values[row * dimensions + d]
        for k in 0..<kept { result[target + k] += value * matrix[d * kept + k] }
      }
    }
    return (result, kept)
  }
}
