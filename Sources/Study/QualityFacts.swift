public import Evaluation

/// How good the network is.
public struct QualityFacts: Codable, Sendable {
  /// Accuracy, confusion, per class.
  public var evaluation: EvaluationResult
  /// Accuracy in bands of confidence.
  package var bands: [Calibration.Band]
  /// The temperature that fits the validation images best.
  package var temperature: Double
  /// For every test image: true class, probability of it, and whether it is right; sorted by class, surest first.
  package var squares: [[Square]]
  /// The misread images behind each cell of the confusion matrix.
  package var cells: [Cell] = []
  /// How the errors lie in the order of the test images; `nil` without errors, and for a set that is ordered by class.
  package var crowd: Crowd?
  /// What checking the least sure answers by hand finds; `nil` in results of earlier versions.
  package var reviewSteps: [Calibration.Step]?

  /// The stretch of the test images whose share of errors differs most from the rest.
  package struct Crowd: Codable, Sendable {
    /// Its first image.
    package var first: Int
    /// How many images it has.
    package var count: Int
    /// How many errors.
    package var errors: Int
    /// Kuiper's test: how likely a stretch that differs at least as much is if errors fell anywhere.
    package var pValue: Double
  }

  /// Images of one class that were read as another.
  package struct Cell: Codable, Sendable {
    /// True class.
    package var actual: Int
    /// Predicted class.
    package var predicted: Int
    /// How many there are.
    package var count: Int
    /// The surest of them, at most 50, by their place among the test images.
    package var images: [Int]
    /// How sure the network was of each.
    package var confidence: [Float]
    /// Their pixels.
    package var pixels: [Plane]
    /// For the first of them what the network took each for; of the most frequent confusions only.
    package var lookAlikes: [LookAlike] = []
  }

  /// The correctly read image of a class that the network finds most like a misread one.
  package struct LookAlike: Codable, Sendable {
    /// Its place among the test images.
    package var index: Int
    /// Euclidean distance in the last hidden layer.
    package var distance: Float
    /// Its pixels.
    package var pixels: Plane
  }

  /// One test image in the masthead's figure.
  package struct Square: Codable, Sendable {
    /// Probability of the true class.
    package var probability: Float
    /// Whether the true class was predicted.
    package var isRight: Bool

    init(probability: Float, isRight: Bool) {
      self.probability = probability
      self.isRight = isRight
    }

    /// Reads `[probability, isRight]`: there are thousands of them.
    ///
    /// - Throws: `DecodingError` if it is something else.
    package init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      probability = try list.decode(Float.self)
      isRight = try list.decode(Int.self) == 1
    }

    /// Writes `[probability, isRight]`.
    ///
    /// - Throws: what the encoder throws.
    package func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(probability)
      try list.encode(isRight ? 1 : 0)
    }
  }
}
