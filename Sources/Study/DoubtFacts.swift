/// Where the network is unsure.
public struct DoubtFacts: Codable, Sendable {
  /// The layer whose numbers were projected.
  public var layer: String
  /// Test images on the first two principal components.
  public var points: [Point]
  /// Share of the variance that each component shows.
  public var explained: [Double]
  /// The right answers with the least confidence.
  public var leastSure: [ExampleFacts]
  /// The same images and every mistake, laid out by t-SNE: neighbours in the layer are neighbours here.
  public var neighborhood: [Point] = []
  /// From one test image to another in equal steps.
  public var path: [Step] = []
  /// The probabilities of the classes at both ends, at a hundred steps of the way.
  public var pathShares: [[Float]] = []
  /// The test images at the ends of the path.
  public var ends: [Int] = []
  /// The same images on the first two principal components of their pixels, before any network.
  public var pixelPoints: [Point] = []
  /// What is read on the plane through three images.
  public var slice: Slice?
  /// How sure it is of images that belong to none of its classes.
  public var strangers: [Stranger] = []
  /// How sure it is of the test images, counted over 20 equal bins.
  public var confidence: [Int] = []

  /// Answers on a grid over the plane a + s (b - a) + t (c - a).
  public struct Slice: Codable, Sendable {
    /// The images a, b and c.
    public var corners: [ExampleFacts]
    /// Points along each side.
    public var side: Int
    /// Where s and t begin and end; 0 and 1 are the images.
    public var range: [Float]
    /// The predicted classes, t by row and s by column.
    public var predicted: [Int]
    /// Their probabilities, in whole percent.
    public var confidence: [Int]
  }

  /// Images that the network was never meant to see.
  public struct Stranger: Codable, Sendable {
    /// What they are, such as `Fashion-MNIST`.
    public var name: String
    /// How many were shown.
    public var count: Int
    /// Their confidence, counted over 20 equal bins.
    public var confidence: [Int]
    /// How many were answered with more than 90 % confidence.
    public var sure: Int
    /// Some of them, with what was read.
    public var examples: [ExampleFacts]
  }

  /// One picture on the way.
  public struct Step: Codable, Sendable {
    /// Its pixels.
    public var pixels: Plane
    /// What is read.
    public var predicted: Int
    /// How surely.
    public var probability: Float
  }

  /// One test image.
  public struct Point: Codable, Sendable {
    /// Its place among the test images.
    public var image: Int
    /// First component.
    public var x: Float
    /// Second component.
    public var y: Float
    /// True class.
    public var label: Int
    /// Predicted class.
    public var predicted: Int

    init(image: Int, x: Float, y: Float, label: Int, predicted: Int) {
      (self.image, self.x, self.y) = (image, x, y)
      (self.label, self.predicted) = (label, predicted)
    }

    /// Reads `[image, x, y, label, predicted]`: there are thousands of them.
    ///
    /// - Throws: `DecodingError` if it is something else.
    public init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      image = try list.decode(Int.self)
      x = try list.decode(Float.self)
      y = try list.decode(Float.self)
      label = try list.decode(Int.self)
      predicted = try list.decode(Int.self)
    }

    /// Writes `[image, x, y, label, predicted]`.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(image)
      try list.encode(x)
      try list.encode(y)
      try list.encode(label)
      try list.encode(predicted)
    }
  }
}
