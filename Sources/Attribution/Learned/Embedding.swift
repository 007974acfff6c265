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
    let (mixed, width) = RandomProjection.mixed(values, dimensions: dimensions, seed: seed)
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
}
