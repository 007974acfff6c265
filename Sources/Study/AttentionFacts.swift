package import Attribution
package import Evaluation

/// Where a transformer's places look.
public struct AttentionFacts: Codable, Sendable {
  /// What gives the answer.
  package enum Source: String, Codable, Sendable {
    /// A class token.
    case token
    /// One square.
    case square
    /// All places.
    case all
  }

  /// One image.
  package struct Example: Codable, Sendable {
    /// The image.
    package var example: ExampleFacts
    /// For each layer where the place that gives the answer looks: `[heads, rows, columns]`, squares of the image; what falls
    /// on the token itself is left out.
    package var looks: [Plane]
    /// The same rolled out through all layers: `[rows, columns]`.
    package var rollout: Plane
  }

  /// What a simple reader makes of the answer's place at some depth.
  package struct Depth: Codable, Sendable {
    /// The layer, or where the first block begins.
    package var layer: String
    /// The share of test images whose place lies nearest to the mean of its class.
    package var accuracy: Double
    /// Its 95 % Wilson interval.
    package var interval: Interval
  }

  /// The layers of attention, first to last.
  package var layers: [String]
  /// Heads of each.
  package var heads: Int
  /// Pixels of a square's side.
  package var side: Int
  /// Rows and columns of squares.
  package var grid: [Int]
  /// What gives the answer.
  package var source: Source
  /// Images that are followed.
  package var examples: [Example]
  /// How far each head of each layer looks, in squares: the mean over places of the distance to what they look at, over
  /// images.
  package var distances: [[Estimate]]
  /// How far they would look if they looked everywhere alike.
  package var evenDistance: Double
  /// Test images that the distances are of.
  package var count: Int
  /// How alike the learned numbers of two squares' places are, as cosines: `[squares, squares]`; `nil` without positions.
  package var positions: Plane?
  /// What can be read from the answer's place, first to last; the first is what enters the first block.
  package var depths: [Depth]
  /// Test images that this was tried on, and training images that the classes' means are of.
  package var depthImages: [Int]
}
