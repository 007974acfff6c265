public import Engine
import Networks
import Randomness

/// How well a map foretells small changes of the score, and how much it changes itself.
///
/// Reference: Yeh, Hsieh, Suggala, Inouye, Ravikumar, On the (In)fidelity and Sensitivity of Explanations
/// (2019); both as in Captum.
public enum Stability {
  /// For each image, the mean of (β I·Φ - (F(x) - F(x - I)))² over normal perturbations I.
  ///
  /// β is the factor that fits best, since maps come on scales of their own: Captum's `infidelity` with `normalize=True`.
  ///
  /// - Parameters:
  ///   - attribution: the maps Φ.
  ///   - images: the images.
  ///   - executor: the network.
  ///   - noise: standard deviation of I, in pixel units.
  ///   - samples: perturbations.
  ///   - seed: their seed.
  /// - Returns: one number an image, in squared logits; lower is better.
  public static func infidelity(
    _ attribution: Attribution, of images: [Float], in executor: Executor, noise: Float = 0.1,
    samples: Int = 100, seed: UInt64 = 1
  ) -> [Double] {
    let shape = executor.network.architecture.inputShape
    let (size, plane) = (shape.count, shape.height * shape.width)
    let classes = executor.network.architecture.outputs
    var generator = SplitMix64(seed: seed, purpose: "infidelity")
    let changes = (0..<samples).map { _ in (0..<size).map { _ in noise * generator.normal() } }
    let logits = executor.logits(images)
    let changed = executor.targetScores(of: images, attribution.targets, copies: samples) {
      image, copy, batch in
      for i in 0..<size { batch.append(images[image * size + i] - changes[copy][i]) }
    }
    return attribution.targets.enumerated().map { image, target in
      let map = attribution.map(image)
      var pairs: [(foretold: Double, real: Double)] = []
      for (copy, change) in changes.enumerated() {
        var product = 0.0
        for i in 0..<size {
          product += Double(change[i] * map[map.startIndex + (map.count == size ? i : i % plane)])
        }
        pairs.append(
          (
            product,
            Double(logits[image * classes + target] - changed[image * samples + copy])
          ))
      }
      let square = pairs.reduce(0.0) { $0 + $1.foretold * $1.foretold }
      let factor = square > 0 ? pairs.reduce(0.0) { $0 + $1.foretold * $1.real } / square : 0
      return pairs.reduce(0.0) {
        let error = factor * $1.foretold - $1.real
        return $0 + error * error
      } / Double(samples)
    }
  }

  /// For each image, the largest ‖Φ(x + d) - Φ(x)‖ / ‖Φ(x)‖ over random d with |d| ≤ radius: Captum's `sensitivity_max`.
  ///
  /// - Parameters:
  ///   - method: makes the maps.
  ///   - attribution: the maps of the images themselves.
  ///   - images: the images.
  ///   - executor: the network.
  ///   - radius: largest change of a pixel.
  ///   - samples: changed copies of each image.
  ///   - seed: their seed.
  /// - Returns: one number an image; lower is better.
  public static func maxSensitivity(
    _ method: any AttributionMethod, _ attribution: Attribution, of images: [Float],
    in executor: Executor, radius: Float = 0.02, samples: Int = 10, seed: UInt64 = 1
  ) -> [Double] {
    let size = executor.network.architecture.inputShape.count
    var generator = SplitMix64(seed: seed, purpose: "sensitivity")
    var largest = [Double](repeating: 0, count: attribution.targets.count)
    for _ in 0..<samples {
      let change = (0..<size).map { _ in generator.uniform(-radius, radius) }
      let moved = images.indices.map { images[$0] + change[$0 % size] }
      let other = method.attribution(of: moved, in: executor, for: attribution.targets)
      for image in largest.indices {
        let (a, b) = (attribution.map(image), other.map(image))
        let norm = a.reduce(0.0) { $0 + Double($1) * Double($1) }
        let distance = zip(a, b).reduce(0.0) {
          $0 + Double($1.1 - $1.0) * Double($1.1 - $1.0)
        }
        if norm > 0 { largest[image] = max(largest[image], (distance / norm).squareRoot()) }
      }
    }
    return largest
  }
}
