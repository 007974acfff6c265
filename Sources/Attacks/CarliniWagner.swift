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
/// search in nine rounds, but `c` from 0.001 on, and 10,000 steps of 0.01 where ours are 400 of 0.02; torchattacks has no
/// search, and a loss that is zero where other logits are negative.
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
    var descent = Descent(from: problem.images, size: size, stepSize: stepSize)
    var lastLoss = [Float](repeating: .infinity, count: problem.aims.count)
    for step in 1...steps {
      guard !open.isEmpty else { break }
      let pixels = descent.pixels(open, pool: problem.executor.pool)
      let found = problem.gradients(pixels, of: .margin, open)
      let pulls = zip(open, found.values).map { $1 < 0 ? weights[$0] : 0 }
      let squares = descent.step(
        step, open, at: pixels, along: found.pixels, times: pulls, around: problem)
      var staying: [Int] = []
      for (place, image) in open.enumerated() {
        if problem.aims[image].isMet(found.logits[place]) {
          won[image] = true
          if squares[place] < distances[image] {
            distances[image] = squares[place]
            best.put(pixels, place, at: image, size: size)
          }
        }
        if step % max(1, steps / 10) == 0 {
          let loss = squares[place] - pulls[place] * found.values[place]
          if loss > 0.9999 * lastLoss[image] { continue }
          lastLoss[image] = loss
        }
        staying.append(image)
      }
      open = staying
    }
    return won
  }
}

/// Adam on the w of each image.
private struct Descent {
  private let size: Int
  private let stepSize: Float
  /// For each image its w, their first moments and their second moments, `[N][3][size]`.
  private var state: [Float]

  init(from images: [Float], size: Int, stepSize: Float) {
    (self.size, self.stepSize) = (size, stepSize)
    state = [Float](repeating: 0, count: 3 * images.count)
    for (i, pixel) in images.enumerated() {
      // Just inside, where the inverse of tanh is finite.
      state[i / size * 3 * size + i % size] = atanhf((2 * pixel - 1) * 0.999999)
    }
  }

  /// The images that the w stand for, `x' = (tanh w + 1) / 2`.
  func pixels(_ images: [Int], pool: WorkerPool) -> [Float] {
    [Float](unsafeUninitializedCapacity: images.count * size) { pixels, count in
      nonisolated(unsafe) let pixels = pixels
      state.withUnsafeBufferPointer { state in
        pool.run(images.count) { place, _ in
          let start = images[place] * 3 * size
          for i in 0..<size { pixels[place * size + i] = (tanhf(state[start + i]) + 1) / 2 }
        }
      }
      count = images.count * size
    }
  }

  /// One step down `‖x' - x‖² - c margin` for some images: what `‖x' - x‖²` was for each.
  mutating func step(
    _ number: Int, _ images: [Int], at pixels: [Float], along gradients: [Float],
    times pulls: [Float], around problem: Problem
  ) -> [Float] {
    let (size, stepSize) = (size, stepSize)
    let (bias1, bias2) = (1 - powf(0.9, Float(number)), 1 - powf(0.999, Float(number)))
    return [Float](unsafeUninitializedCapacity: images.count) { squares, count in
      state.withUnsafeMutableBufferPointer { state in
        problem.executor.pool.run(images.count) { place, _ in
          let (here, there) = (place * size, images[place] * size)
          var sum: Float = 0
          for i in 0..<size {
            let x = pixels[here + i]
            let change = x - problem.images[there + i]
            sum += change * change
            let slope = (2 * change - pulls[place] * gradients[here + i]) * 2 * x * (1 - x)
            let first = 3 * there + size + i
            let m = 0.9 * state[first] + 0.1 * slope
            let v = 0.999 * state[first + size] + 0.001 * slope * slope
            (state[first], state[first + size]) = (m, v)
            state[first - size] -= stepSize * (m / bias1) / ((v / bias2).squareRoot() + 1e-8)
          }
          squares[place] = sum
        }
      }
      count = images.count
    }
  }
}
