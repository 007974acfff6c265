import Engine
import Networks
import Randomness
import Synchronization

/// Remove and debias: places are not blackened but filled in from their neighbours, so that the hole itself says nothing.
///
/// Reference: Rong, Leemann, Borisov, Kasneci, Kasneci, A Consistent and Efficient Evaluation Strategy for
/// Attribution Methods (2022).
enum ROAD {
  private static let shares = (1...9).map { Double($0) / 10 }
  private static let noise: Float = 0.01

  /// For each image, half the mean difference of the target's probability with the least and with the most important
  /// places removed, over 10 % to 90 % of them; higher is better, 0 is chance.
  static func scores(_ curve: RemovalCurve, seed: UInt64) -> [Double] {
    let shape = curve.executor.network.architecture.inputShape
    let size = shape.count
    let variants = shares.count * 2
    var generator = SplitMix64(seed: seed, purpose: "road")
    let noise = (0..<size).map { _ in Self.noise * generator.normal() }
    // Each image's pictures are filled in on one of the threads.
    let made = Mutex([[Float]](repeating: [], count: curve.targets.count))
    curve.executor.pool.run(curve.targets.count) { image, _ in
      let filled = Self.pictures(
        Array(curve.images[image * size..<(image + 1) * size]), curve.orders[image], shape, noise)
      made.withLock { $0[image] = filled }
    }
    let pictures = made.withLock { $0 }
    let scores = curve.executor.targetScores(
      of: curve.images, curve.targets, copies: variants, asProbability: true
    ) { image, variant, batch in
      batch.append(contentsOf: pictures[image][variant * size..<(variant + 1) * size])
    }
    return curve.targets.indices.map { image in
      let total = shares.indices.reduce(0.0) { total, share in
        let place = image * variants + share * 2
        return total + Double(scores[place + 1] - scores[place]) / 2
      }
      return total / Double(shares.count)
    }
  }

  /// An image without its most and without its least important places, for each share.
  private static func pictures(
    _ pixels: [Float], _ order: [Int], _ shape: ImageShape, _ noise: [Float]
  ) -> [Float] {
    let plane = shape.height * shape.width
    return shares.flatMap { share -> [Float] in
      let removed = Int((Double(plane) * share).rounded())
      return [order.prefix(removed), order.suffix(removed)].flatMap { places -> [Float] in
        let filling = Filling(places, shape)
        return (0..<shape.channels).flatMap { channel -> [Float] in
          let range = channel * plane..<(channel + 1) * plane
          var filled = filling.filled(Array(pixels[range]))
          for place in places { filled[place] += noise[range.lowerBound + place] }
          return filled
        }
      }
    }
  }
}

/// Missing places, each the mean of its neighbours: those beside it weigh 1/6, the diagonal ones 1/12, missing or not.
///
/// A linear system, solved by conjugate gradients to a residual of 1e-4.
struct Filling {
  private let missing: [Int]
  /// The neighbours of each missing place with their weights; those of one place follow each other.
  private var neighbors: [(place: Int, unknown: Int, weight: Float)] = []
  private var ends: [Int] = []
  private var diagonal: [Float] = []

  init(_ places: some Sequence<Int>, _ shape: ImageShape) {
    missing = places.sorted()
    var unknowns = [Int](repeating: -1, count: shape.height * shape.width)
    for (unknown, place) in missing.enumerated() { unknowns[place] = unknown }
    for place in missing {
      let (y, x) = (place / shape.width, place % shape.width)
      var sum: Float = 0
      for v in max(0, y - 1)...min(shape.height - 1, y + 1) {
        for u in max(0, x - 1)...min(shape.width - 1, x + 1) where v != y || u != x {
          let weight: Float = v == y || u == x ? 1 / 6 : 1 / 12
          let neighbor = v * shape.width + u
          neighbors.append((neighbor, unknowns[neighbor], weight))
          sum += weight
        }
      }
      diagonal.append(sum)
      ends.append(neighbors.count)
    }
  }

  /// A plane with its missing places filled in.
  func filled(_ plane: [Float]) -> [Float] {
    var result = plane
    var x = [Float](repeating: 0, count: missing.count)
    var residual = x
    for (row, range) in rows() {
      for i in range where neighbors[i].unknown < 0 {
        residual[row] += neighbors[i].weight * plane[neighbors[i].place]
      }
    }
    var direction = residual
    var image = residual
    var square = dot(residual, residual)
    for _ in 0..<500 where square > 1e-8 {
      for (row, range) in rows() {
        image[row] = diagonal[row] * direction[row]
        for i in range where neighbors[i].unknown >= 0 {
          image[row] -= neighbors[i].weight * direction[neighbors[i].unknown]
        }
      }
      let step = square / max(dot(direction, image), 1e-30)
      for i in x.indices {
        x[i] += step * direction[i]
        residual[i] -= step * image[i]
      }
      let next = dot(residual, residual)
      for i in x.indices { direction[i] = residual[i] + next / square * direction[i] }
      square = next
    }
    for (unknown, place) in missing.enumerated() { result[place] = x[unknown] }
    return result
  }

  private func rows() -> some Sequence<(Int, Range<Int>)> {
    ends.indices.lazy.map { ($0, ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]) }
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
