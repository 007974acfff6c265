public import Engine
import Randomness
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Points on a plane such that near ones stay near (t-SNE).
///
/// Distances between groups and sizes of groups mean little. Neighbours are exact, far forces by Barnes and Hut's tree
/// (θ = 0.5), the start is the first two principal components, so that the same points give the same map on any number of
/// threads.
///
/// Reference: van der Maaten, Hinton, Visualizing Data using t-SNE (2008); van der Maaten, Accelerating t-SNE using Tree-Based
/// Algorithms (2014); start and learning rate N/12: Kobak, Berens, The art of using t-SNE (2019).
public struct TSNE: Sendable {
  /// One point a row, `[N][2]`.
  public let points: [Float]

  /// Embeds points.
  ///
  /// - Parameters:
  ///   - values: `[N][D]` numbers.
  ///   - dimensions: D.
  ///   - perplexity: how many neighbours count, roughly; made smaller for fewer than three times as many points.
  ///   - steps: gradient steps, the first quarter with neighbours pulled twelve times as hard.
  ///   - pool: the threads.
  public init(
    _ values: [Float], dimensions: Int, perplexity: Double = 30, steps: Int = 1000, pool: WorkerPool
  ) {
    let n = values.count / dimensions
    guard n > 3 else {
      points = (0..<2 * n).map { Float($0) }
      return
    }
    let perplexity = min(perplexity, Double(n - 1) / 3)
    let neighbors = Neighbors(
      of: values, dimensions: dimensions, count: Int(3 * perplexity), pool: pool)
    let graph = Self.symmetric(
      neighbors.indices, neighbors.distances.map { Self.weights($0, perplexity) })
    var map = PlaneStart.points(values, dimensions, deviation: 1e-4)
    var velocity = [Float](repeating: 0, count: 2 * n)
    var gains = [Float](repeating: 1, count: 2 * n)
    let rate = max(Float(n) / 12, 50)
    for step in 0..<steps {
      let isEarly = step < steps / 4
      let slopes = Self.slopes(map, graph, exaggeration: isEarly ? 12 : 1, pool)
      for i in map.indices {
        gains[i] = max(
          0.01, (slopes[i] > 0) == (velocity[i] > 0) ? gains[i] * 0.8 : gains[i] + 0.2)
        velocity[i] = (isEarly ? 0.5 : 0.8) * velocity[i] - rate * gains[i] * slopes[i]
        map[i] += velocity[i]
      }
    }
    points = map
  }

  /// Neighbours of each point with weights, one list after the other.
  private struct Graph: Sendable {
    var starts: [Int] = [0]
    var targets: [Int] = []
    var weights: [Float] = []
  }

  /// exp(-β d²) as shares, β by bisection so that the entropy is that of the perplexity.
  private static func weights(_ distances: [Float], _ perplexity: Double) -> [Double] {
    let squares = distances.map { Double($0) * Double($0) }
    let nearest = squares.first ?? 0
    var (low, high, beta) = (0.0, Double.infinity, 1 / max(nearest, 1e-12))
    var shares: [Double] = []
    for _ in 0..<60 {
      let values = squares.map { exp(-beta * ($0 - nearest)) }
      let sum = values.reduce(0, +)
      shares = values.map { $0 / sum }
      let entropy = shares.reduce(0.0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      let difference = entropy - log(perplexity)
      if abs(difference) < 1e-5 { break }
      if difference > 0 {
        low = beta
        beta = high.isInfinite ? beta * 2 : (beta + high) / 2
      } else {
        high = beta
        beta = (beta + low) / 2
      }
    }
    return shares
  }

  /// (p_ij + p_ji) / 2N
  private static func symmetric(_ indices: [[Int]], _ weights: [[Double]]) -> Graph {
    let n = indices.count
    var rows = [[Int: Double]](repeating: [:], count: n)
    for i in 0..<n {
      for (j, weight) in zip(indices[i], weights[i]) {
        rows[i][j, default: 0] += weight / Double(2 * n)
        rows[j][i, default: 0] += weight / Double(2 * n)
      }
    }
    var graph = Graph()
    for row in rows {
      for (target, weight) in row.sorted(by: { $0.key < $1.key }) {
        graph.targets.append(target)
        graph.weights.append(Float(weight))
      }
      graph.starts.append(graph.targets.count)
    }
    return graph
  }

  /// Slopes of the divergence: neighbours pull, all points push.
  private static func slopes(
    _ map: [Float], _ graph: Graph, exaggeration: Float, _ pool: WorkerPool
  ) -> [Float] {
    let n = map.count / 2
    let tree = QuadTree(map)
    let block = 256
    let blocks = (n + block - 1) / block
    // Each block's forces and share of the sum Z; added up in the order of the blocks.
    let parts = Mutex(
      [(pull: [Float], push: [Float], sum: Double)](repeating: ([], [], 0), count: blocks))
    pool.run(blocks) { index, _ in
      let range = index * block..<min(index * block + block, n)
      var (pull, push): ([Float], [Float]) = ([], [])
      pull.reserveCapacity(2 * range.count)
      push.reserveCapacity(2 * range.count)
      var sum = 0.0
      for i in range {
        let (x, y) = (map[2 * i], map[2 * i + 1])
        var (px, py): (Float, Float) = (0, 0)
        for edge in graph.starts[i]..<graph.starts[i + 1] {
          let j = graph.targets[edge]
          let (dx, dy) = (x - map[2 * j], y - map[2 * j + 1])
          let weight = graph.weights[edge] / (1 + dx * dx + dy * dy)
          px += weight * dx
          py += weight * dy
        }
        pull.append(px)
        pull.append(py)
        let force = tree.repulsion(x, y)
        push.append(force.x)
        push.append(force.y)
        sum += Double(force.sum)
      }
      parts.withLock { $0[index] = (pull, push, sum) }
    }
    let done = parts.withLock { $0 }
    let z = Float(max(done.reduce(0) { $0 + $1.sum }, 1e-12))
    return done.flatMap { part in
      zip(part.pull, part.push).map { 4 * (exaggeration * $0 - $1 / z) }
    }
  }
}

/// Points of a plane in squares within squares, each with its centre of mass, a square before those within it.
private struct QuadTree: Sendable {
  private struct Node {
    var count: Float
    var x: Float
    var y: Float
    /// The square of its side.
    var square: Float
    /// The place after all that lies within it; the next place for a leaf.
    var next = 0
  }

  private var nodes: [Node] = []
  private static let spread: Float = 0.25
  private static let depth = 24

  init(_ map: [Float]) {
    var (low, high) = (
      (x: Float.infinity, y: Float.infinity), (x: -Float.infinity, y: -Float.infinity)
    )
    for i in stride(from: 0, to: map.count, by: 2) {
      low = (min(low.x, map[i]), min(low.y, map[i + 1]))
      high = (max(high.x, map[i]), max(high.y, map[i + 1]))
    }
    nodes.reserveCapacity(map.count * 2)
    var order = Array(0..<map.count / 2)
    build(
      &order, 0..<order.count, map, low.x, low.y, max(high.x - low.x, high.y - low.y) + 1e-9, 0)
  }

  /// Adds a square with some points, and the squares within it.
  private mutating func build(
    _ order: inout [Int], _ range: Range<Int>, _ map: [Float], _ left: Float, _ top: Float,
    _ side: Float, _ depth: Int
  ) {
    guard !range.isEmpty else { return }
    var (x, y): (Float, Float) = (0, 0)
    for i in range {
      x += map[2 * order[i]]
      y += map[2 * order[i] + 1]
    }
    let count = Float(range.count)
    let node = nodes.count
    nodes.append(Node(count: count, x: x / count, y: y / count, square: side * side))
    defer { nodes[node].next = nodes.count }
    guard range.count > 1, depth < Self.depth else { return }
    let half = side / 2
    func split(_ range: Range<Int>, _ isLow: (Int) -> Bool) -> Int {
      var middle = range.lowerBound
      for i in range where isLow(order[i]) {
        order.swapAt(i, middle)
        middle += 1
      }
      return middle
    }
    let middle = split(range) { map[2 * $0 + 1] < top + half }
    for (row, part) in [range.lowerBound..<middle, middle..<range.upperBound].enumerated() {
      let cut = split(part) { map[2 * $0] < left + half }
      let y = top + Float(row) * half
      build(&order, part.lowerBound..<cut, map, left, y, half, depth + 1)
      build(&order, cut..<part.upperBound, map, left + half, y, half, depth + 1)
    }
  }

  /// Σ q² (difference) and Σ q over all points, q = 1 / (1 + d²); squares seen as smaller than half their distance count as
  /// one point. The point itself adds no force, and its q of 1 is taken off.
  func repulsion(_ x: Float, _ y: Float) -> (x: Float, y: Float, sum: Float) {
    var (fx, fy, sum): (Float, Float, Float) = (0, 0, -1)
    var place = 0
    while place < nodes.count {
      let node = nodes[place]
      let (dx, dy) = (x - node.x, y - node.y)
      let distance = dx * dx + dy * dy
      if node.next > place + 1, node.square >= Self.spread * distance {
        place += 1
        continue
      }
      let q = 1 / (1 + distance)
      let weight = node.count * q
      sum += weight
      fx += weight * q * dx
      fy += weight * q * dy
      place = node.next
    }
    return (fx, fy, sum)
  }
}
