import Datasets
import Engine
import Evaluation
import Generators
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension GeneratorStudy {
  /// Images whose latents are looked at together.
  private static let batch = 1000
  /// Pictures of a way, ways, and latents that are turned.
  private static let (stops, mostWays, mostTurns) = (9, 5, 10)
  /// How far a latent is turned to each side: three standard deviations.
  private static let reach: Float = 3
  /// Pictures along each side of the map.
  private static let side = 20

  /// What the latents stand for; `nil` for a flow, whose latents are noise of the picture's size.
  func latentFacts() -> LatentFacts? {
    switch checkpoint.kind {
    case .flow: nil
    case .gan: LatentFacts(ways: drawnWays, autoencoder: nil)
    case .vae: LatentFacts(ways: waysBetweenImages, autoencoder: autoencoding)
    }
  }

  /// The shares of the second end at the stops of a way.
  private var shares: [Float] { (0..<Self.stops).map { Float($0) / Float(Self.stops - 1) } }

  /// Ways between drawn pictures, along the arcs that keep normal latents as long as they are.
  ///
  /// Reference: White, Sampling Generative Networks (2016).
  private var drawnWays: [LatentFacts.Way] {
    let size = checkpoint.latents
    let ends = generator.latents(2 * Self.mostWays, seed: checkpoint.seed)
    return (0..<Self.mostWays).map { way in
      let (a, b) = (
        Array(ends[2 * way * size..<(2 * way + 1) * size]),
        Array(ends[(2 * way + 1) * size..<(2 * way + 2) * size])
      )
      func product(_ x: [Float], _ y: [Float]) -> Float { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      let lengths = (product(a, a) * product(b, b)).squareRoot()
      let angle = acosf(min(max(product(a, b) / max(lengths, .leastNormalMagnitude), -1), 1))
      let codes = shares.flatMap { share -> [Float] in
        // Ends in one line have no arc.
        let weights =
          sinf(angle) > 1e-3
          ? (sinf((1 - share) * angle) / sinf(angle), sinf(share * angle) / sinf(angle))
          : (1 - share, share)
        return zip(a, b).map { weights.0 * $0 + weights.1 * $1 }
      }
      return LatentFacts.Way(
        ends: [], pictures: Plane(pictures: generator.decode(codes), shape: imageShape), mixed: nil)
    }
  }

  /// Ways between the first test images of two classes each, and the same with their pixels mixed.
  private var waysBetweenImages: [LatentFacts.Way] {
    firstOfEach.chunks(of: 2).filter { $0.count == 2 }.prefix(Self.mostWays).map { ends in
      let images = ends.map { test.floats([$0.index]) }
      let means = images.map { generator.encode($0).means }
      func mixed(_ pair: [[Float]]) -> [Float] {
        shares.flatMap { share in zip(pair[0], pair[1]).map { (1 - share) * $0 + share * $1 } }
      }
      return LatentFacts.Way(
        ends: Array(ends),
        pictures: Plane(pictures: generator.decode(mixed(means)), shape: imageShape),
        mixed: Plane(pictures: mixed(images), shape: imageShape))
    }
  }

  private var autoencoding: LatentFacts.Autoencoding {
    let latents = checkpoint.latents
    var sums = [Double](repeating: 0, count: latents)
    for places in Array(0..<test.count).chunks(of: Self.batch) {
      let codes = generator.encode(test.floats(places))
      let divergences = EvidenceBoundObjective.divergences(
        means: codes.means, logVariances: codes.logVariances)
      for (at, divergence) in divergences.enumerated() { sums[at % latents] += divergence }
    }
    let divergences = sums.map { $0 / Double(test.count) }
    let parts = generator.bound(test, seed: checkpoint.seed)
    let ends = firstOfEach
    let originals = test.floats(ends.map(\.index))
    let turned = ends.first
    func mean(_ part: ((reconstruction: Double, divergence: Double)) -> Double) -> Double {
      parts.reduce(0) { $0 + part($1) } / Double(parts.count)
    }
    return LatentFacts.Autoencoding(
      count: test.count, reconstruction: mean(\.reconstruction), divergence: mean(\.divergence),
      interval: Interval.mean(of: parts.map { $0.reconstruction + $0.divergence }),
      divergences: divergences, originals: Plane(pictures: originals, shape: imageShape),
      ends: ends,
      reconstructed: Plane(
        pictures: generator.decode(generator.encode(originals).means), shape: imageShape),
      turns: latents == 2 ? [] : turned.map { turns(of: $0, by: divergences) } ?? [],
      turned: latents == 2 ? nil : turned, map: latents == 2 ? map : nil)
  }

  /// The latents that carry most, each turned alone from an image's own.
  private func turns(
    of end: LatentFacts.End, by divergences: [Double]
  ) -> [LatentFacts.Turn] {
    let start = generator.encode(test.floats([end.index])).means
    let values = shares.map { Self.reach * (2 * $0 - 1) }
    let order = divergences.indices.sorted { (divergences[$1], $0) < (divergences[$0], $1) }
    return order.prefix(Self.mostTurns).map { latent in
      let codes = values.flatMap { value -> [Float] in
        var code = start
        code[latent] = value
        return code
      }
      return LatentFacts.Turn(
        latent: latent, values: values,
        pictures: Plane(pictures: generator.decode(codes), shape: imageShape))
    }
  }

  // MARK: Two latents

  /// The plane of two latents in equal shares of the normal distribution.
  private var map: LatentFacts.Map {
    let quantiles = (0..<Self.side).map {
      Float(Self.normalQuantile((Double($0) + 0.5) / Double(Self.side)))
    }
    let places = sample(extent.mapped, for: "maps")
    let means = generator.encode(test.floats(places)).means
    func points(_ place: (Float) -> Float) -> [DoubtFacts.Point] {
      places.enumerated().map { row, image in
        DoubtFacts.Point(
          image: image, x: place(means[2 * row]), y: place(means[2 * row + 1]),
          label: test.labels[image], predicted: test.labels[image])
      }
    }
    return LatentFacts.Map(
      side: Self.side, quantiles: quantiles,
      pictures: Plane(pictures: generator.decode(Self.grid(quantiles)), shape: imageShape),
      points: points { $0 }, shares: points { Float(Self.normalShare(below: Double($0))) })
  }

  /// The latents of a map, row by row, the second falling from row to row.
  private static func grid(_ quantiles: [Float]) -> [Float] {
    quantiles.reversed().flatMap { y in quantiles.flatMap { x in [x, y] } }
  }

  /// The probability that a normal number lies below one.
  private static func normalShare(below number: Double) -> Double {
    erfc(-number / 2.0.squareRoot()) / 2
  }

  /// The number below which a normal one lies with a probability, by halving.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if normalShare(below: middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The largest difference of a pixel at which steps are fine enough for the page: a shade that nobody sees.
  private static let finestGap = 0.01

  /// The decoder for the page: with large layers as bytes where that hardly changes a pixel, otherwise as half-precision
  /// numbers. `nil` without a map, and for numbers that are not finite.
  func plane(_ map: LatentFacts.Map?) -> LatentPlane? {
    guard let map, let decoder = checkpoint.network.autoencoder?.decoder,
      decoder.tensors.allSatisfy({ $0.values.allSatisfy(\.isFinite) })
    else { return nil }
    let codes = Self.grid(map.quantiles)
    let exact = generator.decode(codes)
    func packed(_ precision: PackedNetwork.Precision) -> LatentPlane {
      let (network, rounded) = PackedNetwork.pack(decoder, precision)
      let logits = Executor(rounded, pool: pool).logits(codes)
      let gap = zip(exact, logits).reduce(Float(0)) { max($0, abs($1.0 - 1 / (1 + expf(-$1.1)))) }
      return LatentPlane(network: network, largestGap: Double(gap))
    }
    let bytes = packed(.int8)
    return bytes.largestGap <= Self.finestGap ? bytes : packed(.float16)
  }
}
