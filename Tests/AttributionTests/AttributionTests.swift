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

  @Test func `principal components find the direction of a line`() {
    let points: [Float] = (0..<50).flatMap { i -> [Float] in
      let t = Float(i) - 25
      return [3 * t, 4 * t, (i % 2 == 0 ? 0.1 : -0.1)]
    }
    let result = PrincipalComponents(points, dimensions: 3)
    #expect(result.explained[0] > 0.999)
    for (i, point) in result.points.enumerated() {
      #expect(abs(abs(point[0]) - 5 * abs(Float(i) - 24.5)) < 5)
    }
    #expect(result.points[49][0] - result.points[0][0] > 244)
  }

  @Test func `the strongest component comes first, whatever its direction`() {
    // In the stronger of two directions the first and the last number go against each other: a search that starts from
    // like numbers never leaves the weaker.
    func point(_ first: Float, _ last: Float) -> [Float] {
      [first] + [Float](repeating: 0, count: 6) + [last]
    }
    let points = [point(3, -3), point(-3, 3), point(2, 2), point(-2, -2)]
    let result = PrincipalComponents(points.flatMap { $0 }, dimensions: 8)
    #expect(abs(result.explained[0] - 36.0 / 52) < 1e-6)
    #expect(abs(result.explained[1] - 16.0 / 52) < 1e-6)
    for (found, places) in zip(result.points, [[0], [0], [1], [1]]) {
      for place in 0..<2 { #expect((abs(found[place]) > 2) == places.contains(place)) }
    }
  }
}
