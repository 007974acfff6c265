public import Engine

/// Auto-PGD with the cross-entropy: projected gradient ascent that chooses its own steps.
///
/// See `AdaptiveAscent`. Reference: Croce, Hein, Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse
/// Parameter-free Attacks (2020); 100 steps as the official AutoAttack has them (torchattacks: 10).
public struct APGDCrossEntropy: Attack {
  /// The name on the command line and in figures.
  public static let name = "apgd-ce"
  /// One line that says what it does.
  public static let summary = "PGD that chooses its own steps, on the cross-entropy"

  private let settings: AttackSettings

  /// An attack with these settings.
  public init(_ settings: AttackSettings) { self.settings = settings }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    AdaptiveAscent(.crossEntropy, settings, Self.self)
      .attack(Problem(images, labels: labels, target: settings.target, executor))
  }
}

/// Auto-PGD with the difference of logits ratio, which does not vanish where the network is very sure.
///
/// See `AdaptiveAscent` and `APGDCrossEntropy`.
public struct APGDLogitRatio: Attack {
  /// The name on the command line and in figures.
  public static let name = "apgd-dlr"
  /// One line that says what it does.
  public static let summary = "PGD that chooses its own steps, on the difference of logits ratio"

  private let settings: AttackSettings

  /// An attack with these settings.
  public init(_ settings: AttackSettings) { self.settings = settings }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    AdaptiveAscent(.logitRatio, settings, Self.self)
      .attack(Problem(images, labels: labels, target: settings.target, executor))
  }
}

/// Auto-PGD: steps of 2ε with momentum 0.75, halved and sent back to the best point at checkpoints where too few
/// steps went up (less than 0.75 of them) or the best value stood still. An image leaves as soon as it is fooled.
struct AdaptiveAscent {
  let loss: Loss
  let norm: Norm
  let epsilon: Float
  let settings: AttackSettings
  /// Names the random numbers.
  let purpose: String

  /// The ascent of an attack, in the ball that its settings ask for.
  init(_ loss: Loss, _ settings: AttackSettings, _ attack: any Attack.Type) {
    self.loss = loss
    self.settings = settings
    (norm, epsilon) = attack.ball(settings)
    purpose = attack.name
  }

  private var steps: Int { settings.steps ?? 100 }

  /// Those of the images that are right are attacked; a point that fools is kept.
  func attack(_ problem: Problem) -> [Float] {
    var best = problem.images
    var open = problem.unmet()
    for restart in 0..<max(1, settings.restarts ?? 1) where !open.isEmpty {
      open = climb(problem, open, restart, &best)
    }
    return best
  }

  /// What an image remembers from step to step.
  private struct Memory {
    var stepSize: Float
    var best = -Float.infinity
    var bestAtCheck = -Float.infinity
    var last = -Float.infinity
    var rises = 0
    var wasReduced = true
  }

  /// One restart; returns the images that hold.
  private func climb(
    _ problem: Problem, _ selection: [Int], _ restart: Int, _ result: inout [Float]
  ) -> [Int] {
    let size = problem.size
    let ball = Ball(norm: norm, epsilon: epsilon, size: size)
    var generators = problem.generators(settings, purpose, restart: restart)
    var current = problem.images
    for image in selection { ball.moveToEdge(&current, image: image, using: &generators[image]) }
    current = ball.projected(current, around: problem.images)
    var (previous, best, bestGradient) = (current, current, current)
    var memories = [Memory](
      repeating: Memory(stepSize: 2 * epsilon), count: problem.aims.count)
    var open = selection
    var interval = max(Int(0.22 * Double(steps)), 1)
    var sinceCheck = 0
    for step in 0...steps {
      let pixels = current.picked(open, size: size)
      let found = problem.gradients(pixels, of: loss, open)
      var gradient = found.pixels
      let isCheck = sinceCheck == interval
      var staying: [Int] = []
      for (place, image) in open.enumerated() {
        result.put(pixels, place, at: image, size: size)
        if problem.aims[image].isMet(found.logits[place]) { continue }
        staying.append(image)
        let value = found.values[place]
        if value > memories[image].best {
          memories[image].best = value
          best.put(pixels, place, at: image, size: size)
          bestGradient.put(gradient, place, at: image, size: size)
        }
        if step > 0, value > memories[image].last { memories[image].rises += 1 }
        memories[image].last = value
        guard isCheck, shouldReduce(&memories[image], interval) else { continue }
        for i in 0..<size {
          current[image * size + i] = best[image * size + i]
          gradient[place * size + i] = bestGradient[image * size + i]
        }
      }
      if isCheck {
        sinceCheck = 0
        interval = max(
          interval - max(Int(0.03 * Double(steps)), 1), max(Int(0.06 * Double(steps)), 1))
      }
      guard !staying.isEmpty, step < steps else { return staying }
      let places = zip(open.indices, open).filter { staying.contains($1) }.map(\.0)
      move(
        &current, &previous, along: gradient.picked(places, size: size), staying, memories, ball,
        problem, isFirst: step == 0)
      open = staying
      sinceCheck += 1
    }
    return open
  }

  private func shouldReduce(_ memory: inout Memory, _ interval: Int) -> Bool {
    let oscillates = Double(memory.rises) <= 0.75 * Double(interval)
    let stands = !memory.wasReduced && memory.bestAtCheck >= memory.best
    memory.rises = 0
    memory.bestAtCheck = memory.best
    memory.wasReduced = oscillates || stands
    if memory.wasReduced { memory.stepSize /= 2 }
    return memory.wasReduced
  }

  /// `z = P(x + η g)`, `x' = P(x + 0.75 (z - x) + 0.25 (x - x_previous))`; the first step has no momentum.
  private func move(
    _ current: inout [Float], _ previous: inout [Float], along gradient: [Float],
    _ selection: [Int], _ memories: [Memory], _ ball: Ball, _ problem: Problem, isFirst: Bool
  ) {
    let size = problem.size
    let clean = problem.clean(selection)
    let here = current.picked(selection, size: size)
    let before = previous.picked(selection, size: size)
    let reached = ball.projected(
      ball.stepped(here, along: gradient, by: selection.map { memories[$0].stepSize }),
      around: clean)
    let momentum: Float = isFirst ? 1 : 0.75
    var moved = here
    for i in moved.indices {
      moved[i] += momentum * (reached[i] - here[i]) + (1 - momentum) * (here[i] - before[i])
    }
    moved = ball.projected(moved, around: clean)
    for (place, image) in selection.enumerated() {
      previous.put(here, place, at: image, size: size)
      current.put(moved, place, at: image, size: size)
    }
  }
}
