public import Engine

/// DeepFool: steps to the nearest boundary of the network made linear, until it is crossed; nearly the smallest
/// change in L2.
///
/// `r ← r + |f| ∇f / ‖∇f‖²` for the lead `f` over the nearest rival, `x' = clip(x + 1.02 r)`. An image that
/// holds after all steps comes back as it stands.
///
/// Reference: Moosavi-Dezfooli, Fawzi, Frossard, DeepFool (2016): at most 50 steps, overshoot 0.02 of the whole change, as
/// Foolbox has it; torchattacks overshoots at each step.
public struct DeepFool: Attack {
  /// The name on the command line and in figures.
  public static let name = "deepfool"
  /// One line that says what it does.
  public static let summary = "steps to the nearest boundary: nearly the smallest change"
  /// L2.
  public static let norms = [Norm.l2]
  /// None: it looks for the smallest change.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }
  /// False: it goes to the nearest class.
  public static let canAim = false

  private let steps: Int
  private let overshoot: Float = 0.02

  /// An attack with these settings.
  public init(_ settings: AttackSettings) { steps = settings.steps ?? 50 }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, executor)
    let size = problem.size
    var current = images
    var change = [Float](repeating: 0, count: images.count)
    var open = problem.unmet()
    for _ in 0..<steps where !open.isEmpty {
      let near = Boundaries(current.picked(open, size: size), problem, open, .l2)
      for (place, image) in open.enumerated() {
        let slope = near.gradients[place * size..<(place + 1) * size]
        let length = Ball.length(slope)
        guard length > 0 else { continue }
        // A hair beyond, so that rounding does not stop at the boundary.
        let step = (abs(near.leads[place]) + 1e-4) / (length * length)
        for (i, slope) in zip(image * size..<(image + 1) * size, slope) {
          change[i] -= step * slope
          current[i] = min(max(images[i] + (1 + overshoot) * change[i], 0), 1)
        }
      }
      let answers = problem.logits(current.picked(open, size: size))
      open = zip(open, answers).filter { !problem.aims[$0].isMet($1) }.map(\.0)
    }
    return current
  }
}
