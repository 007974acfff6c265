/// What each unit before the last layer adds to the scores of two rival classes, for one image.
public struct LedgerFacts: Codable, Sendable {
  /// What one unit adds.
  package struct Entry: Codable, Sendable {
    /// The unit's number.
    package var unit: Int
    /// What it says.
    package var activation: Float
    /// What that is multiplied by, for each of the two classes.
    package var weights: [Float]

    /// What it adds to each of the two scores.
    package var contributions: [Double] { weights.map { Double($0) * Double(activation) } }
    /// What it adds to the lead of the first class.
    package var difference: Double { contributions[0] - contributions[1] }
  }

  /// The image.
  package var example: ExampleFacts
  /// The last linear layer.
  package var layer: String
  /// The layer that the units belong to; `nil` for the pixels.
  package var source: String?
  /// The answer, and its rival: the true class of a misread image, else the runner-up.
  package var classes: [Int]
  /// How many units there are.
  package var units: Int
  /// How many of them do not say 0 to this image.
  package var active: Int
  /// The units that do most for the difference of the scores, the largest first.
  package var entries: [Entry]
  /// What all other units add to each of the two scores.
  package var rest: [Double]
  /// The biases of the two classes.
  package var biases: [Float]
  /// The two scores as the network has them.
  package var logits: [Float]
  /// For each unit the class whose images it answers to most, `nil` for one that says 0 to all; `nil` if the units are
  /// pixels, or too many.
  package var favorites: [Int?]?
  /// Test images that `favorites` was found on.
  package var images: Int

  /// Units that say 0 to every image looked at; `nil` if that is not known.
  package var dead: Int? { favorites?.count { $0 == nil } }
  /// By how much the answer leads.
  package var lead: Double { Double(logits[0]) - Double(logits[1]) }
}
