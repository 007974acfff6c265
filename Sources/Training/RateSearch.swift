import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The learning-rate range test: the loss while the learning rate rises from next to nothing until training breaks, and
/// the rate that it suggests.
///
/// Reference: Smith, Cyclical Learning Rates for Training Neural Networks (2017), with the stop and the suggestion of
/// fastai's `lr_find`.
public struct RateSearch: Codable, Sendable, Equatable {
  /// The learning rates, ascending.
  public private(set) var rates: [Double] = []
  /// The mean loss of the step at each.
  public private(set) var losses: [Double] = []
  /// The same, smoothed.
  public private(set) var smoothed: [Double] = []
  /// Half the way down the longest descent of the smoothed loss; `nil` if it never went down for good.
  public private(set) var suggestion: Double?

  /// The range that is gone through, and in how many steps.
  package static let range = RateRange(lowest: 1e-7, highest: 10, steps: 100)
  /// How many rates are gone through at most.
  package static var steps: Int { range.steps }
  /// It ends where the loss is this many times its lowest.
  private static let mostRise = 4.0
  /// Weight of what was before in the smoothed loss.
  private static let inertia = 0.9
  /// A descent over fewer steps is none.
  private static let shortest = 9

  /// Goes through the rates with a trainer whose configuration has the range; what it learns is not kept.
  ///
  /// - Parameters:
  ///   - trainer: at the beginning of its run.
  ///   - progress: told after each step how many are done.
  ///   - shouldContinue: asked after each step.
  package init(
    with trainer: Trainer, progress: (Int) -> Void = { _ in }, while shouldContinue: () -> Bool
  ) {
    var (mean, lowest) = (0.0, Double.infinity)
    trainer.run(while: {
      mean = Self.inertia * mean + (1 - Self.inertia) * trainer.lastLoss
      let count = rates.count
      let smooth = mean / (1 - pow(Self.inertia, Double(count + 1)))
      rates.append(Self.range.rate(step: count))
      losses.append(trainer.lastLoss)
      smoothed.append(smooth)
      lowest = min(lowest, smooth)
      progress(count + 1)
      return smooth <= Self.mostRise * lowest && rates.count < Self.range.steps && shouldContinue()
    })
    suggestion = Self.suggestion(rates, smoothed)
  }

  /// The rate halfway down the longest run of losses each lower than those before it.
  package static func suggestion(_ rates: [Double], _ losses: [Double]) -> Double? {
    // For each place, the length of the longest descent that ends there, and the place before it in that descent.
    var lengths = [Int](repeating: 1, count: losses.count)
    var before = [Int?](repeating: nil, count: losses.count)
    for end in losses.indices {
      for start in 0..<end where losses[end] < losses[start] && lengths[start] + 1 > lengths[end] {
        (lengths[end], before[end]) = (lengths[start] + 1, start)
      }
    }
    guard let last = lengths.indices.max(by: { (lengths[$0], $1) < (lengths[$1], $0) }),
      lengths[last] >= shortest
    else { return nil }
    var way = [last]
    while let next = before[way[way.count - 1]] { way.append(next) }
    return rates[way[way.count / 2]]
  }
}

/// Learning rates that rise from step to step by the same factor.
package struct RateRange: Sendable, Hashable {
  /// The first.
  let lowest: Double
  /// The last.
  let highest: Double
  /// How many there are.
  let steps: Int

  /// The rate of a step, 0 for the first; behind the last one it stays.
  func rate(step: Int) -> Double {
    lowest * pow(highest / lowest, Double(min(step, steps - 1)) / Double(steps - 1))
  }
}
