public import Engine
import Randomness

/// Projected gradient descent: many small steps uphill in the loss, kept inside the ball.
///
/// Starts at a random point of the ball, clipped to [0, 1]; each step goes along the gradient's sign (Linf) or
/// direction (L2), is projected back to the ball and clipped. With several restarts the first
/// that fools the network is kept. With ε = 0 the images come back unchanged.
///
/// Reference: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks (2018); its
/// defaults for MNIST: ε 0.3, 40 steps of 0.01.
public struct PGD: Attack {
  /// The name on the command line and in figures.
  public static let name = "pgd"
  /// One line that says what it does.
  public static let summary = "many small steps uphill in the loss, inside a ball around the image"
  /// Size of the ball.
  public static let defaultEpsilon: Float = 0.3
  /// Gradient steps.
  public static let defaultSteps = 40

  private let epsilon: Float
  private let norm: Norm
  private let steps: Int
  private let stepSize: Float
  private let restarts: Int
  private let target: Int?
  private let seed: UInt64
  private let firstIndex: Int

  /// An attack with these settings; the step is ε/30 unless given.
  public init(_ settings: AttackSettings) {
    epsilon = settings.epsilon ?? Self.defaultEpsilon
    norm = settings.norm
    steps = settings.steps ?? Self.defaultSteps
    stepSize = settings.stepSize ?? epsilon / 30
    restarts = max(1, settings.restarts ?? 1)
    target = settings.target
    seed = settings.seed
    firstIndex = settings.firstIndex
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let size = images.count / max(1, labels.count)
    let ball = Ball(norm: norm, epsilon: epsilon, size: size)
    var best = images
    var fooled = [Bool](repeating: false, count: labels.count)
    for restart in 0..<restarts {
      let open = labels.indices.filter { !fooled[$0] }
      guard !open.isEmpty else { break }
      let clean = open.flatMap { images[$0 * size..<($0 + 1) * size] }
      let found = climb(
        from: clean, labels: open.map { labels[$0] }, indices: open, restart: restart,
        ball: ball, executor)
      let predicted = Outcome.predictions(found, executor)
      for (place, image) in open.enumerated() {
        best.replaceSubrange(
          image * size..<(image + 1) * size, with: found[place * size..<(place + 1) * size])
        fooled[image] =
          target.map { predicted[place] == $0 } ?? (predicted[place] != labels[image])
      }
    }
    return best
  }

  private func climb(
    from clean: [Float], labels: [Int], indices: [Int], restart: Int, ball: Ball,
    _ executor: Executor
  ) -> [Float] {
    let aims = target.map { Array(repeating: $0, count: labels.count) } ?? labels
    var current = clean
    // Each image has its own stream, so that its start does not depend on which others are attacked.
    for (place, image) in indices.enumerated() {
      var generator = SplitMix64(
        seed: seed, purpose: "pgd", index: UInt64(firstIndex + image) << 16 | UInt64(restart))
      ball.moveToRandomPoint(&current, image: place, using: &generator)
    }
    current = ball.projected(current, around: clean)
    for _ in 0..<steps {
      let gradient = executor.inputGradients(current, of: .crossEntropy(aims)).pixels
      current = ball.projected(
        ball.stepped(current, along: gradient, by: target == nil ? stepSize : -stepSize),
        around: clean)
    }
    return current
  }
}
