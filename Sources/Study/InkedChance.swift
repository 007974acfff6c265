import Attribution
import Engine

/// Chance that knows where an image is not blank: it takes those places in random order, then all others. Blanking what
/// is blank already changes nothing, so that plain chance would make every method look good.
struct InkedChance: AttributionMethod {
  func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let chance = Control.random.attribution(of: images, in: executor, for: targets)
    let largest = chance.scores.reduce(Float(0)) { max($0, abs($1)) }
    return Attribution(
      scores: zip(chance.scores, images).map { $1 > 0 ? $0 + 2 * largest : $0 }, targets: targets)
  }
}
