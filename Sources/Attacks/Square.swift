public import Engine
import Networks
import Randomness

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
    queries = settings.queries ?? 5000
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    let size = problem.size
    let ball = Ball(norm: norm, epsilon: epsilon, size: size)
    let painter = SquarePainter(
      shape: executor.network.architecture.inputShape, epsilon: epsilon, norm: norm)
    var best = images
    var open = problem.unmet()
    for restart in 0..<max(1, settings.restarts ?? 1) where !open.isEmpty {
      var generators = problem.generators(settings, Self.name, restart: restart)
      var losses = [Float](repeating: -.infinity, count: labels.count)
      var kept = images
      for query in 0..<queries where !open.isEmpty {
        var tried: [Float] = []
        tried.reserveCapacity(open.count * size)
        for image in open {
          let range = image * size..<(image + 1) * size
          tried +=
            query == 0
            ? painter.start(images[range], &generators[image])
            : painter.changed(
              kept[range], around: images[range], share: share(query), &generators[image])
        }
        tried = ball.projected(tried, around: problem.clean(open))
        let answers = problem.logits(tried)
        var staying: [Int] = []
        for (place, image) in open.enumerated() {
          let isMet = problem.aims[image].isMet(answers[place])
          let value = Loss.margin.evaluate(Array(answers[place]), problem.aims[image]).value
          if value > losses[image] || isMet {
            losses[image] = value
            kept.put(tried, place, at: image, size: size)
            best.put(tried, place, at: image, size: size)
          }
          if !isMet { staying.append(image) }
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

/// Draws the changes that `Square` tries.
struct SquarePainter {
  let shape: ImageShape
  let epsilon: Float
  let norm: Norm

  private var plane: Int { shape.height * shape.width }

  /// The first try: stripes or bumps over the whole picture.
  func start(_ clean: ArraySlice<Float>, _ generator: inout SplitMix64) -> [Float] {
    var image = Array(clean)
    switch norm {
    case .linf:
      for channel in 0..<shape.channels {
        let signs = (0..<shape.width).map { _ in sign(&generator) }
        for i in 0..<plane { image[channel * plane + i] += epsilon * signs[i % shape.width] }
      }
    case .l2:
      let side = max(1, min(shape.height, shape.width) / 5)
      var change = [Float](repeating: 0, count: image.count)
      for top in stride(from: 0, through: shape.height - side, by: side) {
        for left in stride(from: 0, through: shape.width - side, by: side) {
          let bump = bump(side, &generator)
          for channel in 0..<shape.channels {
            let sign = sign(&generator)
            forEach(channel, top, left, side) { change[$0] += sign * bump[$1] }
          }
        }
      }
      let length = Ball.length(change[...])
      for i in image.indices { image[i] += epsilon * change[i] / max(length, 1e-12) }
    }
    return image
  }

  /// The best so far with one square changed.
  func changed(
    _ best: ArraySlice<Float>, around clean: ArraySlice<Float>, share: Float,
    _ generator: inout SplitMix64
  ) -> [Float] {
    var image = Array(best)
    let wanted = Int((share * Float(plane)).squareRoot().rounded())
    let largest = min(shape.height, shape.width)
    switch norm {
    case .linf:
      let side = min(max(wanted, 1), largest)
      let (top, left) = corner(side, &generator)
      for channel in 0..<shape.channels {
        let step = 2 * epsilon * sign(&generator)
        forEach(channel, top, left, side) { i, _ in image[i] += step }
      }
    case .l2:
      // At least 3 and odd, where the picture has room.
      let side = min(max(wanted, 3) | 1, largest)
      move(&image, around: Array(clean), side: side, &generator)
    }
    return image
  }

  /// Gives one window a bump and the length of change that another had, and of what the ball still has room for.
  private func move(
    _ image: inout [Float], around clean: [Float], side: Int, _ generator: inout SplitMix64
  ) {
    var change = zip(image, clean).map { $0 - $1 }
    let (to, from) = (corner(side, &generator), corner(side, &generator))
    let bump = bump(side, &generator)
    let room = max(0, epsilon * epsilon - squares(change)) / Float(shape.channels)
    for channel in 0..<shape.channels {
      var old = [Float](repeating: 0, count: side * side)
      forEach(channel, to.top, to.left, side) { old[$1] = change[$0] }
      let oldLength = squares(old).squareRoot()
      let sign = sign(&generator)
      var new = zip(bump, old).map { sign * $0 + $1 / (1e-12 + oldLength) }
      // The length of both windows together.
      var both = squares(old)
      forEach(channel, to.top, to.left, side) { i, _ in change[i] = 0 }
      forEach(channel, from.top, from.left, side) { i, _ in
        both += change[i] * change[i]
        change[i] = 0
      }
      let scale = (room + both).squareRoot() / max(squares(new).squareRoot(), 1e-12)
      new = new.map { $0 * scale }
      forEach(channel, to.top, to.left, side) { change[$0] = new[$1] }
    }
    let length = squares(change).squareRoot()
    for i in image.indices { image[i] = clean[i] + epsilon * change[i] / max(length, 1e-12) }
  }

  /// Two opposite halves, each a pile of growing rectangles, of length 1.
  private func bump(_ side: Int, _ generator: inout SplitMix64) -> [Float] {
    var bump = [Float](repeating: 0, count: side * side)
    func pile(_ rows: Range<Int>, _ sign: Float) {
      let (middleRow, middle) = (rows.lowerBound + rows.count / 2, side / 2)
      for ring in 0..<max(rows.count / 2 + 1, side / 2 + 1) {
        let value = sign / Float((ring + 1) * (ring + 1))
        for y in max(rows.lowerBound, middleRow - ring)..<min(rows.upperBound, middleRow + ring + 1)
        {
          for x in max(0, middle - ring)..<min(side, middle + ring + 1) {
            bump[y * side + x] += value
          }
        }
      }
    }
    pile(0..<side / 2, 1)
    pile(side / 2..<side, -1)
    let length = squares(bump).squareRoot()
    let turned = generator.next() & 1 == 0
    return bump.indices.map { i in
      bump[turned ? i % side * side + i / side : i] / max(length, 1e-12)
    }
  }

  private func corner(_ side: Int, _ generator: inout SplitMix64) -> (top: Int, left: Int) {
    (generator.below(shape.height - side + 1), generator.below(shape.width - side + 1))
  }

  private func sign(_ generator: inout SplitMix64) -> Float {
    generator.next() & 1 == 0 ? 1 : -1
  }

  private func squares(_ values: [Float]) -> Float { values.reduce(0) { $0 + $1 * $1 } }

  /// Calls with the place in the image and in the window of each pixel of a window.
  private func forEach(
    _ channel: Int, _ top: Int, _ left: Int, _ side: Int, _ body: (Int, Int) -> Void
  ) {
    for y in 0..<side {
      for x in 0..<side {
        body(channel * plane + (top + y) * shape.width + left + x, y * side + x)
      }
    }
  }
}
