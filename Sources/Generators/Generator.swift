public import Datasets
public import Engine
public import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Draws pictures with a trained generator.
///
/// A picture hangs on the seed and its number alone: it is the same however many are drawn, on any number of threads.
public final class Generator {
  /// Steps of a flow from noise to picture, unless others are asked for.
  public static let usualSteps = FlowSampler.usualSteps
  /// Guidance of a flow, unless another is asked for.
  public static let usualGuidance = FlowSampler.usualGuidance

  /// What draws.
  public let checkpoint: GeneratorCheckpoint
  private let pool: WorkerPool
  private let autoencoder: Autoencoder?
  private lazy var decoder = Executor(autoencoder?.decoder ?? checkpoint.network, pool: pool)
  private lazy var encoder = autoencoder.map { Executor($0.encoder, pool: pool) }
  private lazy var flow = FlowSampler(checkpoint, pool: pool)

  /// A generator on a pool of threads.
  public init(_ checkpoint: GeneratorCheckpoint, pool: WorkerPool) {
    self.checkpoint = checkpoint
    self.pool = pool
    autoencoder = checkpoint.network.autoencoder
  }

  /// Numbers of a picture.
  private var pixels: Int { checkpoint.imageShape.count }

  /// Draws pictures.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - classes: a class for each picture, for a generator that takes classes; each class in turn if `nil`.
  ///   - seed: of the numbers they are drawn from.
  ///   - steps: steps from noise to picture, for a flow; as many as usual if `nil`.
  ///   - guidance: how far a flow goes beyond what it would draw without being told the class; 1 for just as told, as much as
  ///     usual if `nil`.
  /// - Returns: pixels in 0...1, `[N][C][H][W]`.
  public func pictures(
    _ count: Int, of classes: [Int]? = nil, seed: UInt64, steps: Int? = nil, guidance: Float? = nil
  ) -> [Float] {
    switch checkpoint.kind {
    case .vae, .gan: decode(latents(count, seed: seed))
    case .flow:
      flow.pictures(
        from: latents(count, seed: seed), of: classes ?? self.classes(count),
        steps: steps ?? FlowSampler.usualSteps, guidance: guidance ?? FlowSampler.usualGuidance)
    }
  }

  /// The class of each picture where none is asked for: each in turn.
  ///
  /// - Parameter count: how many pictures.
  /// - Returns: class indices.
  public func classes(_ count: Int) -> [Int] {
    (0..<count).map { $0 % max(1, checkpoint.classes.count) }
  }

  /// The numbers that pictures are drawn from: of a normal distribution.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - seed: of the numbers.
  /// - Returns: `[N][latents]`.
  public func latents(_ count: Int, seed: UInt64) -> [Float] {
    Self.normal(count, each: checkpoint.latents, seed: seed, purpose: "drawn pictures", pool: pool)
  }

  /// The pictures of some latents, by an autoencoder or a GAN.
  ///
  /// - Parameter latents: `[N][latents]`.
  /// - Returns: pixels in 0...1, `[N][C][H][W]`; of an autoencoder probabilities of light.
  public func decode(_ latents: [Float]) -> [Float] {
    precondition(checkpoint.kind != .flow, "Generator: a flow has no latents to decode")
    let drawn = decoder.logits(latents)
    // A GAN's network gives pixels itself, of which one that ends in no sigmoid may overshoot.
    return checkpoint.kind == .vae
      ? drawn.map { 1 / (1 + expf(-$0)) } : drawn.map { min(max($0, 0), 1) }
  }

  /// The latents of some pictures, by an autoencoder.
  ///
  /// - Parameter images: pixels in 0...1, `[N][C][H][W]`.
  /// - Returns: means and logarithms of the variances, `[N][latents]` each.
  public func encode(_ images: [Float]) -> (means: [Float], logVariances: [Float]) {
    guard let encoder else { preconditionFailure("Generator: only an autoencoder encodes") }
    let numbers = encoder.logits(images)
    let latents = checkpoint.latents
    var (means, logVariances): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: numbers.count, by: 2 * latents) {
      means += numbers[start..<start + latents]
      logVariances += numbers[start + latents..<start + 2 * latents]
    }
    return (means, logVariances)
  }

  /// The parts of an autoencoder's negative evidence bound, in nats, for each of some images.
  ///
  /// Each image's latents are drawn once, as in training.
  ///
  /// - Parameters:
  ///   - images: the images.
  ///   - seed: of the draws.
  /// - Returns: the pixels' cross-entropy and the latents' divergence, image by image.
  public func bound(
    _ images: LabeledImages, seed: UInt64 = 0
  ) -> [(reconstruction: Double, divergence: Double)] {
    let latents = checkpoint.latents
    var parts: [(reconstruction: Double, divergence: Double)] = []
    let noise = Self.normal(
      images.count, each: latents, seed: seed, purpose: "evidence bound", pool: pool)
    // A thousand at a time: of tens of thousands, the pixels as floats would fill the memory.
    for first in stride(from: 0, to: images.count, by: 1000) {
      let places = first..<min(first + 1000, images.count)
      let pixels = images.floats(places)
      let (means, logVariances) = encode(pixels)
      let codes = means.indices.map {
        means[$0] + expf(logVariances[$0] / 2) * noise[first * latents + $0]
      }
      let logits = decoder.logits(codes)
      parts += places.indices.map { place in
        let (own, code) = ((place - first) * self.pixels, (place - first) * latents)
        return (
          EvidenceBoundObjective.reconstruction(
            pixels[own..<own + self.pixels], logits[own..<own + self.pixels]),
          EvidenceBoundObjective.divergences(
            means: Array(means[code..<code + latents]),
            logVariances: Array(logVariances[code..<code + latents])
          ).reduce(0, +)
        )
      }
    }
    return parts
  }

  /// The way from noise to pictures, by a flow.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - classes: a class for each.
  ///   - seed: of the noise.
  ///   - steps: steps of the way.
  ///   - guidance: see `pictures(_:of:seed:steps:guidance:)`.
  /// - Returns: the pictures before the first step and after each, pixels in 0...1, `[N][C][H][W]` each.
  public func path(
    _ count: Int, of classes: [Int]? = nil, seed: UInt64, steps: Int? = nil, guidance: Float? = nil
  ) -> [[Float]] {
    var path: [[Float]] = []
    _ = flow.pictures(
      from: latents(count, seed: seed), of: classes ?? self.classes(count),
      steps: steps ?? FlowSampler.usualSteps, guidance: guidance ?? FlowSampler.usualGuidance
    ) { path.append($0) }
    return path
  }

  /// A pixel in 0...1 as a byte; what is no number is dark.
  public static func byte(_ pixel: Float) -> UInt8 {
    pixel.isFinite ? UInt8((min(max(pixel, 0), 1) * 255).rounded()) : 0
  }

  /// Normal numbers, those of each picture from a generator of its own, of which the first has the number `first`.
  static func normal(
    _ count: Int, each size: Int, seed: UInt64, purpose: String, first: Int = 0, pool: WorkerPool
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * size) { target, filled in
      guard let base = target.baseAddress else { return }
      pool.run(count) { picture, _ in
        var generator = SplitMix64(seed: seed, purpose: purpose, index: UInt64(first + picture))
        for i in 0..<size { base[picture * size + i] = generator.normal() }
      }
      filled = count * size
    }
  }
}
