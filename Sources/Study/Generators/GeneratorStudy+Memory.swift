import Datasets
import Evaluation
import Generators
import Networks

extension GeneratorStudy {
  /// Pictures that are shown with their nearest image: the first ones, and those that come nearest.
  private static let (firstMatches, nearestMatches) = (36, 12)
  /// Bins of a histogram.
  private static let bins = 24
  /// Strangers that are drawn.
  private static let drawnStrangers = 8

  // MARK: Copies

  /// Whether pictures are copies of training images.
  func memoryFacts() -> MemoryFacts {
    let size = checkpoint.imageShape.count
    let pictures = drawn.prefix(extent.searched * size).map(Generator.byte)
    let tests = test.selecting(sample(extent.searched, for: "nearest training images"))
    let found = NearestImages.find(pictures, among: split.train, pool: pool)
    let others = NearestImages.find(tests.pixels, among: split.train, pool: pool)
    func match(_ picture: Int) -> MemoryFacts.Match {
      let nearest = found[picture]
      return MemoryFacts.Match(
        picture: Plane(
          shape: imageShape,
          values: pictures[picture * size..<(picture + 1) * size].map { Float($0) / 255 }),
        image: Plane(shape: imageShape, values: split.train.floats([nearest.image])),
        label: split.train.labels[nearest.image],
        distance: nearest.squaredDistance.squareRoot())
    }
    let order = found.indices.sorted {
      (found[$0].squaredDistance, $0) < (found[$1].squaredDistance, $1)
    }
    let distances = [found, others].map { $0.map { $0.squaredDistance.squareRoot() } }
    let edges = Self.edges(0, distances.joined().max() ?? 0)
    return MemoryFacts(
      check: MemoryCheck(
        pictures: found.map(\.squaredDistance), tests: others.map(\.squaredDistance)),
      trainCount: split.train.count, first: found.indices.prefix(Self.firstMatches).map(match),
      nearest: order.prefix(Self.nearestMatches).map(match), edges: edges,
      pictureCounts: Self.counts(distances[0], edges),
      testCounts: Self.counts(distances[1], edges))
  }

  /// Equal bins; numbers from a lowest to a highest.
  private static func edges(_ low: Double, _ high: Double) -> [Double] {
    let width = max(high - low, 1e-9) / Double(bins)
    return (0...bins).map { low + Double($0) * width }
  }

  /// How many numbers lie in each bin; those outside are in the outer ones.
  private static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count - 1)
    let width = edges[1] - edges[0]
    for value in values where value.isFinite {
      let place = ((value - edges[0]) / width).rounded(.down)
      counts[Int(min(max(place, 0), Double(counts.count - 1)))] += 1
    }
    return counts
  }

  // MARK: Strangers

  /// What an autoencoder's bound says of images that belong to none of its classes; none for other generators.
  func strangerBounds(_ strangers: [Study.Strangers]) -> [StrangerBounds] {
    guard checkpoint.kind == .vae else { return [] }
    let own = test.selecting(sample(extent.strangers, for: "strangers"))
    let ownBounds = generator.bound(own, seed: checkpoint.seed).map {
      $0.reconstruction + $0.divergence
    }
    let shuffled = test.selecting(sample(extent.strangers, for: "images to shuffle"))
      .withShuffledPixels(seed: checkpoint.seed)
    return ([("shuffled pixels", shuffled)] + strangers).compactMap { name, all in
      guard all.count > 0, !ownBounds.isEmpty else { return nil }
      let images = all.selecting(
        sample(extent.strangers, of: all.count, for: "strangers \(name)"))
      // Latents of their own: the two sides are compared as drawn apart.
      let bounds = generator.bound(images, seed: checkpoint.seed &+ 1).map {
        $0.reconstruction + $0.divergence
      }
      let both = (bounds + ownBounds).filter(\.isFinite).sorted()
      // A few images with a very high bound would leave all others in one bin.
      let edges = Self.edges(both.first ?? 0, both.isEmpty ? 1 : both[(both.count - 1) * 99 / 100])
      let shown = Array(0..<min(Self.drawnStrangers, images.count))
      let pixels = images.floats(shown)
      return StrangerBounds(
        name: name, count: images.count, testCount: own.count,
        meanBound: bounds.reduce(0, +) / Double(bounds.count),
        testBound: ownBounds.reduce(0, +) / Double(ownBounds.count),
        area: AreaUnderCurve(positives: bounds, negatives: ownBounds), edges: edges,
        counts: Self.counts(bounds, edges), testCounts: Self.counts(ownBounds, edges),
        images: Plane(pictures: pixels, shape: imageShape),
        drawn: Plane(
          pictures: generator.decode(generator.encode(pixels).means), shape: imageShape),
        bounds: Array(bounds.prefix(shown.count)))
    }
  }
}
