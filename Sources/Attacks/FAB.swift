public import Engine

/// The fast adaptive boundary attack: walks along the boundary while it is drawn back to the clean image.
///
/// At each step the current point and the clean one are projected on the boundary of the network made linear,
/// within [0, 1]; the new point lies between, nearer the clean one the closer that is. A point that is
/// across is halved back towards the clean image by β.
///
/// Reference: Croce, Hein, Minimally Distorted Adversarial Examples with a Fast Adaptive Boundary Attack (2020); its
/// α_max 0.1, η 1.05, β 0.9, 100 steps. With a target it goes to the boundary between that class and the best other, and
/// starts where a hundred small steps uphill first reach the class: made linear at the clean image, the network says little
/// of a class far away, and a third one is soon in between.
public struct FAB: Attack {
  /// The name on the command line and in figures.
  public static let name = "fab"
  /// One line that says what it does.
  public static let summary = "walks along the boundary, back towards the clean image"
  /// None: it looks for the smallest change.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private let norm: Norm
  private let steps: Int
  private let target: Int?

  /// An attack with these settings.
  public init(_ settings: AttackSettings) {
    norm = settings.norm ?? Self.norms[0]
    steps = settings.steps ?? 100
    target = settings.target
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: target, executor)
    let open = problem.unmet()
    return nearest(problem, open, from: target == nil ? nil : approach(problem, open))
  }

  /// Where small steps up the margin meet the aim, or end.
  private func approach(_ problem: Problem, _ selection: [Int]) -> [Float] {
    // A ball that holds every image; steps that cross it in a hundred, or its middle in L2.
    let whole = norm == .linf ? 1 : Float(problem.size).squareRoot()
    let ball = Ball(norm: norm, epsilon: whole, size: problem.size)
    let length = norm == .linf ? whole / 100 : whole / 300
    var points = problem.images
    var open = selection
    for _ in 0..<100 where !open.isEmpty {
      let here = points.picked(open, size: problem.size)
      let found = problem.gradients(here, of: .margin, open)
      let moved = ball.projected(
        ball.stepped(here, along: found.pixels, by: open.map { _ in length }),
        around: problem.clean(open))
      for (place, image) in open.enumerated() {
        points.put(moved, place, at: image, size: problem.size)
      }
      let answers = problem.logits(moved)
      open = zip(open, answers).filter { !problem.aims[$0].isMet($1) }.map(\.0)
    }
    return points.picked(selection, size: problem.size)
  }

  /// Looks for the nearest images that meet their aims.
  ///
  /// - Parameters:
  ///   - problem: what is asked.
  ///   - open: the images to change.
  ///   - start: a point for each of these; `nil` for the clean images.
  /// - Returns: the nearest found; the clean ones where none was.
  func nearest(_ problem: Problem, _ open: [Int], from start: [Float]? = nil) -> [Float] {
    let size = problem.size
    let clean = problem.clean(open)
    var current = start ?? clean
    var best = problem.images
    var distances = [Float](repeating: .infinity, count: open.count)
    func keep() {
      let answers = problem.logits(current)
      for (place, image) in open.enumerated() where problem.aims[image].isMet(answers[place]) {
        let range = place * size..<(place + 1) * size
        let distance = length(range.map { current[$0] - clean[$0] }[...])
        if distance < distances[place] {
          distances[place] = distance
          best.put(current, place, at: image, size: size)
        }
        for i in range { current[i] = clean[i] + 0.9 * (current[i] - clean[i]) }
      }
    }
    if start != nil { keep() }
    for _ in 0..<steps where !open.isEmpty {
      let near = Boundaries(current, problem, open, norm)
      for place in open.indices {
        let range = place * size..<(place + 1) * size
        let slope = near.gradients[range]
        // The boundary: slope · z = slope · current - lead.
        let level =
          zip(slope, current[range]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
          - Double(near.leads[place])
        let here = projection(current[range], slope, level)
        let there = projection(clean[range], slope, level)
        let (d, d0) = (length(here), length(there))
        let share = min(d / max(d + d0, 1e-12), 0.1)
        for (i, (step, step0)) in zip(range, zip(here, there)) {
          let moved =
            (1 - share) * (current[i] + 1.05 * step) + share * (clean[i] + 1.05 * step0)
          current[i] = min(max(moved, 0), 1)
        }
      }
      keep()
    }
    return best
  }

  private func length(_ change: ArraySlice<Float>) -> Float {
    norm == .l2 ? Ball.length(change) : change.reduce(0) { max($0, abs($1)) }
  }

  /// The smallest change that puts a point on the plane `slope · z = level`, within [0, 1], or as near as it comes.
  ///
  /// The point moves along the slope (L2) or its sign (Linf), each pixel until its bound. The
  /// distance to the plane is a concave, piecewise linear function of how far, so Newton's steps reach it
  /// from below in finitely many.
  private func projection(
    _ point: ArraySlice<Float>, _ slope: ArraySlice<Float>, _ level: Double
  ) -> ArraySlice<Float> {
    let product = zip(slope, point).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let sign: Float = product < level ? 1 : -1
    let gap = abs(level - product)
    // Where each pixel would go per unit of length, and how much room it has there.
    let ways = slope.map { (norm == .l2 ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0) * sign }
    var change = [Float](repeating: 0, count: ways.count)
    var reach: Float = 0
    for _ in 0..<50 {
      var (covered, rate) = (0.0, 0.0)
      for (i, (value, slope)) in zip(point, slope).enumerated() {
        let moved = value + reach * ways[i]
        change[i] = min(max(moved, 0), 1) - value
        covered += Double(abs(slope * change[i]))
        if ways[i] > 0 ? moved < 1 : moved > 0 { rate += Double(abs(slope * ways[i])) }
      }
      guard rate > 0, gap - covered > 1e-6 * max(gap, 1e-6) else { break }
      reach += Float((gap - covered) / rate)
    }
    return change[...]
  }
}
