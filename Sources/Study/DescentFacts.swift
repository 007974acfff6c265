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
    /// Where it starts, and where each step ends.
    package var places: [Place]
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
  /// The same steps at a rate too low, one that fits and one too high.
  package var runs: [Run]

  /// What share of the way to the lowest loss a run has covered in the end; `nil` for one that leaps over that place, and not
  /// just once.
  package func covered(_ run: Run) -> Double? {
    guard let first = run.places.first, let last = run.places.last else { return nil }
    let sides = run.places.map { $0.weight > lowest.weight }
    guard zip(sides, sides.dropFirst()).count(where: !=) < 2 else { return nil }
    return (last.weight - first.weight) / (lowest.weight - first.weight)
  }
}
