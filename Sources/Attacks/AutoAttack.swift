public import Engine

/// AutoAttack's standard four in turn, each on the images that still hold: APGD with the cross-entropy, APGD with the
/// targeted logit ratio and FAB towards each of the nine strongest other classes, Square.
///
/// Reference: Croce, Hein, Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free
/// Attacks (2020); 100 steps, 5,000 queries, as its official code (torchattacks' has 10 steps).
public struct AutoAttack: Attack {
  /// The name on the command line and in figures.
  public static let name = "auto"
  /// One line that says what it does.
  public static let summary = "AutoAttack's four: apgd-ce, targeted apgd-dlr and fab, square"
  /// False: it looks for any wrong class.
  public static let canAim = false

  private var settings: AttackSettings

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    self.settings.target = nil
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let (norm, epsilon) = Self.ball(settings)
    let problem = Problem(images, labels: labels, executor)
    var ascent = AdaptiveAscent(.crossEntropy, settings, APGDCrossEntropy.self)
    var best = ascent.attack(problem)
    var open = held(best, problem)
    // Other classes, the strongest first.
    let order = problem.logits(images).map { row in
      row.indices.sorted { (row[$0], $1) > (row[$1], $0) }.map { $0 - row.startIndex }
    }
    ascent = AdaptiveAscent(.logitRatio, settings, APGDLogitRatio.self)
    let ball = Ball(norm: norm, epsilon: epsilon, size: problem.size)
    func keep(_ selection: [Int], _ found: [Float]) {
      for (place, image) in selection.enumerated() {
        best.put(found, place, at: image, size: problem.size)
      }
      open = held(best, problem)
    }
    func part(rank: Int?) -> Problem {
      var part = problem.part(open)
      guard let rank else { return part }
      for (place, image) in open.enumerated() {
        part.aims[place].target = order[image].filter { $0 != labels[image] }[rank]
      }
      return part
    }
    let rivals = 0..<min(9, problem.classes - 1)
    for rank in rivals where !open.isEmpty {
      keep(open, ascent.attack(part(rank: rank)))
    }
    for rank in rivals where !open.isEmpty {
      let part = part(rank: rank)
      let found = FAB(settings).nearest(part, Array(open.indices))
      keep(open, ball.projected(found, around: part.images))
    }
    if !open.isEmpty {
      keep(open, Square(settings).attack(part(rank: nil)))
    }
    return best
  }

  private func held(_ images: [Float], _ problem: Problem) -> [Int] {
    let answers = problem.logits(images)
    return problem.aims.indices.filter { !problem.aims[$0].isMet(answers[$0]) }
  }
}
