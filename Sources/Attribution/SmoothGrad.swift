public import Engine
import Networks
import Randomness

/// A method's map averaged over noisy copies of the image: what stays when single pixels waver.
///
/// The noise is normal, is not clipped, and is the same for all images. Without noise the map is the
/// base's own. Captum's `NoiseTunnel` computes the same (`smoothgrad`, `smoothgrad_sq`, `vargrad`), where
/// `stdevs` is our noise; its default is 5 draws of deviation 1.
///
/// Reference: Smilkov, Thorat, Kim, Viégas, Wattenberg, SmoothGrad (2017), with its 50 draws and 15 % of the pixel
/// range; squared and variance: Hooker et al., A Benchmark for Interpretability Methods (2019).
public struct SmoothGrad: AttributionMethod {
  /// What is made of the copies' maps.
  public enum Kind: Sendable {
    /// Their mean.
    case signed
    /// The mean of their squares.
    case squared
    /// Their variance, E[g²] - E[g]².
    case variance
  }

  private let base: any AttributionMethod
  private let kind: Kind
  private let samples: Int
  private let noise: Float
  private let seed: UInt64

  /// A method averaged over noise.
  ///
  /// - Parameters:
  ///   - base: the method.
  ///   - kind: what is made of its maps.
  ///   - samples: noisy copies, at least 1.
  ///   - noise: standard deviation of the noise, as a share of the pixel range.
  ///   - seed: seed of the noise.
  public init(
    _ base: any AttributionMethod = Gradient(), kind: Kind = .signed, samples: Int = 50,
    noise: Float = 0.15, seed: UInt64 = 1
  ) {
    self.base = base
    self.kind = kind
    self.samples = max(1, samples)
    self.noise = noise
    self.seed = seed
  }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let size = executor.network.architecture.inputShape.count
    var sums: [Double] = []
    var squares: [Double] = []
    // Several draws at a time, so that a few images fill the threads too.
    let together = max(1, 256 / max(1, targets.count))
    for start in stride(from: 0, to: samples, by: together) {
      let draws = start..<min(start + together, samples)
      let copies = noisyCopies(images, draws, size: size)
      let part = base.attribution(
        of: copies, in: executor, for: draws.flatMap { _ in targets }
      ).scores
      let count = part.count / draws.count
      if sums.isEmpty {
        sums = [Double](repeating: 0, count: count)
        squares = sums
      }
      let values = part.span
      var sum = sums.mutableSpan
      var square = squares.mutableSpan
      for copy in stride(from: 0, to: part.count, by: count) {
        for i in 0..<count {
          let value = Double(values[copy + i])
          sum[i] += value
          square[i] += value * value
        }
      }
    }
    let n = Double(samples)
    let scores = zip(sums, squares).map { sum, square in
      switch kind {
      case .signed: Float(sum / n)
      case .squared: Float(square / n)
      case .variance: Float(max(0, square / n - sum / n * (sum / n)))
      }
    }
    return Attribution(scores: scores, targets: targets)
  }

  /// All images for each draw.
  private func noisyCopies(_ images: [Float], _ draws: Range<Int>, size: Int) -> [Float] {
    var result = [Float](repeating: 0, count: draws.count * images.count)
    let pixels = images.span
    var copies = result.mutableSpan
    for (place, draw) in draws.enumerated() {
      let noise = noise(draw, count: size)
      let added = noise.span
      for image in stride(from: 0, to: images.count, by: size) {
        let start = place * images.count + image
        for i in 0..<size { copies[start + i] = pixels[image + i] + added[i] }
      }
    }
    return result
  }

  private func noise(_ draw: Int, count: Int) -> [Float] {
    var generator = SplitMix64(seed: seed, purpose: "smoothgrad", index: UInt64(draw))
    return (0..<count).map { _ in noise * generator.normal() }
  }
}
