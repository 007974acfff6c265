public import Engine
import Randomness

/// Ways to lay many numbers out on a plane.
public enum Embedding: String, CaseIterable, Sendable {
  /// The two directions of largest variance.
  case pca
  /// Near points stay near; see `TSNE`.
  case tsne = "t-sne"
  /// The neighbourhood graph laid out; see `UMAP`.
  case umap

  /// More dimensions than this are first mixed at random into so many, which keeps distances to some 10 %.
  private static let mostDimensions = 256
  /// Principal components that t-SNE and UMAP see.
  private static let components = 30

  /// Points on a plane, `[N][2]`.
  ///
  /// - Parameters:
  ///   - values: `[N][D]` numbers.
  ///   - dimensions: D.
  ///   - seed: seed of what is random.
  ///   - pool: the threads.
  /// - Returns: one point a row.
  public func points(
    _ values: [Float], dimensions: Int, seed: UInt64 = 1, pool: WorkerPool
  ) -> [Float] {
    let mixed = Self.mixed(values, dimensions, seed)
    let width = min(dimensions, Self.mostDimensions)
    if self == .pca {
      return PrincipalComponents(mixed, dimensions: width).points.flatMap {
        [$0[0], $0.count > 1 ? $0[1] : 0]
      }
    }
    let kept = min(Self.components, width)
    let reduced =
      kept == width
      ? mixed
      : PrincipalComponents(mixed, dimensions: width, components: kept).points.flatMap { $0 }
    return self == .tsne
      ? TSNE(reduced, dimensions: kept, pool: pool).points
      : UMAP(reduced, dimensions: kept, seed: seed, pool: pool).points
  }

  /// Johnson, Lindenstrauss, Extensions of Lipschitz mappings into a Hilbert space (1984).
  private static func mixed(_ values: [Float], _ dimensions: Int, _ seed: UInt64) -> [Float] {
    guard dimensions > mostDimensions else { return values }
    var generator = SplitMix64(seed: seed, purpose: "projection")
    let scale = 1 / Float(mostDimensions).squareRoot()
    let matrix = (0..<dimensions * mostDimensions).map { _ in scale * generator.normal() }
    var result = [Float](repeating: 0, count: values.count / dimensions * mostDimensions)
    for row in 0..<values.count / dimensions {
      let target = row * mostDimensions
      for d in 0..<dimensions where values[row * dimensions + d] != 0 {
        let value = values[row * dimensions + d]
        for k in 0..<mostDimensions { result[target + k] += value * matrix[d * mostDimensions + k] }
      }
    }
    return result
  }
}
