public import Engine

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One change that fools the network on as many images as it can: a single picture added to all.
///
/// Steps along the sign (Linf) or direction (L2) of the gradient of the cross-entropy summed over all images, shorter and
/// shorter along half a cosine, kept inside the ball; the picture that fools most is kept. The gradient is taken as if
/// pixels were not clipped at 0 and 1, since a change that most images hide there still counts for the others.
///
/// References: Moosavi-Dezfooli et al., Universal Adversarial Perturbations (2017); by ascent on the loss of all images as Shafahi
/// et al., Universal Adversarial Training (2020).
public struct Universal: Attack {
  /// The name on the command line and in figures.
  public static let name = "universal"
  /// One line that says what it does.
  public static let summary = "one change for all images"
  /// True: the change is made for all images together.
  public static let isShared = true

  private let settings: AttackSettings

  /// An attack with these settings: 100 steps, the first of ε/10, unless given.
  public init(_ settings: AttackSettings) { self.settings = settings }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let (norm, epsilon) = Self.ball(settings)
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    let size = problem.size
    let ball = Ball(norm: norm, epsilon: epsilon, size: size)
    var change = [Float](repeating: 0, count: size)
    var best = (images: images, held: Int.max)
    let steps = settings.steps ?? 100
    let stepSize = settings.stepSize ?? epsilon / 10
    let all = Array(labels.indices)
    for step in 0...steps {
      var changed = images
      for i in changed.indices { changed[i] = min(max(changed[i] + change[i % size], 0), 1) }
      let found = problem.gradients(changed, of: .crossEntropy, all)
      let held = all.filter { !problem.aims[$0].isMet(found.logits[$0]) }
      if held.count <= best.held { best = (changed, held.count) }
      guard !held.isEmpty else { break }
      var slope = [Float](repeating: 0, count: size)
      for image in all {
        for i in 0..<size { slope[i] += found.pixels[image * size + i] }
      }
      let length = stepSize * 0.5 * (1 + cosf(.pi * Float(step) / Float(steps)))
      change = ball.bounded(ball.stepped(change, along: slope, by: [length]))
    }
    return ball.projected(best.images, around: images)
  }
}
