public import Engine
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Points on a plane by their neighbourhood graph (UMAP).
///
/// Neighbours are exact, the start is the first two principal components (the paper starts from the graph's spectrum), the
/// curve's a = 1.577 and b = 0.895 belong to a minimal distance of 0.1.
///
/// Reference: McInnes, Healy, Melville, UMAP (2018).
public struct UMAP: Sendable {
  /// One point a row, `[N][2]`.
  public let points: [Float]

  private static let a: Float = 1.577
  private static let b: Float = 0.895
  private static let negatives = 5

  /// Embeds points.
  ///
  /// - Parameters:
  ///   - values: `[N][D]` numbers.
  ///   - dimensions: D.
  ///   - neighbors: how many neighbours make the graph.
  ///   - epochs: how often the strongest edges pull.
  ///   - seed: seed of the points that push.
  ///   - pool: the threads.
  public init(
    _ values: [Float], dimensions: Int, neighbors: Int = 15, epochs: Int = 200, seed: UInt64 = 1,
    pool: WorkerPool
  ) {
    let n = values.count / dimensions
    guard n > 3 else {
      points = (0..<2 * n).map { Float($0) }
      return
    }
    let near = Neighbors(of: values, dimensions: dimensions, count: neighbors, pool: pool)
    let edges = Self.edges(near)
    let strongest = edges.map(\.weight).max() ?? 1
    var map = PlaneStart.points(values, dimensions, deviation: 5)
    var generator = SplitMix64(seed: seed, purpose: "umap")
    // An edge pulls once in so many epochs.
    let periods = edges.map { strongest / $0.weight }
    var due = periods
    for epoch in 1...epochs {
      let rate = 1 - Float(epoch - 1) / Float(epochs)
      for (index, edge) in edges.enumerated() where due[index] <= Float(epoch) {
        due[index] += periods[index]
        Self.pull(&map, edge.from, edge.to, rate)
        for _ in 0..<Self.negatives {
          let other = generator.below(n)
          if other != edge.from { Self.push(&map, edge.from, other, rate) }
        }
      }
    }
    points = map
  }

  /// The fuzzy union of each point's neighbourhood, every pair in both directions.
  private static func edges(_ near: Neighbors) -> [(from: Int, to: Int, weight: Float)] {
    let n = near.indices.count
    var rows = [[Int: Float]](repeating: [:], count: n)
    for i in 0..<n {
      let distances = near.distances[i]
      let nearest = distances.first { $0 > 0 } ?? 0
      let width = width(distances, nearest)
      for (j, distance) in zip(near.indices[i], distances) {
        rows[i][j] = expf(-max(0, distance - nearest) / width)
      }
    }
    return (0..<n).flatMap { i -> [(from: Int, to: Int, weight: Float)] in
      let others = Set(rows[i].keys)
      return others.sorted().flatMap { j -> [(from: Int, to: Int, weight: Float)] in
        let (forth, back) = (rows[i][j] ?? 0, rows[j][i] ?? 0)
        let weight = forth + back - forth * back
        // A pair that both know is met from both sides.
        return back > 0 ? [(i, j, weight)] : [(i, j, weight), (j, i, weight)]
      }
    }
  }

  /// The width with which the neighbours' weights add up to log2 of their number.
  private static func width(_ distances: [Float], _ nearest: Float) -> Float {
    let goal = log2f(Float(distances.count))
    var (low, high, width): (Float, Float, Float) = (0, .infinity, 1)
    for _ in 0..<64 {
      let sum = distances.reduce(Float(0)) { $0 + expf(-max(0, $1 - nearest) / width) }
      if abs(sum - goal) < 1e-5 { break }
      if sum > goal {
        high = width
        width = (low + high) / 2
      } else {
        low = width
        width = high.isInfinite ? width * 2 : (low + high) / 2
      }
    }
    return max(width, 1e-6)
  }

  private static func pull(_ map: inout [Float], _ i: Int, _ j: Int, _ rate: Float) {
    let (dx, dy) = (map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1])
    let square = dx * dx + dy * dy
    guard square > 0 else { return }
    let power = powf(square, b)
    let factor = -2 * a * b * power / square / (1 + a * power)
    let (x, y) = (rate * clipped(factor * dx), rate * clipped(factor * dy))
    map[2 * i] += x
    map[2 * i + 1] += y
    map[2 * j] -= x
    map[2 * j + 1] -= y
  }

  private static func push(_ map: inout [Float], _ i: Int, _ j: Int, _ rate: Float) {
    let (dx, dy) = (map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1])
    let square = dx * dx + dy * dy
    guard square > 0 else { return }
    let factor = 2 * b / ((0.001 + square) * (1 + a * powf(square, b)))
    map[2 * i] += rate * clipped(factor * dx)
    map[2 * i + 1] += rate * clipped(factor * dy)
  }

  private static func clipped(_ value: Float) -> Float { min(4, max(-4, value)) }
}
