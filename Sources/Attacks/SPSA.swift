public import Engine
import Randomness

/// Simultaneous perturbation: the gradient of the margin guessed from random signs, without looking inside the network.
///
/// `g ≈ mean over v of (f(x + δ v) - f(x - δ v)) / 2δ · v` with 64 random sign pictures v, then a step of Adam, inside
/// the ball. An image leaves as soon as it is fooled.
///
/// Reference: Uesato et al., Adversarial Risk and the Dangers of Evaluating Against Weak Attacks (2018); its δ 0.01,
/// step 0.01, 128 answers a step, fewer where the budget is smaller than one such step.
public struct SPSA: Attack {
  /// The name on the command line and in figures.
  public static let name = "spsa"
  /// One line that says what it does.
  public static let summary = "guesses the gradient from answers alone"

  private static let delta: Float = 0.01
  private let settings: AttackSettings
  private let pairs: Int
  private let steps: Int
  private let stepSize: Float

  /// An attack with these settings: 5,000 queries unless given.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    // A step asks once more: whether it fooled the network.
    let budget = Self.budget(settings, usual: 5000)
    pairs = min(64, (budget - 1) / 2)
    steps = pairs == 0 ? 0 : min(settings.steps ?? .max, budget / (2 * pairs + 1))
    stepSize = settings.stepSize ?? 0.01
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let (norm, epsilon) = Self.ball(settings)
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    let size = problem.size
    let ball = Ball(norm: norm, epsilon: epsilon, size: size)
    var generators = problem.generators(settings, Self.name)
    var (first, second) = (
      [Float](repeating: 0, count: images.count), [Float](repeating: 0, count: images.count)
    )
    var current = images
    var open = problem.unmet()
    for step in 0..<steps where !open.isEmpty {
      var power = (Float(1), Float(1))
      for _ in 0...step { power = (power.0 * 0.9, power.1 * 0.999) }
      for image in open {
        let range = image * size..<(image + 1) * size
        let slope = guess(Array(current[range]), problem, image, &generators[image])
        for (i, slope) in zip(range, slope) {
          first[i] = 0.9 * first[i] + 0.1 * slope
          second[i] = 0.999 * second[i] + 0.001 * slope * slope
          current[i] +=
            stepSize * (first[i] / (1 - power.0))
            / ((second[i] / (1 - power.1)).squareRoot() + 1e-8)
        }
      }
      let moved = ball.projected(
        current.picked(open, size: size), around: problem.clean(open))
      for (place, image) in open.enumerated() { current.put(moved, place, at: image, size: size) }
      let answers = problem.logits(moved)
      open = zip(open, answers).filter { !problem.aims[$0].isMet($1) }.map(\.0)
    }
    return current
  }

  private func guess(
    _ point: [Float], _ problem: Problem, _ image: Int, _ generator: inout SplitMix64
  ) -> [Float] {
    var signs: [Float] = []
    signs.reserveCapacity(pairs * point.count)
    for _ in 0..<pairs * point.count {
      signs.append(generator.next() & 1 == 0 ? 1 : -1)
    }
    var asked: [Float] = []
    asked.reserveCapacity(2 * signs.count)
    for side: Float in [1, -1] {
      for pair in 0..<pairs {
        for i in point.indices {
          asked.append(point[i] + side * Self.delta * signs[pair * point.count + i])
        }
      }
    }
    let values = problem.logits(asked).map {
      Loss.margin.evaluate(Array($0), problem.aims[image]).value
    }
    var slope = [Float](repeating: 0, count: point.count)
    for pair in 0..<pairs {
      let share =
        (values[pair] - values[pair + pairs]) / (2 * Self.delta * Float(pairs))
      for i in point.indices { slope[i] += share * signs[pair * point.count + i] }
    }
    return slope
  }
}
