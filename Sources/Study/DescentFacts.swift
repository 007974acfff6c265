/// One weight of the last layer: the loss while it alone moves, and where gradient descent takes it.
public struct DescentFacts: Codable, Sendable {
  /// The loss at a weight.
  package struct Place: Codable, Sendable, Equatable {
    /// The weight.
    package var weight: Double
    /// Mean cross-entropy in nats, all units on.
    package var loss: Double
  }

  /// Some steps of gradient descent.
  package struct Run: Codable, Sendable {
    /// What the slope is multiplied by.
    package var learningRate: Double
    /// That rate over the one whose first step ends where the loss is lowest.
    package var multiple: Double
    /// Where it starts, and where each step ends.
    package var places: [Place]
  }

  /// Where some steps have led.
  package enum Outcome: Equatable, Sendable {
    /// So much of the weight's way from the start to where the loss is lowest, at most 1.
    case approached(Double)
    /// Past that place, and not back again.
    case passed
    /// Past it and back, at least once.
    case leaped
  }

  /// The last linear layer.
  package var layer: String
  /// The layer that it reads.
  package var source: String
  /// The unit of `source` that the weight multiplies.
  package var unit: Int
  /// The class to whose score that is added.
  package var label: Int
  /// Training images whose mean loss it is.
  package var images: Int
  /// Where training left the weight.
  package var trained: Place
  /// Where the loss is lowest.
  package var lowest: Place
  /// The loss over the weight, weights ascending.
  package var curve: [Place]
  /// Nats by which the loss changes for a change of 1, where the runs start.
  package var slope: Double
  /// As many steps at each of three rates, ascending.
  package var runs: [Run]

  /// Nearer to the lowest place than this share of the way, a run has arrived.
  private static let arrival = 0.01

  /// Where a run has led.
  package func outcome(of run: Run) -> Outcome {
    let weights = run.places.map(\.weight)
    let way = abs(weights[0] - lowest.weight)
    // What has arrived crosses back and forth by less than can be seen.
    let isPast = weights.filter { abs($0 - lowest.weight) > Self.arrival * way }
      .map { $0 > lowest.weight }
    switch zip(isPast, isPast.dropFirst()).count(where: !=) {
    case 0:
      let (first, last) = (weights[0], weights[weights.count - 1])
      return .approached(min(1, (last - first) / (lowest.weight - first)))
    case 1: return .passed
    default: return .leaped
    }
  }
}
