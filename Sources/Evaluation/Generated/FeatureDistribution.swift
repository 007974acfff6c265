import Networks

/// Mean and covariance of what a layer says of many images: all that a normal distribution knows of them.
public struct FeatureDistribution: Sendable {
  /// Images.
  public let count: Int
  /// `[D]`.
  package let mean: [Double]
  /// `[D][D]`, of the population that the images are a sample of.
  package let covariance: [Double]

  /// Numbers of an image.
  private var dimensions: Int { mean.count }

  /// The distribution of some images' features.
  ///
  /// - Parameters:
  ///   - features: `[N][D]`.
  ///   - dimensions: D.
  /// - Precondition: there are at least two images.
  public init(_ features: [Float], dimensions: Int) {
    let n = features.count / max(1, dimensions)
    precondition(n > 1, "FeatureDistribution: \(n) images have no covariance")
    var mean = [Double](repeating: 0, count: dimensions)
    for row in 0..<n {
      for d in 0..<dimensions { mean[d] += Double(features[row * dimensions + d]) }
    }
    for d in 0..<dimensions { mean[d] /= Double(n) }
    var sums = [Double](repeating: 0, count: dimensions * dimensions)
    var centered = mean
    for row in 0..<n {
      for d in 0..<dimensions { centered[d] = Double(features[row * dimensions + d]) - mean[d] }
      // Rectifiers say 0 to most images, but the mean is rarely 0 then; a feature that is constant is skipped.
      for i in 0..<dimensions where centered[i] != 0 {
        let (value, start) = (centered[i], i * dimensions)
        for j in i..<dimensions { sums[start + j] += value * centered[j] }
      }
    }
    for i in 0..<dimensions {
      for j in i..<dimensions {
        let value = sums[i * dimensions + j] / Double(n - 1)
        (sums[i * dimensions + j], sums[j * dimensions + i]) = (value, value)
      }
    }
    (count, self.mean, covariance) = (n, mean, sums)
  }

  /// The Fréchet distance to another distribution of the same features, as of two normal distributions:
  /// |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½). It is a square, as is usual, in the features' own unit.
  ///
  /// It is 0 for equal means and covariances alone, and too large for few images: compare only what was measured with as
  /// many. Reference: Heusel et al., GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium (2017).
  ///
  /// - Parameter other: Another distribution of as many features.
  /// - Returns: the distance; never below 0. Not finite if a feature is not.
  public func frechetDistance(to other: FeatureDistribution) -> Double {
    frechetDistances(to: [other])[0]
  }

  /// The distances to several others, for which this one's covariance is taken apart once.
  ///
  /// - Parameter others: Distributions of as many features.
  /// - Returns: a distance each; see `frechetDistance(to:)`.
  public func frechetDistances(to others: [FeatureDistribution]) -> [Double] {
    guard isFinite else { return others.map { _ in .nan } }
    // Σ₁Σ₂ has the eigenvalues of RΣ₂R, which is symmetric, where R is the root of Σ₁.
    let root = SymmetricEigenvalues.squareRoot(covariance, count: dimensions)
    return others.map { frechetDistance(to: $0, root: root) }
  }

  private var isFinite: Bool { (mean + covariance).allSatisfy(\.isFinite) }

  private func frechetDistance(to other: FeatureDistribution, root: [Double]) -> Double {
    let n = dimensions
    precondition(
      other.dimensions == n, "FeatureDistribution: \(n) and \(other.dimensions) features")
    guard other.isFinite else { return .nan }
    let inner = Self.product(Self.product(root, other.covariance, n), root, n)
    let shared = SymmetricEigenvalues.values(inner, count: n).reduce(0) {
      $0 + max(0, $1).squareRoot()
    }
    let shift = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let spread = (0..<n).reduce(0) {
      $0 + covariance[$1 * n + $1] + other.covariance[$1 * n + $1]
    }
    return max(0, shift + spread - 2 * shared)
  }

  /// The product of two square matrices.
  private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var product = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for k in 0..<n where a[i * n + k] != 0 {
        let factor = a[i * n + k]
        for j in 0..<n { product[i * n + j] += factor * b[k * n + j] }
      }
    }
    return product
  }
}
