/// The loss's gradient on its way back: for one image number by number, and how long it is in each layer.
///
/// Reference: Rumelhart, Hinton, Williams, Learning Representations by Back-Propagating Errors (1986).
public struct BlameFacts: Codable, Sendable {
  /// A unit before the last layer.
  package struct Unit: Codable, Sendable {
    /// The unit's number.
    package var unit: Int
    /// What it says.
    package var activation: Float
    /// The gradient of the loss with respect to that.
    package var blame: Double
    /// For each class what its score hands back to the unit; they add up to `blame`.
    package var parts: [Double]
  }

  /// Which weights a network has in a comparison of depths.
  package enum Start: Codable, Sendable, Hashable {
    /// Those that training ended with.
    case trained
    /// Random ones, as a network begins with, times a factor.
    case untrained(factor: Double)
  }

  /// How long the gradient is in the layers of a network.
  package struct Depth: Codable, Sendable {
    /// Which weights it has.
    package var start: Start
    /// For each of `stations` the mean length over that at the scores.
    package var lengths: [Double]
  }

  /// The image.
  package var example: ExampleFacts
  /// The layer that the last one reads.
  package var source: String
  /// For each class the gradient of the loss with respect to its score: the probability, for the true class less 1.
  package var scores: [Double]
  /// The units of `source` that are handed the most, of those that hand it on, the most first.
  package var units: [Unit]
  /// How many units `source` has.
  package var count: Int
  /// How many of them hand nothing on, for their function is flat where they are; `nil` where `source` is no such function, or
  /// others read what it reads.
  package var stopped: Int?
  /// The gradient of the loss with respect to the pixels.
  package var pixels: Plane
  /// From the scores back, the layers in no branch that layers with weights read.
  package var stations: [String]
  /// The lengths there; none of a network with recurrent layers or attention.
  package var depths: [Depth]
  /// Test images whose mean the lengths are.
  package var images: Int

  /// Where the gradient has gone the whole way: its length there over that at the scores.
  package func arrived(_ start: Start) -> Double? {
    depths.first { $0.start == start }?.lengths.last
  }
}
