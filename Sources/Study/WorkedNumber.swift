/// One number inside the network for one image, with everything that it is made of.
public struct WorkedNumber: Codable, Sendable {
  /// What a layer behind the sum makes of it.
  package struct Stage: Codable, Sendable {
    /// The layer.
    package var layer: String
    /// Its kind as specifications write it.
    package var type: String
    /// What it does.
    package var role: ModelFacts.Role
    /// What it hands on.
    package var value: Float
  }

  /// Place of the image among the test images.
  package var image: Int
  /// The layer whose sum it is.
  package var layer: String
  /// True for a sum over a window; false for one over everything.
  package var isWindow: Bool
  /// The map or unit.
  package var channel: Int
  /// The place in the map; 0 for a unit.
  package var row: Int
  /// The place in the map; 0 for a unit.
  package var column: Int
  /// The first row of the window in what it reads, which may lie outside; 0 for a unit.
  package var top: Int
  /// The first column of the window.
  package var left: Int
  /// The layer whose numbers it reads; `nil` for the normalised pixels.
  package var source: String?
  /// What it reads, `[C, k, k]`, with zeros outside the image.
  package var window: Plane
  /// What that is multiplied by, in the same shape.
  package var weights: Plane
  /// Added to the products.
  package var bias: Float
  /// The sum as the network has it.
  package var sum: Float
  /// What becomes of it, up to and with the activation function.
  package var stages: [Stage]

  /// The numbers times their weights.
  package var products: Plane {
    Plane(shape: window.shape, values: zip(window.values, weights.values).map { $0 * $1 })
  }
  /// The number in the end.
  package var value: Float { stages.last?.value ?? sum }
}
