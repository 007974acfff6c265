public import Engine
import Networks
import Randomness

/// One pixel changed, found by differential evolution from answers alone.
///
/// A population of places and values; each child is `a + 0.5 (b - c)` of three others and takes its parent's place if
/// the margin is larger. Values beyond black or white become black or white, places beyond the edge others.
///
/// Reference: Su, Vargas, Sakurai, One Pixel Attack for Fooling Deep Neural Networks (2019).
public struct OnePixel: Attack {
  /// The name on the command line and in figures.
  public static let name = "one-pixel"
  /// One line that says what it does.
  public static let summary = "one pixel, found by evolution from answers alone"
  /// None: it changes one pixel by any amount.
  public static let norms: [Norm] = []
  /// None.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { nil }

  private let settings: AttackSettings
  private let population: Int
  private let generations: Int

  /// An attack with these settings: 2,000 queries unless given, 100 a generation; a budget below two such generations
  /// is shared between two smaller ones.
  public init(_ settings: AttackSettings) {
    self.settings = settings
    let budget = Self.budget(settings, usual: 2001)
    population = min(100, budget / 2)
    generations = population == 0 ? 0 : min(settings.steps ?? .max, budget / population - 1)
  }

  /// Where a pixel is, as shares of height and width, and its channels' values.
  private typealias Candidate = [Float]

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let problem = Problem(images, labels: labels, target: settings.target, executor)
    let size = problem.size
    var generators = problem.generators(settings, Self.name)
    let channels = executor.network.architecture.inputShape.channels
    var result = images
    for image in problem.unmet() where population > 0 {
      let clean = Array(images[image * size..<(image + 1) * size])
      var people = (0..<population).map { _ in
        (0..<2 + channels).map { _ in generators[image].uniform() }
      }
      var values = [Float](repeating: -.infinity, count: population)
      for generation in 0...generations {
        let tried =
          generation == 0 ? people : children(of: people, &generators[image])
        let pixels = tried.flatMap { painted(clean, $0, problem) }
        let answers = problem.logits(pixels)
        var won = false
        for (place, answer) in answers.enumerated() {
          let value = Loss.margin.evaluate(Array(answer), problem.aims[image]).value
          guard value > values[place] else { continue }
          (people[place], values[place]) = (tried[place], value)
        }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        if let place = answers.firstIndex(where: problem.aims[image].isMet) {
          result.put(pixels, place, at: image, size: size)
          won = true
        } else {
          result.put(painted(clean, people[best], problem), 0, at: image, size: size)
        }
        if won { break }
      }
    }
    return result
  }

  private func children(of people: [Candidate], _ generator: inout SplitMix64) -> [Candidate] {
    people.map { _ in
      let (a, b, c) = (
        people[generator.below(people.count)], people[generator.below(people.count)],
        people[generator.below(people.count)]
      )
      return a.indices.map { i in
        let value = a[i] + 0.5 * (b[i] - c[i])
        // Black and white do most; a place beyond the edge says nothing.
        if i >= 2 { return min(max(value, 0), 1) }
        return (0...1).contains(value) ? value : generator.uniform()
      }
    }
  }

  private func painted(_ clean: [Float], _ candidate: Candidate, _ problem: Problem) -> [Float] {
    let shape = problem.shape
    let row = min(Int(candidate[0] * Float(shape.height)), shape.height - 1)
    let column = min(Int(candidate[1] * Float(shape.width)), shape.width - 1)
    var pixels = clean
    for channel in 0..<shape.channels {
      pixels[(channel * shape.height + row) * shape.width + column] = candidate[2 + channel]
    }
    return pixels
  }
}
