public import Engine
import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The weights of a linear model of the score around the image, in which square blocks are switched on and off.
///
/// Each block is on with probability 1/2; a sample weighs exp(-d² / (2 · 0.25²)) with the cosine distance d = 1 - √(share on)
/// from the whole image; the fit is a ridge regression with strength 1 and a free constant, as in the authors' tool. A
/// block's places share its weight equally.
///
/// Reference: Ribeiro, Singh, Guestrin, “Why Should I Trust You?” (2016).
public struct LIME: AttributionMethod {
  private static let width = 0.25
  private static let ridge = 1.0
  private let block: Int
  private let samples: Int
  private let baseline: Baseline
  private let seed: UInt64

  /// LIME.
  ///
  /// - Parameters:
  ///   - block: side of a block in pixels, at least 1.
  ///   - samples: sets of blocks.
  ///   - baseline: what stands in for absent blocks.
  ///   - seed: seed of the sets.
  public init(block: Int = 4, samples: Int = 2000, baseline: Baseline = .black, seed: UInt64 = 1) {
    self.block = max(1, block)
    self.samples = max(2, samples)
    self.baseline = baseline
    self.seed = seed
  }

  /// The scores, the same in each channel; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let blocks = Blocks(shape, side: block)
    let n = blocks.count
    var generator = SplitMix64(seed: seed, purpose: "lime")
    let sets = (0..<samples).map { _ in (0..<n).map { _ in generator.uniform() < 0.5 } }
    let weights = sets.map { set -> Double in
      let distance = 1 - (Double(set.count { $0 }) / Double(n)).squareRoot()
      return exp(-distance * distance / (2 * Self.width * Self.width))
    }
    let scores = blocks.scores(
      sets, of: images, baseline.images(for: images, shape), in: executor, for: targets)
    // The constant is a last column that is always on, and is not held small.
    var system = LeastSquares(count: n + 1)
    let columns = sets.map { $0 + [true] }
    for (set, weight) in zip(columns, weights) { system.add(set, weight: weight) }
    let solver = system.solver(ridge: Self.ridge, exceptLast: true)
    let maps = targets.indices.flatMap { image -> [Float] in
      var right = [Double](repeating: 0, count: n + 1)
      for (s, set) in columns.enumerated() {
        let value = weights[s] * Double(scores[image * sets.count + s])
        for b in 0...n where set[b] { right[b] += value }
      }
      return blocks.map(solver.solve(right).dropLast(), shape)
    }
    return Attribution(scores: maps, targets: targets)
  }
}
