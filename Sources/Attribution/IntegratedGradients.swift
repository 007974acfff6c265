public import Engine
import Networks

/// The gradient averaged along the straight line from a black image, times the pixel.
///
/// `score_i = (x_i - b_i) Σ_k w_k ∂F/∂x_i (b + t_k (x - b))` with Gauss-Legendre points t and weights w on
/// [0, 1]. The scores of an image add up to F(x) - F(b) up to `convergenceDelta`, which shrinks as
/// the number of points grows. A pixel that equals the baseline always gets zero.
///
/// Reference: Sundararajan, Taly, Yan, Axiomatic Attribution for Deep Networks (2017); rule and sign
/// of the delta as in Captum.
public struct IntegratedGradients: AttributionMethod {
  /// The name on the command line and in figures.
  public static let name = "integrated-gradients"
  /// One line that says what it does.
  public static let summary = "what each pixel adds to the score, counted from a blank image"
  /// Points along the path.
  public static let defaultSteps = 50

  private let rule: GaussLegendre

  /// Integration with a number of points, at least 1.
  public init(steps: Int = defaultSteps) {
    rule = GaussLegendre(points: max(1, steps))
  }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let size = executor.network.architecture.inputShape.count
    let classes = executor.network.architecture.outputs
    let steps = rule.nodes.count
    var scores: [Float] = []
    // Some images at a time, so that the path's points do not fill the memory.
    let chunk = max(1, 1024 / steps)
    for start in stride(from: 0, to: targets.count, by: chunk) {
      let range = start..<min(start + chunk, targets.count)
      var points: [Float] = []
      points.reserveCapacity(range.count * steps * size)
      for image in range {
        let pixels = images[image * size..<(image + 1) * size]
        for node in rule.nodes { points.append(contentsOf: pixels.lazy.map { $0 * Float(node) }) }
      }
      let path = range.flatMap { Array(repeating: targets[$0], count: steps) }
      let gradients = executor.inputGradients(points, of: .logit(path)).pixels
      for (place, image) in range.enumerated() {
        var sum = [Float](repeating: 0, count: size)
        for (step, weight) in rule.weights.enumerated() {
          let row = (place * steps + step) * size
          for i in 0..<size { sum[i] += Float(weight) * gradients[row + i] }
        }
        for i in 0..<size { scores.append(sum[i] * images[image * size + i]) }
      }
    }
    let blank = executor.logits([Float](repeating: 0, count: size))
    let logits = executor.logits(images)
    let delta = targets.indices.map { image in
      let sum = scores[image * size..<(image + 1) * size].reduce(0) { $0 + Double($1) }
      let target = targets[image]
      return Float(sum - Double(logits[image * classes + target] - blank[target]))
    }
    return Attribution(scores: scores, targets: targets, convergenceDelta: delta)
  }
}
