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

  /// Principal components that UMAP sees, and t-SNE of more points than have their distances looked at in full.
  private static let components = 30
  /// So many points of so many dimensions have their distances looked at in full: some seconds.
  private static let (mostPoints, mostDimensions) = (4000, 1024)

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
    let isWhole =
      self == .tsne && dimensions <= Self.mostDimensions
      && values.count / dimensions <= Self.mostPoints
    if isWhole { return TSNE(values, dimensions: dimensions, pool: pool).points }
    let (mixed, width) = RandomProjection.mixed(values, dimensions: dimensions, seed: seed)
    let kept = self == .pca ? 2 : Self.components
    let reduced =
      kept >= width && self != .pca
      ? mixed
      : PrincipalComponents(mixed, dimensions: width, components: kept).points.flatMap { $0 }
    let left = min(kept, width)
    return switch self {
    case .pca: left == 2 ? reduced : reduced.flatMap { [$0, 0] }
    case .tsne: TSNE(reduced, dimensions: left, pool: pool).points
    case .umap: UMAP(reduced, dimensions: left, seed: seed, pool: pool).points
    }
  }
}
