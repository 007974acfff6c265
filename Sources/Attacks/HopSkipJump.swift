public import Engine
import Randomness

/// The hop-skip-jump attack: follows the boundary towards the clean image, knowing nothing but the network's decisions.
///
/// Starts from an image that already is what is wanted: one of the starts that the settings give, or noise mixed into
/// the image. Each round halves its way back to the boundary, guesses the boundary's direction from
/// `100 √t` random steps around that point (whether each is across, nothing more), and hops along it by `distance / √t`,
/// halved until it lands across.
///
/// Reference: Chen, Jordan, Wainwright, HopSkipJumpAttack: A Query-Efficient Decision-Based Attack (2020); its batch sizes,
/// step sizes and tolerances, aimed and not.
public struct HopSkipJump: Attack {
  /// The name on the command line and in figures.
  public static let name = "hop-skip-jump"
  /// One line that says what it does.
  public static let summary = "follows the boundary, knowing decisions alone"
  /// None: it looks for the smallest change.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private let settings: AttackSettings
  private let norm: Norm
  private let rounds: Int
  private let budget: Int

  /// An attack with these settings: at most 5,000 queries and 64 rounds unless given.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    norm = settings.norm ?? Self.norms[0]
    rounds = settings.steps ?? 64
    budget = Self.budget(settings, usual: 5000)
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    var hunt = Hunt(problem, norm, problem.generators(settings, Self.name), budget)
    var open = hunt.start(problem.unmet(), from: settings.starts)
    hunt.returnToBoundary(open, round: 0)
    for round in 1...rounds {
      open = open.filter { Hunt.probes(round) <= hunt.left[$0] }
      guard !open.isEmpty else { break }
      hunt.hop(open, round: round)
      hunt.returnToBoundary(open, round: round)
    }
    return hunt.best
  }
}

/// Where the hunt for each image stands.
private struct Hunt {
  private let problem: Problem
  private let norm: Norm
  private let size: Int
  private var generators: [SplitMix64]
  /// The nearest image found that is what is wanted; the clean one where none was found.
  private(set) var best: [Float]
  /// Answers that may still be asked for, of each image.
  private(set) var left: [Int]
  /// Where each image's walk is: across the boundary.
  private var points: [Float]
  private var nearest: [Float]

  init(_ problem: Problem, _ norm: Norm, _ generators: [SplitMix64], _ budget: Int) {
    self.problem = problem
    self.norm = norm
    self.generators = generators
    size = problem.size
    best = problem.images
    points = problem.images
    left = problem.aims.map { _ in budget }
    nearest = problem.aims.map { _ in .infinity }
  }

  /// Random steps around the point of a round.
  static func probes(_ round: Int) -> Int {
    Int(100 * Double(round).squareRoot())
  }

  /// Half-widths at which a search for the boundary stops: shares of the way (L2) or of the distance (Linf).
  private var tolerance: Float {
    let size = Float(size)
    return norm == .l2 ? 1 / (size * size.squareRoot()) : 1 / (size * size)
  }

  /// Which pixels, that belong to the images of a selection, are what is wanted.
  private mutating func areAcross(_ pixels: [Float], _ selection: [Int]) -> [Bool] {
    for image in selection { left[image] -= 1 }
    return zip(selection, problem.logits(pixels)).map { problem.aims[$0].isMet($1) }
  }

  /// Finds a first point for each image; returns those for which there is one.
  mutating func start(_ selection: [Int], from starts: [Float]) -> [Int] {
    selection.filter { image in
      let clean = problem.clean([image])
      for round in 0..<20 {
        var tried =
          round == 0 ? Array(starts.prefix(min(left[image], starts.count / size) * size)) : []
        for _ in 0..<(round == 0 ? 0 : min(50, left[image])) {
          let share = generators[image].uniform()
          for value in clean { tried.append(value + share * (generators[image].uniform() - value)) }
        }
        guard !tried.isEmpty else { continue }
        let count = tried.count / size
        let found = areAcross(tried, Array(repeating: image, count: count))
        let across = (0..<count).filter { found[$0] }
        let distances = across.map { distance(tried[$0 * size..<($0 + 1) * size], from: image) }
        guard let place = distances.indices.min(by: { distances[$0] < distances[$1] }) else {
          continue
        }
        points.put(tried, across[place], at: image, size: size)
        return true
      }
      return false
    }
  }

  /// Halves the way between each point and its clean image until it stands at the boundary, and keeps what is nearest.
  mutating func returnToBoundary(_ selection: [Int], round: Int) {
    var low = [Float](repeating: 0, count: selection.count)
    var high = selection.map { norm == .l2 ? 1 : distance(points[range($0)], from: $0) }
    let stops = high.map { norm == .l2 ? tolerance : min(tolerance * $0, tolerance) }
    let start = points
    func between(_ place: Int, _ level: Float) -> [Float] {
      let image = selection[place]
      return zip(start[range(image)], problem.images[range(image)]).map { point, clean in
        norm == .l2
          ? clean + level * (point - clean) : min(max(point, clean - level), clean + level)
      }
    }
    for (place, image) in selection.enumerated() {
      points.put(between(place, high[place]), 0, at: image, size: size)
    }
    while true {
      let places = selection.indices.filter { place in
        let middle = (low[place] + high[place]) / 2
        return high[place] - low[place] > stops[place] && middle > low[place]
          && middle < high[place] && left[selection[place]] > 0
      }
      guard !places.isEmpty else { break }
      let levels = places.map { (low[$0] + high[$0]) / 2 }
      let tried = zip(places, levels).flatMap { between($0, $1) }
      let across = areAcross(tried, places.map { selection[$0] })
      for (index, place) in places.enumerated() {
        if across[index] {
          high[place] = levels[index]
          points.put(tried, index, at: selection[place], size: size)
        } else {
          low[place] = levels[index]
        }
      }
    }
    for image in selection {
      let distance = distance(points[range(image)], from: image)
      guard distance < nearest[image] else { continue }
      nearest[image] = distance
      best.put(points.picked([image], size: size), 0, at: image, size: size)
    }
  }

  /// Moves each point along the boundary's direction, as far as it stays across.
  mutating func hop(_ selection: [Int], round: Int) {
    let directions = selection.flatMap { direction(at: $0, round: round) }
    var lengths = selection.map {
      distance(points[range($0)], from: $0) / Float(round).squareRoot()
    }
    var open = Array(selection.indices)
    let start = points
    // Where no hop lands across, the point stays.
    for _ in 0..<30 {
      open = open.filter { left[selection[$0]] > 0 }
      guard !open.isEmpty else { break }
      let tried = open.flatMap { place in
        zip(start[range(selection[place])], directions[range(place)]).map {
          min(max($0 + lengths[place] * $1, 0), 1)
        }
      }
      let across = areAcross(tried, open.map { selection[$0] })
      for (index, place) in open.enumerated() where across[index] {
        points.put(tried, index, at: selection[place], size: size)
      }
      open = zip(open, across).filter { !$1 }.map(\.0)
      for place in open { lengths[place] /= 2 }
    }
  }

  /// The boundary's normal at an image's point, guessed: of length 1 (L2), or its signs (Linf).
  private mutating func direction(at image: Int, round: Int) -> [Float] {
    let point = Array(points[range(image)])
    let count = Self.probes(round)
    let reach = distance(points[range(image)], from: image)
    let share = norm == .l2 ? Float(size).squareRoot() : Float(size)
    let delta = round == 1 ? 0.1 : share * tolerance * reach
    var tried: [Float] = []
    tried.reserveCapacity(count * size)
    for _ in 0..<count {
      let step = point.map { _ in
        norm == .l2 ? generators[image].normal() : generators[image].uniform(-1, 1)
      }
      let length = max(Ball.length(step[...]), .leastNormalMagnitude)
      for (value, step) in zip(point, step) {
        tried.append(min(max(value + delta * step / length, 0), 1))
      }
    }
    let across = areAcross(tried, Array(repeating: image, count: count))
    let votes = across.map { $0 ? Float(1) : -1 }
    let mean = votes.reduce(0, +) / Float(count)
    var direction = [Float](repeating: 0, count: size)
    for (place, vote) in votes.enumerated() {
      // All on one side: their mean; else each against the average vote.
      let weight = abs(mean) == 1 ? vote : vote - mean
      for i in 0..<size { direction[i] += weight * (tried[place * size + i] - point[i]) }
    }
    if norm == .linf { return direction.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } }
    let length = max(Ball.length(direction[...]), .leastNormalMagnitude)
    return direction.map { $0 / length }
  }

  private func range(_ image: Int) -> Range<Int> { image * size..<(image + 1) * size }

  private func distance(_ pixels: ArraySlice<Float>, from image: Int) -> Float {
    let change = zip(pixels, problem.images[range(image)]).map { $0 - $1 }
    return norm == .l2 ? Ball.length(change[...]) : change.reduce(0) { max($0, abs($1)) }
  }
}
