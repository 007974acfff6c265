import Attribution
import Engine
import Networks
import TestSupport
import Testing

/// Measures of maps on cases whose answer is known.
@Suite struct TrustTests {
  private let pool = WorkerPool(threads: 2)

  @Test func `gini and entropy of equal, single and empty maps`() {
    #expect(abs(Complexity.gini([2, -2, 2, 2])) < 1e-12)
    #expect(abs(Complexity.gini([0, 0, -5, 0]) - 0.75) < 1e-12)
    #expect(Complexity.gini([0, 0]) == 0 && Complexity.entropy([0, 0]) == 0)
    #expect(abs(Complexity.entropy([1, -1, 1, 1]) - 1.3862943611198906) < 1e-12)
    #expect(Complexity.entropy([0, 3, 0]) == 0)
  }

  @Test func `an interval is as wide as the scatter says`() {
    let estimate = Estimate([1, 2, 3, 4])
    // 1.96 * sd / √4 with sd = √(5 / 3).
    #expect(abs(estimate.mean - 2.5) < 1e-12 && abs(estimate.high - 2.5 - 1.2651744) < 1e-6)
    #expect(Estimate([7]).low == 7 && Estimate([]).mean == 0)
  }

  /// The exact map of a linear network foretells every change, and no other does.
  @Test func `the gradient of a linear network has no infidelity`() throws {
    let network = try hashedNetwork("flatten linear(4)", (2, 4, 4))
    let executor = Executor(network, pool: pool)
    let images = hashed(96, 7)
    let exact = Gradient().attribution(of: images, in: executor, for: [0, 1, 2])
    for value in Stability.infidelity(exact, of: images, in: executor) { #expect(value < 1e-8) }
    let other = Control.random.attribution(of: images, in: executor, for: [0, 1, 2])
    for value in Stability.infidelity(other, of: images, in: executor) { #expect(value > 1e-4) }
    // It is the same everywhere, too.
    let sensitivity = Stability.maxSensitivity(Gradient(), exact, of: images, in: executor)
    for value in sensitivity { #expect(value < 1e-5) }
    // Φ(x) = g x moves by as much as x does.
    let product = InputXGradient().attribution(of: images, in: executor, for: [0, 1, 2])
    for value in Stability.maxSensitivity(InputXGradient(), product, of: images, in: executor) {
      #expect(value > 1e-3 && value < 0.2)
    }
  }

  @Test func `a card ranks the exact map above chance and tells what knows nothing`() throws {
    // Every class looks at pixels of its own, so that the exact map is the best possible.
    var network = try hashedNetwork("flatten linear(4)", (1, 8, 8))
    network.tensors[0].values = network.tensors[0].values.indices.map {
      $0 / 64 == $0 % 64 / 16 ? 4 : -1
    }
    let executor = Executor(network, pool: pool)
    let images = hashed(20 * 64, 8)
    let targets = (0..<20).map { $0 % 4 }
    func card(_ method: any AttributionMethod, _ name: String) -> ReportCard {
      ReportCard(method, name: name, on: images, for: targets, in: executor)
    }
    let exact = card(InputXGradient(), "exact")
    let chance = card(Control.random, "chance")
    #expect(exact.deletion.high < chance.deletion.low)
    #expect(exact.insertion.low > chance.insertion.high)
    #expect(exact.road.low > chance.road.high)
    #expect(exact.pixelFlipping.high < chance.pixelFlipping.low)
    #expect(abs(chance.road.mean) < 0.2)
    #expect(exact.completenessResidual.mean < 1e-3 && chance.completenessResidual.mean > 0.1)
    #expect(chance.sanity.isFailed && chance.sanity.cascading[0].similarity.mean > 0.999)
    #expect(chance.sanity.randomLabels == nil)
  }

  @Test func `the sanity check takes layers away from the last to the first`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(6 * 144, 9)
    let targets = Array(0..<6)
    let maps = Gradient().attribution(of: images, in: executor, for: targets)
    let check = SanityCheck(
      Gradient(), maps, of: images, in: executor, randomLabels: network, seed: 3)
    #expect(check.cascading.map(\.layer) == ["linear2", "linear1", "conv2", "conv1"])
    #expect(check.independent.map(\.layer) == ["linear2", "linear1", "conv2", "conv1"])
    // The first step of both is the same; the network itself is no control.
    #expect(check.cascading[0].similarity.mean == check.independent[0].similarity.mean)
    #expect(try #require(check.randomLabels).mean > 0.999 && check.isFailed)
    #expect(try #require(check.randomLabelsStructure).mean > 0.999)
    #expect(try #require(check.randomLabelsEdges).mean > 0.999)
    #expect(try #require(check.cascading.last).structure.mean < 0.9)
    let alone = SanityCheck(Gradient(), maps, of: images, in: executor, seed: 3)
    #expect(!alone.isFailed && alone.randomLabels == nil)
    let end = try #require(alone.cascading.last).similarity.mean
    // No pixel is black; where some are, they make a difference.
    #expect(abs(end) < 0.5 && alone.similarityOverAllPixels?.mean == end)
    let dark = images.map { $0 < 0.5 ? 0 : $0 }
    let others = Gradient().attribution(of: dark, in: executor, for: targets)
    let blanked = SanityCheck(Gradient(), others, of: dark, in: executor, seed: 3, isQuick: true)
    let whole = try #require(blanked.similarityOverAllPixels).mean
    #expect(whole != blanked.cascading[0].similarity.mean && abs(whole) < 0.6)
  }

  @Test func `a quick sanity check comes to what the whole one decides by`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(6 * 144, 9)
    let maps = Gradient().attribution(of: images, in: executor, for: Array(0..<6))
    func check(_ seed: UInt64, isQuick: Bool) -> SanityCheck {
      SanityCheck(
        Gradient(), maps, of: images, in: executor, randomLabels: network, seed: seed,
        isQuick: isQuick)
    }
    let (quick, whole) = (check(3, isQuick: true), check(3, isQuick: false))
    let (end, last) = (try #require(quick.cascading.last), try #require(whole.cascading.last))
    #expect(quick.cascading.count == 1 && quick.independent.isEmpty && end.layer == last.layer)
    #expect(end.similarity.mean == last.similarity.mean && quick.isFailed == whole.isFailed)
    #expect(quick.randomLabels?.mean == whole.randomLabels?.mean)
    // A mean over several random networks hardly depends on the seed.
    let means = (1...6).map { check($0, isQuick: true).cascading[0].similarity.mean }
    #expect(try #require(means.max()) - #require(means.min()) < 0.2, "\(means)")
  }

  @Test func `a class activation map remembers that it was negative everywhere`() throws {
    // One channel that is the image; class 0 adds it up, class 1 takes it away.
    var network = try hashedNetwork("conv(1,1) relu flatten linear(2)", (1, 2, 2))
    for index in network.tensors.indices {
      network.tensors[index].values =
        switch network.tensors[index].shape.count {
        case 4: [1]
        case 2: [1, 1, 1, 1, -1, -1, -1, -1]
        default: network.tensors[index].values.map { _ in 0 }
        }
    }
    let layer = try LayerChoice(nil, in: network.architecture)
    let images: [Float] = [0.5, 0, 0, 1, 0.5, 0, 0, 1, 0, 0, 0, 0]
    let maps = ClassActivationMap(at: layer).attribution(
      of: images, in: Executor(network, pool: pool), for: [0, 1, 1])
    #expect((0..<3).map(maps.emptiness) == [nil, .negative, .zero])
    #expect(maps.scores[4...].allSatisfy { $0 == 0 })
    let joined = Attribution(joining: [maps, maps])
    #expect((3..<6).map(joined.emptiness) == [nil, .negative, .zero])
  }

  @Test func `structure and edges of maps that are equal, turned and unrelated`() {
    let map = hashed(400, 21).map { $0 - 0.5 }
    let other = hashed(400, 22).map { $0 - 0.5 }
    let stripes = (0..<400).map { Float($0 % 20 / 2 % 2) }
    let turned = (0..<400).map { Float($0 / 20 / 2 % 2) }
    func structure(_ a: [Float], _ b: [Float]) -> Double {
      MapSimilarity.structure(a, b, height: 20, width: 20)
    }
    func edges(_ a: [Float], _ b: [Float]) -> Double {
      MapSimilarity.edges(a, b, height: 20, width: 20)
    }
    // Neither scale nor sign counts.
    #expect(abs(structure(map, map.map { -3 * $0 }) - 1) < 1e-5)
    #expect(abs(edges(map, map.map { -3 * $0 }) - 1) < 1e-5)
    #expect(abs(structure(map, other)) < 0.2 && abs(edges(map, other)) < 0.4)
    #expect(abs(edges(stripes, stripes) - 1) < 1e-9 && edges(stripes, turned) < 0.1)
    // One window: (2 μx μy + C1) (2 σxy + C2) / ((μx² + μy² + C1) (σx² + σy² + C2)).
    let (a, b): ([Float], [Float]) = ([1, 0, 0, 0], [1, 1, 0, 0])
    let expected =
      (2 * 0.25 * 0.5 + 0.0001) * (2 / 6.0 + 0.0009)
      / ((0.0625 + 0.25 + 0.0001) * (0.25 + 1 / 3.0 + 0.0009))
    #expect(abs(MapSimilarity.structure(a, b, height: 2, width: 2) - expected) < 1e-9)
    #expect(structure([Float](repeating: 0, count: 400), map) < 0.2)
  }

  @Test func `same seed, same card on any threads`() throws {
    let network = try mixedCNN()
    let images = hashed(5 * 432, 10)
    func card(_ threads: Int) -> ReportCard {
      ReportCard(
        SmoothGrad(samples: 5), name: "smoothgrad", on: images, for: [1, 2, 3, 4, 5],
        in: Executor(network, pool: WorkerPool(threads: threads)))
    }
    let (one, three) = (card(1), card(3))
    for path: KeyPath<ReportCard, Estimate> in [
      \.deletion, \.insertion, \.road, \.pixelFlipping, \.infidelity, \.maxSensitivity, \.gini,
    ] { #expect(one[keyPath: path].mean == three[keyPath: path].mean) }
    #expect(
      one.sanity.cascading.map(\.similarity.mean) == three.sanity.cascading.map(\.similarity.mean))
  }
}
