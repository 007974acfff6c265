public import Engine
import Synchronization

/// The nearest neighbours of points, found by looking at all distances.
public struct Neighbors: Sendable {
  /// For each point the others, nearest first, the lower number among equals.
  public let indices: [[Int]]
  /// Their Euclidean distances.
  public let distances: [[Float]]

  /// The nearest neighbours of each point among the others.
  ///
  /// - Parameters:
  ///   - points: `[N][D]` numbers.
  ///   - dimensions: D.
  ///   - count: how many neighbours; at most N - 1.
  ///   - pool: the threads.
  public init(of points: [Float], dimensions: Int, count: Int, pool: WorkerPool) {
    let n = points.count / dimensions
    let count = min(count, n - 1)
    // Coordinate by coordinate, so that the inner loop goes over points.
    var turned = [Float](repeating: 0, count: points.count)
    for i in 0..<n {
      for d in 0..<dimensions { turned[d * n + i] = points[i * dimensions + d] }
    }
    let columns = turned
    let results = Mutex([(indices: [Int], distances: [Float])](repeating: ([], []), count: n))
    pool.run((n + 63) / 64) { block, _ in
      var squares = [Float](repeating: 0, count: n)
      for i in block * 64..<min(block * 64 + 64, n) {
        for j in 0..<n { squares[j] = 0 }
        for d in 0..<dimensions {
          let value = points[i * dimensions + d]
          let column = d * n
          for j in 0..<n {
            let difference = columns[column + j] - value
            squares[j] += difference * difference
          }
        }
        squares[i] = .infinity
        let nearest = Self.smallest(squares, count)
        results.withLock { $0[i] = (nearest, nearest.map { squares[$0].squareRoot() }) }
      }
    }
    let found = results.withLock { $0 }
    indices = found.map(\.indices)
    distances = found.map(\.distances)
  }

  /// The places of the smallest values in order, by a heap whose top is the largest kept.
  private static func smallest(_ values: [Float], _ count: Int) -> [Int] {
    guard count > 0 else { return [] }
    var kept = Array(0..<count)
    func isBefore(_ a: Int, _ b: Int) -> Bool { (values[a], a) < (values[b], b) }
    func sink(_ start: Int) {
      var i = start
      while true {
        var largest = i
        for child in [2 * i + 1, 2 * i + 2]
        where child < count && isBefore(kept[largest], kept[child]) { largest = child }
        if largest == i { return }
        kept.swapAt(i, largest)
        i = largest
      }
    }
    for i in stride(from: count / 2 - 1, through: 0, by: -1) { sink(i) }
    for i in count..<max(count, values.count) where values[i] < values[kept[0]] {
      kept[0] = i
      sink(0)
    }
    return kept.sorted(by: isBefore)
  }
}
