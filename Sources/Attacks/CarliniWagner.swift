public import Engine

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Carlini and Wagner's L2 attack: the smallest change by optimisation, with a binary search for the weight of success.
///
/// Minimises `‖x' - x‖² + c max(z_y - max_{i≠y} z_i, 0)` (with a target `max_{i≠t} z_i - z_t`) over w,
/// `x' = (tanh w + 1) / 2`, by Adam. Each image has a `c` of its own: from 0.01, times ten until it
/// succeeds, then halved between failure and success, nine rounds in all. An image whose loss no longer falls leaves the round.
///
/// Reference: Carlini, Wagner, Towards Evaluating the Robustness of Neural Networks (2017). Foolbox has the same
/// search with 10,000 steps of 0.01; torchattacks has none, and a loss that is zero where other logits are negative.
public struct CarliniWagner: Attack {
  /// The name on the command line and in figures.
  public static let name = "cw"
  /// One line that says what it does.
  public static let summary = "Carlini and Wagner: the smallest change by optimisation"
  /// L2.
  public static let norms = [Norm.l2]
  /// None: it looks for the smallest change.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private static let rounds = 9
  private let steps: Int
  private let stepSize: Float
  private let target: Int?

  /// An attack with these settings: 400 steps of 0.02 in each round unless given.
  public init(_ settings: AttackSettings) {
    steps = settings.steps ?? 400
    stepSize = settings.stepSize ?? 0.02
    target = settings.target
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: target, executor)
    var best = images
    let open = problem.unmet()
    var distances = [Float](repeating: .infinity, count: labels.count)
    var weights = [Float](repeating: 0.01, count: labels.count)
    var (low, high) = (
      [Float](repeating: 0, count: labels.count),
      [Float](repeating: .infinity, count: labels.count)
    )
    for _ in 0..<Self.rounds {
      let won = descend(problem, open, weights, &best, &distances)
      for image in open {
        if won[image] { high[image] = weights[image] } else { low[image] = weights[image] }
        weights[image] =
          high[image].isFinite ? (low[image] + high[image]) / 2 : weights[image] * 10
      }
    }
    return best
  }

  /// One round of Adam; keeps the nearest successes and says which images had one.
  private func descend(
    _ problem: Problem, _ images: [Int], _ weights: [Float], _ best: inout [Float],
    _ distances: inout [Float]
  ) -> [Bool] {
    let size = problem.size
    var won = [Bool](repeating: false, count: problem.aims.count)
    var open = images
    // Just inside, where the inverse of tanh is finite.
    var hidden = problem.images.map { atanhf((2 * $0 - 1) * 0.999999) }
    var (first, second) = (
      [Float](repeating: 0, count: hidden.count), [Float](repeating: 0, count: hidden.count)
    )
    var lastLoss = [Float](repeating: .infinity, count: problem.aims.count)
    for step in 1...steps {
      guard !open.isEmpty else { break }
      var pixels = hidden.picked(open, size: size)
      for i in pixels.indices { pixels[i] = (tanhf(pixels[i]) + 1) / 2 }
      let found = problem.gradients(pixels, of: .margin, open)
      let (bias1, bias2) = (1 - powf(0.9, Float(step)), 1 - powf(0.999, Float(step)))
      var staying: [Int] = []
      for (place, image) in open.enumerated() {
        let (here, there) = (place * size, image * size)
        var squares: Float = 0
        for i in 0..<size {
          let change = pixels[here + i] - problem.images[there + i]
          squares += change * change
        }
        if problem.aims[image].isMet(found.logits[place]) {
          won[image] = true
          if squares < distances[image] {
            distances[image] = squares
            best.put(pixels, place, at: image, size: size)
          }
        }
        let pull = found.values[place] < 0 ? weights[image] : 0
        let loss = squares - pull * found.values[place]
        if step % max(1, steps / 10) == 0 {
          if loss > 0.9999 * lastLoss[image] { continue }
          lastLoss[image] = loss
        }
        staying.append(image)
        for i in 0..<size {
          let x = pixels[here + i]
          let slope =
            (2 * (x - problem.images[there + i]) - pull * found.pixels[here + i]) * 2 * x * (1 - x)
          let (m, v) = (
            0.9 * first[there + i] + 0.1 * slope, 0.999 * second[there + i] + 0.001 * slope * slope
          )
          (first[there + i], second[there + i]) = (m, v)
          hidden[there + i] -= stepSize * (m / bias1) / ((v / bias2).squareRoot() + 1e-8)
        }
      }
      open = staying
    }
    return won
  }
}
