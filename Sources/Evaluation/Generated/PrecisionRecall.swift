public import Engine
import Synchronization

/// Which share of pictures lies where real ones are, and which share of real ones lies where pictures are.
///
/// A place counts as one of a set if it is no further from some member than that is from its third nearest neighbour in
/// the set. Reference: Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models (2019).
public struct PrecisionRecall: Codable, Equatable, Sendable {
  /// Pictures that lie among the real ones: how believable they are.
  public let believable: Int
  /// How many pictures there are.
  public let count: Int
  /// Real ones that lie among the pictures: how much of what there is they cover.
  public let covered: Int
  /// How many real ones there are.
  public let realCount: Int

  /// Share of the pictures that lie among the real ones.
  public var precision: Double { Double(believable) / Double(max(1, count)) }
  /// Share of the real ones that lie among the pictures.
  public var recall: Double { Double(covered) / Double(max(1, realCount)) }

  /// The usual number of neighbours.
  public static let usualNeighbors = 3

  /// Measures pictures against real ones.
  ///
  /// - Parameters:
  ///   - pictures: their features, `[N][D]`.
  ///   - reals: those of the real ones, `[M][D]`.
  ///   - dimensions: D.
  ///   - neighbors: which neighbour the reach of a place is the distance of.
  ///   - pool: the threads.
  /// - Precondition: both sets have more members than neighbours are asked for.
  public init(
    pictures: [Float], reals: [Float], dimensions: Int, neighbors: Int = usualNeighbors,
    pool: WorkerPool
  ) {
    let (own, other) = (
      PackedRows(pictures, dimensions: dimensions), PackedRows(reals, dimensions: dimensions)
    )
    precondition(
      min(own.count, other.count) > neighbors,
      "PrecisionRecall: \(own.count) and \(other.count) are too few for \(neighbors) neighbours")
    func all<Value: Sendable>(
      _ rows: [Float], _ body: @Sendable (Int, ArraySlice<Float>) -> Value
    ) -> [Value] {
      let count = rows.count / dimensions
      let results = Mutex([Value?](repeating: nil, count: count))
      pool.run(count) { row, _ in
        let value = body(row, rows[row * dimensions..<(row + 1) * dimensions])
        results.withLock { $0[row] = value }
      }
      return results.withLock { $0 }.compactMap { $0 }
    }
    // Squares throughout: they are in the same order.
    func reaches(_ rows: [Float], _ packed: PackedRows) -> [Float] {
      all(rows) { row, numbers in
        var distances = packed.squaredDistances(from: numbers)
        distances[row] = .infinity
        return Self.smallest(neighbors, of: distances)
      }
    }
    func within(_ rows: [Float], _ packed: PackedRows, _ reaches: [Float]) -> Int {
      all(rows) { _, numbers in
        zip(packed.squaredDistances(from: numbers), reaches).contains { $0 <= $1 }
      }.count { $0 }
    }
    believable = within(pictures, other, reaches(reals, other))
    covered = within(reals, own, reaches(pictures, own))
    (count, realCount) = (own.count, other.count)
  }

  /// The n-th smallest of some numbers.
  private static func smallest(_ n: Int, of values: [Float]) -> Float {
    var lowest = [Float](repeating: .infinity, count: n)
    for value in values where value < lowest[n - 1] {
      let place = lowest.firstIndex { value < $0 } ?? n - 1
      lowest.insert(value, at: place)
      lowest.removeLast()
    }
    return lowest[n - 1]
  }
}
