import Attribution
import Engine
import Networks
import TestSupport
import Testing

@Suite struct AttributionTests {
  private let pool = WorkerPool(threads: 2)

  @Test(arguments: 0..<10)
  func `integrated gradients add up to the difference of the scores`(seed: Int) throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let image = hashed(144, UInt64(900 + seed))
    let target = seed % 10
    let result = IntegratedGradients(steps: 200)
      .attribution(of: image, in: executor, for: [target])
    let sum = result.scores.reduce(0.0) { $0 + Double($1) }
    let oracle = Oracle(network)
    let difference =
      oracle.logits([image.map(Double.init)])[0][target]
      - oracle.logits([[Double](repeating: 0, count: 144)])[0][target]
    // The path crosses kinks of the ReLUs, where quadrature gains only a digit for ten times the points.
    #expect(abs(sum - difference) < 0.03)
    let delta = try #require(result.convergenceDelta)[0]
    #expect(abs(Double(delta) - (sum - difference)) < 1e-4)
  }

  @Test(arguments: [1, 2, 50])
  func `on a linear network integrated gradients are gradient times input`(steps: Int) throws {
    let network = try hashedNetwork(
      "flatten linear(4)", (2, 3, 3),
      normalization: Normalization(mean: [0.3, 0.1], standardDeviation: [0.2, 0.7]))
    let executor = Executor(network, pool: pool)
    let images = hashed(36, 4)
    let gradient = Gradient().attribution(of: images, in: executor, for: [1, 3]).scores
    let result = IntegratedGradients(steps: steps).attribution(
      of: images, in: executor, for: [1, 3])
    for i in images.indices { #expect(abs(result.scores[i] - gradient[i] * images[i]) < 1e-5) }
    for delta in result.convergenceDelta ?? [] { #expect(abs(delta) < 1e-4) }
  }

  @Test func `a pixel that equals the baseline gets nothing`() throws {
    var image = hashed(144, 5)
    for i in stride(from: 0, to: 144, by: 3) { image[i] = 0 }
    let executor = Executor(try smallCNN(), pool: pool)
    let scores = IntegratedGradients().attribution(of: image, in: executor, for: [0]).scores
    for i in stride(from: 0, to: 144, by: 3) { #expect(scores[i] == 0) }
    #expect(scores.contains { $0 != 0 })
  }

  @Test func `threads and company change nothing`() throws {
    let network = try smallCNN()
    let images = hashed(45 * 144, 6)
    let targets = (0..<45).map { $0 % 10 }
    let all = IntegratedGradients().attribution(
      of: images, in: Executor(network, pool: WorkerPool(threads: 1)), for: targets)
    let again = IntegratedGradients().attribution(
      of: images, in: Executor(network, pool: WorkerPool(threads: 3)), for: targets)
    let alone = IntegratedGradients().attribution(
      of: Array(images[44 * 144..<45 * 144]), in: Executor(network, pool: pool), for: [targets[44]])
    #expect(all.scores == again.scores)
    #expect(Array(all.scores[(44 * 144)...]) == alone.scores)
  }

  @Test func `rank correlation of equal, opposite, constant and tied maps`() {
    #expect(abs(RankCorrelation.spearman([1, 2, 3], [10, 200, 3000]) - 1) < 1e-12)
    #expect(abs(RankCorrelation.spearman([1, 2, 3], [3, 2, 1]) + 1) < 1e-12)
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == 0)
    // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4]) = 0.9486832980505138
    #expect(
      abs(RankCorrelation.spearman([1, 2, 2, 3], [1, 3, 2, 4]) - 0.9486832980505138) < 1e-12)
  }
}
