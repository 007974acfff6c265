/// Where the network is unsure.
public struct DoubtFacts: Codable, Sendable {
  /// The layer whose numbers were projected.
  package var layer: String
  /// Test images on the first two principal components.
  package var points: [Point]
  /// Share of the variance that each component shows.
  package var explained: [Double]
  /// The right answers with the least confidence.
  package var leastSure: [ExampleFacts]
  /// The same images and every mistake, laid out by t-SNE: neighbours in the layer are neighbours here.
  package var neighborhood: [Point] = []
  /// From one test image to another in equal steps.
  package var path: [Step] = []
  /// The probabilities of the classes at both ends, at a hundred steps of the way.
  package var pathShares: [[Float]] = []
  /// The test images at the ends of the path.
  package var ends: [Int] = []
  /// The same images on the first two principal components of their pixels, before any network.
  package var pixelPoints: [Point] = []
  /// What is read on the plane through three images.
  package var slice: Slice?
  /// How sure it is of images that belong to none of its classes.
  package var strangers: [Stranger] = []
  /// How sure it is of the test images, counted over 20 equal bins.
  package var confidence: [Int] = []

  /// Answers on a grid over the plane a + s (b - a) + t (c - a).
  package struct Slice: Codable, Sendable {
    /// The images a, b and c.
    package var corners: [ExampleFacts]
    /// Points along each side.
    package var side: Int
    /// Where s and t begin and end; 0 and 1 are the images.
    package var range: [Float]
    /// The predicted classes, t by row and s by column.
    package var predicted: [Int]
    /// Their probabilities, in whole percent.
    package var confidence: [Int]
  }

  /// Images that the network was never meant to see.
  package struct Stranger: Codable, Sendable {
    /// What they are, such as `Fashion-MNIST`.
    package var name: String
    /// How many were shown.
    package var count: Int
    /// Their confidence, counted over 20 equal bins.
    package var confidence: [Int]
    /// How many were answered with more than 90 % confidence.
    package var sure: Int
    /// Some of them, with what was read.
    package var examples: [ExampleFacts]
  }

  /// One picture on the way.
  package struct Step: Codable, Sendable {
    /// Its pixels.
    package var pixels: Plane
    /// What is read.
    package var predicted: Int
    /// How surely.
    package var probability: Float
  }

  /// One test image.
  package struct Point: Codable, Sendable {
    /// Its place among the test images.
    package var image: Int
    /// First component.
    package var x: Float
    /// Second component.
    package var y: Float
    /// True class.
    package var label: Int
    /// Predicted class.
    package var predicted: Int

    init(image: Int, x: Float, y: Float, label: Int, predicted: Int) {
      (self.image, self.x, self.y) = (image, x, y)
      (self.label, self.predicted) = (label, predicted)
    }

    /// Reads `[image, x, y, label, predicted]`: there are thousands of them.
    ///
    /// - Throws: `DecodingError` if it is something else.
    package init(from decoder: any Decoder) throws {
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
    package func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(image)
      try list.encode(x)
      try list.encode(y)
      try list.encode(label)
      try list.encode(predicted)
    }
  }
}
