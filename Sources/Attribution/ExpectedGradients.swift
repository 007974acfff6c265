public import Engine
import Networks
import Randomness

/// Integrated gradients from many training images at once: the mean of (x - b) · ∂F/∂x at a random point between b
/// and x.
///
/// The baselines b go through the background in a random order and the points lie one in each of n equal parts of the
/// path, so that few draws suffice. The scores add up to F(x) minus the mean of F(b), up to `convergenceDelta`, which
/// shrinks with the number of draws. With noise the images waver too, as in Captum's `GradientShap` (its default is no
/// noise and 5 draws); all draws are the same for all images.
///
/// Reference: Erion, Janizek, Sturmfels, Lundberg, Lee, Improving Performance of Deep Learning Models
/// with Axiomatic Attribution Priors and Expected Gradients (2021); GradientSHAP: Lundberg, Lee, A Unified Approach to
/// Interpreting Model Predictions (2017).
public struct ExpectedGradients: AttributionMethod {
  /// Draws, if nothing else is said.
  public static let defaultSamples = 200

  private let background: [Float]
  private let samples: Int
  private let noise: Float
  private let seed: UInt64

  /// Expected gradients.
  ///
  /// - Parameters:
  ///   - background: the baselines, `[B][C][H][W]`, at least one.
  ///   - samples: draws, at least 1.
  ///   - noise: standard deviation of the images' noise, as a share of the pixel range.
  ///   - seed: seed of the draws.
  /// - Throws: `AttributionError` if there is no background.
  public init(
    background: [Float], samples: Int = defaultSamples, noise: Float = 0, seed: UInt64 = 1
  ) throws(AttributionError) {
    guard !background.isEmpty else {
      throw AttributionError("expected gradients need training images as baselines; there are none")
    }
    self.background = background
    self.samples = max(1, samples)
    self.noise = noise
    self.seed = seed
  }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let size = executor.network.architecture.inputShape.count
    let classes = executor.network.architecture.outputs
    let draws = draws(size)
    var sums = [Double](repeating: 0, count: images.count)
    let together = max(1, 1024 / max(1, targets.count))
    for start in stride(from: 0, to: samples, by: together) {
      let part = draws[start..<min(start + together, samples)]
      var points: [Float] = []
      var ways: [Float] = []
      for draw in part {
        for i in images.indices {
          let b = background[draw.baseline + i % size]
          let way = images[i] + draw.noise[i % size] - b
          ways.append(way)
          points.append(b + draw.place * way)
        }
      }
      let path = part.flatMap { _ in targets }
      let gradients = executor.inputGradients(points, of: .logit(path)).pixels
      for i in gradients.indices { sums[i % images.count] += Double(gradients[i] * ways[i]) }
    }
    let scores = sums.map { Float($0 / Double(samples)) }
    let logits = executor.logits(draws.flatMap { background[$0.baseline..<$0.baseline + size] })
    let start = targets.map { target in
      Float(
        draws.indices.reduce(0.0) { $0 + Double(logits[$1 * classes + target]) } / Double(samples))
    }
    return Attribution(
      scores: scores, targets: targets,
      convergenceDelta: Completeness.residual(
        scores, of: executor.logits(images), targets, from: start))
  }

  private struct Draw {
    let baseline: Int
    let place: Float
    let noise: [Float]
  }

  private func draws(_ size: Int) -> [Draw] {
    var generator = SplitMix64(seed: seed, purpose: "expected gradients")
    let baselines = generator.permutation(background.count / size)
    let parts = generator.permutation(samples)
    return (0..<samples).map { draw in
      let place = (Float(parts[draw]) + generator.uniform()) / Float(samples)
      return Draw(
        baseline: baselines[draw % baselines.count] * size, place: place,
        noise: (0..<size).map { _ in noise > 0 ? noise * generator.normal() : 0 })
    }
  }
}
