public import Engine
import Networks

/// The gradient averaged along the straight line from a baseline, times the way from it.
///
/// `score_i = (x_i - b_i) Σ_k w_k ∂F/∂x_i (b + t_k (x - b))` with points t and weights w on [0, 1]. The scores of an
/// image add up to F(x) - F(b) up to `convergenceDelta`, which shrinks as the number of points grows.
/// A pixel that equals the baseline always gets zero. A random baseline is drawn several times and the maps are
/// averaged.
///
/// Reference: Sundararajan, Taly, Yan, Axiomatic Attribution for Deep Networks (2017); rules and sign
/// of the delta as in Captum's `IntegratedGradients` (`gausslegendre`, `riemann_middle`).
public struct IntegratedGradients: AttributionMethod {
  /// Where the points lie on the path.
  public enum Rule: Sendable {
    /// Gauss-Legendre points: exact for polynomials up to degree 2n - 1.
    case gaussLegendre
    /// The middle of n equal parts.
    case riemannMiddle
  }

  /// Points along the path.
  public static let defaultSteps = 50

  private let nodes: [Double]
  private let weights: [Double]
  private let baseline: Baseline
  private let draws: Int

  /// Integration along a path.
  ///
  /// - Parameters:
  ///   - steps: points along the path, at least 1.
  ///   - rule: where they lie.
  ///   - baseline: where the path begins.
  ///   - draws: how many baselines are averaged, if they are random.
  public init(
    steps: Int = defaultSteps, rule: Rule = .gaussLegendre, baseline: Baseline = .black,
    draws: Int = 10
  ) {
    let steps = max(1, steps)
    switch rule {
    case .gaussLegendre:
      let points = GaussLegendre(points: steps)
      (nodes, weights) = (points.nodes, points.weights)
    case .riemannMiddle:
      nodes = (0..<steps).map { (Double($0) + 0.5) / Double(steps) }
      weights = nodes.map { _ in 1 / Double(steps) }
    }
    self.baseline = baseline
    self.draws = baseline.isRandom ? max(1, draws) : 1
  }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    var scores = [Float](repeating: 0, count: images.count)
    var start = [Float](repeating: 0, count: targets.count)
    for draw in 0..<draws {
      let baselines = baseline.images(for: images, shape, draw: draw)
      add(images, baselines, executor, targets, to: &scores)
      let logits = executor.logits(baselines.values)
      let classes = executor.network.architecture.outputs
      for (image, target) in targets.enumerated() {
        start[image] +=
          logits[baselines.start(image) / shape.count * classes + target] / Float(draws)
      }
    }
    if draws > 1 { scores = scores.map { $0 / Float(draws) } }
    return Attribution(
      scores: scores, targets: targets,
      convergenceDelta: Completeness.residual(
        scores, of: executor.logits(images), targets, from: start))
  }

  /// Adds one baseline's maps.
  private func add(
    _ images: [Float], _ baselines: Baseline.Rows, _ executor: Executor, _ targets: [Int],
    to scores: inout [Float]
  ) {
    let size = baselines.size
    let steps = nodes.count
    // Some images at a time, so that the path's points do not fill the memory.
    let chunk = max(1, 1024 / steps)
    for start in stride(from: 0, to: targets.count, by: chunk) {
      let range = start..<min(start + chunk, targets.count)
      var points: [Float] = []
      points.reserveCapacity(range.count * steps * size)
      for image in range {
        let (pixels, base) = (image * size, baselines.start(image))
        for node in nodes {
          let t = Float(node)
          for i in 0..<size {
            let b = baselines.values[base + i]
            points.append(b + t * (images[pixels + i] - b))
          }
        }
      }
      let path = range.flatMap { Array(repeating: targets[$0], count: steps) }
      let gradients = executor.inputGradients(points, of: .logit(path)).pixels
      for (place, image) in range.enumerated() {
        var sum = [Float](repeating: 0, count: size)
        for (step, weight) in weights.enumerated() {
          let row = (place * steps + step) * size
          for i in 0..<size { sum[i] += Float(weight) * gradients[row + i] }
        }
        let base = baselines.start(image)
        for i in 0..<size {
          scores[image * size + i] +=
            sum[i] * (images[image * size + i] - baselines.values[base + i])
        }
      }
    }
  }
}

/// What theory says that scores add up to.
enum Completeness {
  /// For each image, the sum of its scores minus (logit - start).
  static func residual(
    _ scores: [Float], of logits: [Float], _ targets: [Int], from start: [Float]
  ) -> [Float] {
    let size = scores.count / max(1, targets.count)
    let classes = logits.count / max(1, targets.count)
    return targets.enumerated().map { image, target in
      let sum = scores[image * size..<(image + 1) * size].reduce(0) { $0 + Double($1) }
      return Float(sum - Double(logits[image * classes + target] - start[image]))
    }
  }
}
