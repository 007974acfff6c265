public import Engine
import Networks
import Randomness

/// Shapley values of square blocks, by weighted least squares over random sets of blocks.
///
/// Sets are drawn with Shapley kernel weights, each together with its complement; that all blocks' values add up to F(x) -
/// F(baseline) is part of the fit. A block's places share its value equally, where Captum's `KernelShap` with the same
/// blocks gives it to each of them.
///
/// Reference: Lundberg, Lee, A Unified Approach to Interpreting Model Predictions (2017); paired sampling: Covert,
/// Lee, Improving KernelSHAP (2021).
public struct KernelSHAP: AttributionMethod {
  private let block: Int
  private let samples: Int
  private let baseline: Baseline
  private let seed: UInt64

  /// Kernel SHAP.
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
    let sets = sets(of: n)
    let ends = [[Bool](repeating: false, count: n), [Bool](repeating: true, count: n)]
    let baselines = baseline.images(for: images, shape)
    let masks = ends + sets
    let scores = blocks.scores(masks, of: images, baselines, in: executor, for: targets)
    // A = Σ z zᵀ / sets; a trace of ridge keeps it solvable with few sets.
    var system = LeastSquares(count: n)
    for set in sets { system.add(set) }
    let solver = system.solver(ridge: 1e-6 * Double(max(1, sets.count)))
    let ones = solver.solve([Double](repeating: 1, count: n))
    let onesSum = ones.reduce(0, +)
    var maps: [Float] = []
    var deltas: [Float] = []
    for image in targets.indices {
      let row = scores[image * masks.count..<(image + 1) * masks.count]
      let nothing = Double(row[row.startIndex])
      let whole = Double(row[row.startIndex + 1])
      var right = [Double](repeating: 0, count: n)
      for (set, value) in zip(sets, row.dropFirst(2)) {
        for b in 0..<n where set[b] { right[b] += Double(value) - nothing }
      }
      let free = solver.solve(right)
      let excess = (free.reduce(0, +) - (whole - nothing)) / onesSum
      let values = n == 1 ? [whole - nothing] : zip(free, ones).map { $0 - $1 * excess }
      maps += blocks.map(values, shape)
      deltas.append(Float(values.reduce(0, +) - (whole - nothing)))
    }
    return Attribution(scores: maps, targets: targets, convergenceDelta: deltas)
  }

  /// Sets of blocks, each followed by its complement; sizes k with probability ∝ 1 / (k (n - k)).
  private func sets(of n: Int) -> [[Bool]] {
    guard n > 1 else { return [] }
    var generator = SplitMix64(seed: seed, purpose: "kernel shap")
    let weights = (1..<n).map { 1 / Float($0 * (n - $0)) }
    let total = weights.reduce(0, +)
    return (0..<samples / 2).flatMap { _ -> [[Bool]] in
      var rest = generator.uniform() * total
      var size = 1
      while size < n - 1, rest >= weights[size - 1] {
        rest -= weights[size - 1]
        size += 1
      }
      var set = [Bool](repeating: false, count: n)
      for block in generator.permutation(n).prefix(size) { set[block] = true }
      return [set, set.map { !$0 }]
    }
  }
}
