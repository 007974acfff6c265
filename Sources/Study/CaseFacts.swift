/// The images that have a page of their own: mistakes, and some sure answers of each class.
public struct CaseFacts: Codable, Sendable {
  /// The attribution methods, in the order of the maps.
  package var methods: [ExplanationFacts.Method]
  /// For each method whether its maps stay nearly the same with random weights.
  package var areBlind: [Bool]
  /// The layer in whose numbers neighbours are near.
  package var layer: String
  /// Training images among which neighbours were looked for: the first so many.
  package var searched: Int
  /// The images, mistakes first.
  package var cases: [Case]

  /// One image.
  package struct Case: Codable, Sendable {
    /// The image and the answer.
    package var example: ExampleFacts
    /// One signed map a method, `[C, H, W]`, in 127 steps.
    package var maps: [Plane]
    /// What some layers say to it, the most varied channels, in 127 steps.
    package var activations: [FeatureFacts.Activation]
    /// The nearest training images.
    package var neighbors: [Neighbor]
    /// A change as small as DeepFool can find that turns the answer.
    package var change: Change?

    /// How many of the nearest training images belong to the class that was answered.
    package var neighborsOfAnswer: Int { neighbors.count { $0.label == example.predicted } }
  }

  /// A training image.
  package struct Neighbor: Codable, Sendable {
    /// Its class.
    package var label: Int
    /// Its Euclidean distance in the layer.
    package var distance: Float
    /// Its pixels.
    package var pixels: Plane
  }

  /// A changed image.
  package struct Change: Codable, Sendable {
    /// The image after.
    package var adversarial: Plane
    /// What is read in it.
    package var predicted: Int
    /// How surely.
    package var confidence: Float
    /// Euclidean length of the change.
    package var l2: Float
    /// Largest change of a pixel.
    package var linf: Float
  }
}
