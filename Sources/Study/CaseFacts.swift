/// The images that have a page of their own: mistakes, and some sure answers of each class.
public struct CaseFacts: Codable, Sendable {
  /// The attribution methods, in the order of the maps.
  public var methods: [ExplanationFacts.Method]
  /// For each method whether its maps stay nearly the same with random weights.
  public var areBlind: [Bool]
  /// The layer in whose numbers neighbours are near.
  public var layer: String
  /// Training images among which neighbours were looked for: the first so many.
  public var searched: Int
  /// The images, mistakes first.
  public var cases: [Case]

  /// One image.
  public struct Case: Codable, Sendable {
    /// The image and the answer.
    public var example: ExampleFacts
    /// One signed map a method, `[C, H, W]`, in 127 steps.
    public var maps: [Plane]
    /// What some layers say to it, the most varied channels, in 127 steps.
    public var activations: [FeatureFacts.Activation]
    /// The nearest training images.
    public var neighbors: [Neighbor]
    /// A change as small as DeepFool can find that turns the answer.
    public var change: Change?

    /// How many of the nearest training images belong to the class that was answered.
    package var neighborsOfAnswer: Int { neighbors.count { $0.label == example.predicted } }
  }

  /// A training image.
  public struct Neighbor: Codable, Sendable {
    /// Its class.
    public var label: Int
    /// Its Euclidean distance in the layer.
    public var distance: Float
    /// Its pixels.
    public var pixels: Plane
  }

  /// A changed image.
  public struct Change: Codable, Sendable {
    /// The image after.
    public var adversarial: Plane
    /// What is read in it.
    public var predicted: Int
    /// How surely.
    public var confidence: Float
    /// Euclidean length of the change.
    public var l2: Float
    /// Largest change of a pixel.
    public var linf: Float
  }
}
