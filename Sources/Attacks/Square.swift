public import Engine

/// The square attack: random squares at the edge of the ball, kept where they lower the margin; needs answers alone.
///
/// Linf starts from vertical stripes of ±ε and paints squares of ±2ε, clipped to the ball. L2 starts from a grid of
/// bumps and moves the length of one window of the change to another. The squares shrink with the share of queries spent:
/// `p` starts at 0.8 and is halved at 10, 50, 200, 500, 1000, 2000, 4000, 6000 and 8000 of 10,000.
///
/// Reference: Andriushchenko, Croce, Flammarion, Hein, Square Attack (2020), whose schedule is scaled to the number of
/// queries (AutoAttack's code does not scale it).
public struct Square: Attack {
  /// The name on the command line and in figures.
  public static let name = "square"
  /// One line that says what it does.
  public static let summary = "random squares, kept where they help; needs answers alone"

  private let settings: AttackSettings
  private let norm: Norm
  private let epsilon: Float
  private let queries: Int

  /// An attack with these settings: 5,000 queries unless given.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    (norm, epsilon) = Self.ball(settings)
    // The look at the clean image counts.
    queries = (settings.queries ?? 5001) - 1
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    attack(Problem(images, labels: labels, target: settings.target, executor))
  }

  /// The images of a problem, changed.
  func attack(_ problem: Problem) -> [Float] {
    let painter = SquarePainter(
      problem.shape, Ball(norm: norm, epsilon: epsilon, size: problem.size))
    var best = problem.images
    var open = problem.unmet()
    for restart in 0..<max(1, settings.restarts ?? 1) where !open.isEmpty {
      var generators = problem.generators(settings, Self.name, restart: restart)
      var losses = [Float](repeating: -.infinity, count: problem.aims.count)
      var trials = SquareTrials(problem, painter)
      for query in 0..<queries where !open.isEmpty {
        let answers =
          query == 0
          ? trials.start(open, &generators)
          : trials.change(open, share: share(query), &generators)
        var staying: [Int] = []
        var better: [Int] = []
        for (place, image) in open.enumerated() {
          let isMet = problem.aims[image].isMet(answers[place])
          let value = Loss.margin.evaluate(Array(answers[place]), problem.aims[image]).value
          if value > losses[image] || isMet {
            losses[image] = value
            better.append(place)
          }
          if !isMet { staying.append(image) }
        }
        trials.keep(better, of: open)
        for place in better {
          best.put(trials.kept, open[place], at: open[place], size: problem.size)
        }
        open = staying
      }
    }
    return best
  }

  /// The share of the picture that a square covers.
  private func share(_ query: Int) -> Float {
    let place = 10_000 * query / queries
    let halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000].count { place > $0 }
    return 0.8 / Float(1 << halvings)
  }
}
