import Engine
import Networks
import Representations
import TestSupport
import Testing

/// What is said of a network's insides, on cases whose answer is known.
@Suite struct RepresentationsTests {
  private let pool = WorkerPool(threads: 2)

  // MARK: Pictures that excite

  @Test func `feature visualisation finds a template`() throws {
    // A linear unit is excited most by ink where its weights are positive.
    var network = try hashedNetwork("flatten linear(3)", (1, 12, 12))
    network.tensors[0].values = (0..<3 * 144).map { i in
      let (unit, x) = (i / 144, i % 12)
      return x / 4 == unit ? 1 : -1
    }
    let executor = Executor(network, pool: pool)
    let units = (0..<3).map { FeatureVisualization.Unit(layer: "linear1", index: $0) }
    let found = FeatureVisualization(pictures: 2, seed: 4).images(
      of: units, in: executor)
    #expect(found.pixels.count == 6 * 144 && found.activations.count == 6)
    #expect(found.pixels.allSatisfy { (0...1).contains($0) })
    for picture in 0..<6 {
      let unit = picture / 2
      func ink(_ column: Int) -> Float {
        (0..<12).reduce(Float(0)) { $0 + found.pixels[picture * 144 + $1 * 12 + column] } / 12
      }
      #expect(ink(unit * 4 + 1) > 0.6, "picture \(picture)")
      #expect(ink((unit * 4 + 6) % 12) < 0.1, "picture \(picture)")
      // More than any test image of random grey reaches.
      let logits = executor.logits(hashed(50 * 144, 5))
      #expect(
        found.activations[picture] > (0..<50).map { logits[$0 * 3 + unit] }.max() ?? .infinity)
    }
    let again = FeatureVisualization(pictures: 2, seed: 4).images(
      of: units, in: Executor(network, pool: WorkerPool(threads: 1)))
    #expect(again.pixels == found.pixels)
  }

  // MARK: Channels

  @Test func `a receptive field is what changes the place`() throws {
    for text in [
      "conv(3,3) relu maxpool(2) conv(2,5,stride=2,padding=1) norm relu flatten linear(2)",
      "conv(2,4) avgpool(3,stride=2) conv(2,3,padding=0) flatten linear(2)",
      "concat(conv(2,5) | residual(conv(2,3) | conv(2,1))) maxpool(2) residual(conv(4,3) norm)"
        + " flatten linear(2)",
      "maxpool(2) conv(2,3) upsample(3) conv(3,3) upsample(2) conv(2,3,padding=0) flatten linear(2)",
    ] {
      let network = try hashedNetwork(text, (1, 13, 15))
      let tracer = Tracer(network, pool: pool)
      let image = hashed(13 * 15, 6)
      for (position, entry) in network.architecture.entries.enumerated() {
        guard case .image(let channels, let height, let width) = entry.outputShape else { continue }
        let (row, column) = (height / 2, width - 1)
        let field = ReceptiveField(of: position, row: row, column: column, in: network.architecture)
        func values(_ image: [Float]) throws -> [Float] {
          let all = try #require(tracer.activations(image, of: [entry.name])[entry.name])
          return (0..<channels).map { all[($0 * height + row) * width + column] }
        }
        var outside = image
        for i in outside.indices
        where !field.rows.contains(i / 15) || !field.columns.contains(i % 15) {
          outside[i] = 1 - outside[i]
        }
        #expect(try values(outside) == values(image), "\(text) \(entry.name)")
        var inside = image
        for i in inside.indices
        where field.rows.contains(i / 15) && field.columns.contains(i % 15) {
          inside[i] = 1 - inside[i]
        }
        #expect(try values(inside) != values(image), "\(text) \(entry.name)")
      }
    }
  }

  @Test func `a channel study knows dead, doubled and choosy channels`() throws {
    // Channel 0 sees the left half, 1 the same twice as strongly, 2 nothing, 3 the right half.
    var network = try hashedNetwork("flatten linear(4) relu linear(2)", (1, 2, 2))
    network.tensors[0].values = [1, 0, 1, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    network.tensors[1].values = [0, 0, 0, 0]
    let labels = (0..<40).map { $0 % 2 }
    let images = labels.enumerated().flatMap { image, label -> [Float] in
      let ink = 0.5 + Float(image) / 100
      return label == 0 ? [ink, 0, ink, 0] : [0, ink, 0, ink]
    }
    let study = ChannelStudy(
      of: 2, on: images, labels: labels, in: Executor(network, pool: pool), peaks: 3)
    #expect(study.layer == "relu1" && study.channels.count == 4)
    #expect(study.channels.map(\.isDead) == [false, false, true, false])
    let duplicates = try #require(study.duplicates)
    #expect(duplicates.count == 1 && duplicates[0] == (0, 1))
    #expect(study.channels.map(\.favorite)[3] == 1 && study.channels[0].favorite == 0)
    #expect(abs(study.channels[0].selectivity - 1) < 1e-6 && study.channels[2].selectivity == 0)
    #expect(study.channels[0].peaks.map(\.image) == [38, 36, 34])
    #expect(study.channels[3].peaks.map(\.image) == [39, 37, 35])
    #expect(study.channels[0].peaks[0].field.rows == 0..<2)
    // Left and right exclude each other: nearly one direction, and never more than the three live channels.
    let rank = try #require(study.effectiveRank)
    #expect(rank >= 1 && rank < 1.5)
  }

  // MARK: Maps

  /// Three clouds far from each other in ten dimensions.
  private func clouds(_ count: Int) -> [Float] {
    let noise = hashed(count * 10, 7)
    return noise.indices.map { i in
      noise[i] + (i % 10 == i / 10 % 3 ? 8 : 0)
    }
  }

  @Test func `nearest neighbours are those of all distances`() {
    let points = clouds(150)
    let found = Neighbors(of: points, dimensions: 10, count: 6, pool: pool)
    for i in [0, 77, 149] {
      let distances = (0..<150).map { j in
        (0..<10).reduce(Float(0)) {
          let difference = points[j * 10 + $1] - points[i * 10 + $1]
          return $0 + difference * difference
        }
      }
      let right = (0..<150).filter { $0 != i }.sorted { (distances[$0], $0) < (distances[$1], $1) }
      #expect(found.indices[i] == Array(right.prefix(6)))
      #expect(abs(found.distances[i][0] - distances[right[0]].squareRoot()) < 1e-5)
    }
    #expect(Neighbors(of: [1, 2], dimensions: 1, count: 9, pool: pool).indices == [[1], [0]])
  }

  @Test(arguments: Embedding.allCases)
  func `an embedding keeps clouds together, the same on any threads`(method: Embedding) {
    let count = 240
    let values = clouds(count)
    let map = method.points(values, dimensions: 10, pool: pool)
    #expect(map.count == 2 * count && map.allSatisfy(\.isFinite))
    #expect(method.points(values, dimensions: 10, pool: WorkerPool(threads: 1)) == map)
    // Of each point's five nearest on the map nearly all are of its own cloud.
    let near = Neighbors(of: map, dimensions: 2, count: 5, pool: pool)
    let together = (0..<count).reduce(0) { sum, i in
      sum + near.indices[i].count { $0 % 3 == i % 3 }
    }
    #expect(together > 5 * count * 98 / 100, "\(method)")
  }

  @Test func `t-SNE of points without any structure is as good as scikit-learn's`() {
    let (count, dimensions) = (400, 20)
    let values = hashed(count * dimensions, 5)
    let map = Embedding.tsne.points(values, dimensions: dimensions, pool: pool)
    // Scripts/reference/tsne.py
    #expect(divergence(of: map, from: values, dimensions: dimensions) < 1.01 * 1.68735)
  }

  /// What t-SNE makes small, by its definition: the divergence of the plane's neighbourhoods from those of the points, with a
  /// perplexity of 30.
  private func divergence(of map: [Float], from values: [Float], dimensions: Int) -> Double {
    let count = values.count / dimensions
    func squares(_ values: [Float], _ dimensions: Int) -> [[Double]] {
      (0..<count).map { i in
        (0..<count).map { j in
          (0..<dimensions).reduce(0.0) { sum, d in
            let difference = Double(values[i * dimensions + d]) - Double(values[j * dimensions + d])
            return sum + difference * difference
          }
        }
      }
    }
    var p = squares(values, dimensions)
    for i in 0..<count {
      var (low, high) = (0.0, 1e4)
      var shares: [Double] = []
      for _ in 0..<100 {
        let beta = (low + high) / 2
        let weights = (0..<count).map { $0 == i ? 0 : exponential(-beta * p[i][$0]) }
        let sum = weights.reduce(0, +)
        shares = weights.map { $0 / sum }
        let entropy = shares.reduce(0.0) { $1 > 0 ? $0 - $1 * logarithm($1) : $0 }
        if entropy > logarithm(30.0) { low = beta } else { high = beta }
      }
      p[i] = shares
    }
    var q = squares(map, 2).map { $0.map { 1 / (1 + $0) } }
    for i in 0..<count { q[i][i] = 0 }
    let total = q.reduce(0.0) { $0 + $1.reduce(0, +) }
    return (0..<count).reduce(0.0) { sum, i in
      sum
        + (0..<count).reduce(0.0) { sum, j in
          let both = (p[i][j] + p[j][i]) / Double(2 * count)
          return both > 1e-15 ? sum + both * logarithm(both * total / q[i][j]) : sum
        }
    }
  }

  @Test(arguments: Embedding.allCases)
  func `an embedding of almost nothing is no crash`(method: Embedding) {
    for count in 1...6 {
      #expect(method.points(hashed(count * 4, 8), dimensions: 4, pool: pool).count == 2 * count)
    }
    let same = method.points([Float](repeating: 1, count: 80), dimensions: 4, pool: pool)
    #expect(same.count == 40 && same.allSatisfy(\.isFinite))
  }

  // MARK: Between images

  @Test func `slices and paths pass through their images`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = (0..<3).map { hashed(144, UInt64(60 + $0)) }
    func probabilities(_ image: [Float]) -> [Float] {
      CrossEntropy.probabilities(executor.logits(image))
    }
    let plane = DecisionSlice.plane(
      through: (images[0], images[1], images[2]), in: executor, side: 3, range: 0...1)
    #expect(plane.count == 90)
    for (place, image) in [(0, 0), (2, 1), (6, 2)] {
      for k in 0..<10 {
        #expect(abs(plane[place * 10 + k] - probabilities(images[image])[k]) < 1e-4)
      }
    }
    let path = DecisionSlice.path(from: images[0], to: images[1], in: executor, points: 5)
    #expect(path.count == 50 && Array(path[..<10]) == probabilities(images[0]))
    for k in 0..<10 { #expect(abs(path[40 + k] - probabilities(images[1])[k]) < 1e-4) }
  }

  // MARK: Principal components

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

  @Test func `the strongest component comes first, whatever its direction`() throws {
    // In the stronger of two directions the first and the last number go against each other: a search that starts from
    // like numbers never leaves the weaker.
    func point(_ first: Float, _ last: Float) -> [Float] {
      [first] + [Float](repeating: 0, count: 6) + [last]
    }
    let points = [point(3, -3), point(-3, 3), point(2, 2), point(-2, -2)]
    let result = PrincipalComponents(points.flatMap { $0 }, dimensions: 8)
    #expect(abs(result.explained[0] - 36.0 / 52) < 1e-6)
    #expect(abs(result.explained[1] - 16.0 / 52) < 1e-6)
    for (found, places) in try paired(result.points, [[0], [0], [1], [1]]) {
      for place in 0..<2 { #expect((abs(found[place]) > 2) == places.contains(place)) }
    }
  }
}
