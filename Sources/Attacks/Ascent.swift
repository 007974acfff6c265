import Engine
import Randomness

/// Steps uphill in a loss, each brought back into the ball: what BIM, PGD, MI-FGSM and TRADES share.
struct Ascent {
  let norm: Norm
  let epsilon: Float
  let steps: Int
  let stepSize: Float
  var loss = Loss.crossEntropy
  /// How much of the gradients so far each step keeps; `nil` for the plain gradient.
  var momentum: Float?
  /// Random starts, and the word that names their random numbers; `nil` to start at the image.
  var start: (purpose: String, restarts: Int)?

  /// Attacks the images; with several restarts the first that reaches its aim is kept.
  func attack(
    _ images: [Float], labels: [Int], settings: AttackSettings, against executor: Executor
  ) -> [Float] {
    var problem = Problem(images, labels: labels, target: settings.target, executor)
    if case .divergence = loss {
      for (image, logits) in problem.logits(images).enumerated() {
        problem.aims[image].answer = CrossEntropy.probabilities(Array(logits))
      }
    }
    var best = images
    var open = Array(labels.indices)
    let restarts = start?.restarts ?? 1
    for restart in 0..<restarts where !open.isEmpty {
      let found = climb(open, problem, settings, restart)
      for (place, image) in open.enumerated() {
        best.put(found, place, at: image, size: problem.size)
      }
      guard restart < restarts - 1 else { break }
      let answers = problem.logits(found)
      open = zip(open, answers).filter { !problem.aims[$0].isMet($1) }.map(\.0)
    }
    return best
  }

  private func climb(
    _ selection: [Int], _ problem: Problem, _ settings: AttackSettings, _ restart: Int
  ) -> [Float] {
    let ball = Ball(norm: norm, epsilon: epsilon, size: problem.size)
    let clean = problem.clean(selection)
    var current = clean
    if let start {
      var generators = problem.generators(settings, start.purpose, restart: restart)
      for (place, image) in selection.enumerated() {
        ball.moveToRandomPoint(&current, image: place, using: &generators[image])
      }
      current = ball.projected(current, around: clean)
    }
    let lengths = [Float](repeating: stepSize, count: selection.count)
    var direction = [Float](repeating: 0, count: momentum == nil ? 0 : clean.count)
    for _ in 0..<steps {
      var gradient = problem.gradients(current, of: loss, selection).pixels
      if let momentum {
        accumulate(gradient, in: &direction, momentum, size: problem.size)
        gradient = direction
      }
      current = ball.projected(
        ball.stepped(current, along: gradient, by: lengths), around: clean)
    }
    return current
  }

  /// `g' = μ g + ∇ / ‖∇‖₁` for each image.
  private func accumulate(
    _ gradient: [Float], in direction: inout [Float], _ momentum: Float, size: Int
  ) {
    for start in stride(from: 0, to: gradient.count, by: size) {
      let length = gradient[start..<start + size].reduce(0) { $0 + abs($1) }
      for i in start..<start + size {
        direction[i] = momentum * direction[i] + gradient[i] / max(length, .leastNormalMagnitude)
      }
    }
  }
}
