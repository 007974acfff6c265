public import Attribution
public import Evaluation
public import Networks

/// Everything a report shows about one checkpoint: saved as JSON, read back and drawn again without
/// computing anything.
public struct StudyResults: Codable, Sendable {
  /// What was studied.
  public var model: ModelFacts
  /// What it learned from.
  public var data: DataFacts
  /// What an untrained network of the same shape says, and the trained one.
  public var untrained: UntrainedComparison
  /// One record an epoch.
  public var history: [EpochRecord]
  /// How good it is on the test images.
  public var quality: QualityFacts
  /// Its mistakes, the surest first; the first 200.
  public var mistakes: [ExampleFacts]
  /// What its first layer and its activations look like.
  public var features: FeatureFacts
  /// Why it answers as it does.
  public var explanations: ExplanationFacts
  /// Where it is unsure.
  public var doubt: DoubtFacts
  /// How it is fooled.
  public var robustness: RobustnessFacts
  /// The network for a page to run.
  public var live: LiveFacts?
  /// Other checkpoints on the same test images.
  public var comparisons: [ComparisonFacts]
  /// The network on its way from random to trained; `nil` if its epochs were not kept.
  public var timeLapse: TimeLapseFacts?
  /// The images that have a page of their own.
  public var cases: CaseFacts?
  /// Small experiments on the same data; `nil` if they were not run.
  public var experiments: Experiments?
  /// Training images whose labels are likely to be wrong; `nil` if they were not looked for.
  public var labelNoise: LabelNoiseFacts?
}

/// What was studied.
public struct ModelFacts: Codable, Sendable {
  /// A layer.
  public struct Layer: Codable, Sendable {
    /// Its name, such as `conv1`.
    public var name: String
    /// Its kind as specifications write it.
    public var type: String
    /// Dimensions of its output.
    public var outputShape: [Int]
    /// Learned numbers.
    public var parameters: Int
    /// Multiplications for one image.
    public var multiplications: Int
  }

  /// The checkpoint's name, without folder and ending.
  public var name: String
  /// The specification.
  public var specification: String
  /// `[C, H, W]`.
  public var inputShape: [Int]
  /// Class names.
  public var classes: [String]
  /// The layers, input first.
  public var layers: [Layer]
  /// Learned numbers.
  public var parameters: Int
  /// The run's seed.
  public var seed: UInt64
  /// How it was trained, as the checkpoint says.
  public var recipe: [String: String]
  /// SHA-256 of the checkpoint file, hexadecimal.
  public var sha256: String

  /// True if a layer drops units out while it learns.
  public var dropsOut: Bool { layers.contains { $0.type.hasPrefix("dropout") } }
}

/// What the network learned from.
public struct DataFacts: Codable, Sendable {
  /// The set's name.
  public var name: String
  /// Training images without the validation images.
  public var trainCount: Int
  /// Validation images.
  public var validationCount: Int
  /// Test images.
  public var testCount: Int
  /// Training images of each class.
  public var classCounts: [Int]
  /// Mean of the training pixels, one a channel.
  public var mean: [Float]
  /// Their standard deviation.
  public var standardDeviation: [Float]
  /// Mean training image of each class.
  public var meanImages: [Plane]
  /// Twelve training images of each class, chosen by the seed.
  public var samples: [[Plane]]
  /// How many training pixels have each of the 256 values.
  public var histogram: [Int]
  /// The test image that goes through chapters 1, 2 and 6.
  public var example: ExampleFacts
  /// What the training images are to the network; `nil` where there is none.
  public var origin: Origin?
  /// False if the files have the names of a published set and are not those.
  public var isPublished: Bool?

  /// What the training images of a set are to a network.
  public enum Origin: String, Codable, Sendable {
    /// Those that it learned from.
    case learned
    /// It learned from other images.
    case others
    /// Its file does not say what it learned from.
    case unknown
  }
}

/// One image and what the network says of it.
public struct ExampleFacts: Codable, Sendable {
  /// Position among the test images.
  public var index: Int
  /// True class.
  public var label: Int
  /// Predicted class.
  public var predicted: Int
  /// All classes' probabilities.
  public var probabilities: [Float]
  /// Its pixels.
  public var pixels: Plane

  /// Probability of the predicted class.
  public var confidence: Float { probabilities[predicted] }
}

/// The example's probabilities before and after training.
public struct UntrainedComparison: Codable, Sendable {
  /// Of a network with random weights.
  public var untrained: [Float]
  /// Of the checkpoint.
  public var trained: [Float]
  /// Accuracy of the random network on test images drawn at random.
  public var accuracy: Double
  /// How many images that are: 1,000, or all if there are fewer.
  public var count: Int
}

/// How good the network is.
public struct QualityFacts: Codable, Sendable {
  /// Accuracy, confusion, per class.
  public var evaluation: EvaluationResult
  /// Accuracy in bands of confidence.
  public var bands: [Calibration.Band]
  /// The temperature that fits the validation images best.
  public var temperature: Double
  /// For every test image: true class, probability of it, and whether it is right; sorted by class, surest first.
  public var squares: [[Square]]
  /// The misread images behind each cell of the confusion matrix.
  public var cells: [Cell] = []
  /// How the errors lie in the order of the test images; `nil` without errors, and for a set that is ordered by class.
  public var crowd: Crowd?

  /// The stretch of the test images whose share of errors differs most from the rest.
  public struct Crowd: Codable, Sendable {
    /// Its first image.
    public var first: Int
    /// How many images it has.
    public var count: Int
    /// How many errors.
    public var errors: Int
    /// Kuiper's test: how likely a stretch that differs at least as much is if errors fell anywhere.
    public var pValue: Double
  }

  /// Images of one class that were read as another.
  public struct Cell: Codable, Sendable {
    /// True class.
    public var actual: Int
    /// Predicted class.
    public var predicted: Int
    /// How many there are.
    public var count: Int
    /// The surest of them, at most 50, by their place among the test images.
    public var images: [Int]
    /// How sure the network was of each.
    public var confidence: [Float]
    /// Their pixels.
    public var pixels: [Plane]
    /// For the first of them what the network took each for; of the most frequent confusions only.
    public var lookAlikes: [LookAlike] = []
  }

  /// The correctly read image of a class that the network finds most like a misread one.
  public struct LookAlike: Codable, Sendable {
    /// Its place among the test images.
    public var index: Int
    /// Euclidean distance in the last hidden layer.
    public var distance: Float
    /// Its pixels.
    public var pixels: Plane
  }

  /// One test image in the masthead's figure.
  public struct Square: Codable, Sendable {
    /// Probability of the true class.
    public var probability: Float
    /// Whether the true class was predicted.
    public var isRight: Bool

    init(probability: Float, isRight: Bool) {
      self.probability = probability
      self.isRight = isRight
    }

    /// Reads `[probability, isRight]`: there are thousands of them.
    ///
    /// - Throws: `DecodingError` if it is something else.
    public init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      probability = try list.decode(Float.self)
      isRight = try list.decode(Int.self) == 1
    }

    /// Writes `[probability, isRight]`.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      try list.encode(probability)
      try list.encode(isRight ? 1 : 0)
    }
  }
}

/// What the network learned to look for.
public struct FeatureFacts: Codable, Sendable {
  /// Weights of the first layer that has any: `[filters, C, k, k]` of a convolution, or `[units, C, H, W]` of
  /// a linear layer on the pixels.
  public var weights: Plane
  /// The same before training.
  public var untrainedWeights: Plane
  /// The layer's name.
  public var layer: String
  /// How many filters or units the layer has; of templates only the first 32 are kept.
  public var units: Int
  /// True if the weights are templates as large as the image.
  public var areTemplates: Bool
  /// The example's activations after each layer worth drawing.
  public var activations: [Activation]
  /// Pictures that excite each class most, found by gradient ascent; none if they were not made.
  public var ideals: [Plane] = []
  /// What the channels of a deeper layer answer to.
  public var channels: ChannelFacts?

  /// The most class-selective channels of a layer.
  public struct ChannelFacts: Codable, Sendable {
    /// The layer.
    public var layer: String
    /// True for the units of a flat layer, which see the whole image.
    public var areUnits: Bool
    /// Its channels or units.
    public var count: Int
    /// Channels that never change.
    public var dead: Int
    /// Pairs of channels that go together, correlation above 0.95; `nil` if there were too many to compare.
    public var duplicates: Int?
    /// Directions that the channels use.
    public var effectiveRank: Double?
    /// Test images looked at.
    public var images: Int
    /// The most selective channels, the most selective first.
    public var channels: [Channel]
    /// All channels in their order, of very many the first.
    public var all: [Channel] = []
  }

  /// One channel.
  public struct Channel: Codable, Sendable {
    /// Its number.
    public var index: Int
    /// The class it answers to most.
    public var favorite: Int
    /// (m - m') / (m + m') of the mean answers to that class and to the others, from 0 to 1.
    public var selectivity: Double
    /// The patches it answers to most strongly, the strongest first; none but for the most selective channels.
    public var patches: [Plane]
    /// Its mean value on the images of each class.
    public var classMeans: [Double] = []
    /// What excites one place of it most, found by gradient ascent, as large as what the place sees.
    public var ideal: Plane?
  }

  /// One layer's activation.
  public struct Activation: Codable, Sendable {
    /// The layer.
    public var layer: String
    /// `[C, H, W]` or `[N]`.
    public var values: Plane
  }
}

/// Why the network answers as it does.
public struct ExplanationFacts: Codable, Sendable {
  /// The methods, in the order of the maps.
  public var methods: [Method]
  /// Three sure and right, one in doubt, two wrong where there are such.
  public var rows: [Row]
  /// Mean absolute convergence delta of integrated gradients over the rows, in logits.
  public var convergenceDelta: Double
  /// Mean rank correlation of the maps' strengths with those of random networks, over the pixels that are not blank,
  /// for each method.
  public var similarityToUntrained: [Estimate]
  /// The same over all pixels, for one random network.
  public var similarityOverAllPixels: [Estimate] = []
  /// How alike the methods' maps are; `nil` if there are no two that say anything of one image.
  public var agreement: Agreement?
  /// How far each method, and maps that know nothing of the network, can be trusted.
  public var cards: [Card] = []
  /// Test images that deletion and insertion rest on.
  public var judged = 0
  /// Test images that the comparison with other networks rests on.
  public var checked = 0

  /// A method's measures: means over the images with their 95 % intervals.
  public struct Card: Codable, Sendable {
    /// The method or the control.
    public var name: String
    /// True for a map that knows nothing of the network.
    public var isControl: Bool
    /// Area under the probability while the strongest pixels are blanked first: small is good.
    public var deletion: Estimate
    /// That probability itself, from the whole image to the blank one in equal steps.
    public var deletionCurve: [Double] = []
    /// Area under the probability while they are put in first: large is good.
    public var insertion: Estimate
    /// True if the map stays nearly the same without what was learned.
    public var failsSanityCheck: Bool
    /// Mean rank correlation with the maps of random networks where the image is not blank; `nil` for controls, which
    /// know no network.
    public var similarityToUntrained: Estimate?
    /// Mean rank correlation with the maps of a network that learned random labels; `nil` if there was none.
    public var similarityToRandomLabels: Estimate?
  }

  /// A method.
  public struct Method: Codable, Sendable {
    /// Its name.
    public var name: String
    /// What its map shows.
    public var summary: String
  }

  /// One image explained.
  public struct Row: Codable, Sendable {
    /// The image.
    public var example: ExampleFacts
    /// One signed map a method, `[C, H, W]`.
    public var maps: [Plane]
    /// The same from an untrained network.
    public var untrainedMaps: [Plane]
  }
}

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

/// How the network is fooled.
public struct RobustnessFacts: Codable, Sendable {
  /// Test images attacked, drawn at random.
  public var count: Int
  /// Gradient steps of PGD.
  public var steps = 20
  /// The accuracies against the size of the change, one curve a method.
  public var curves: [Curve]
  /// Images before and after.
  public var examples: [Example]
  /// For each image the smallest size tried at which PGD fooled it: 0 if it was misread before, `nil` if it held.
  public var smallest: [Double?] = []

  /// One method's curve.
  public struct Curve: Codable, Sendable {
    /// `noise`, `fgsm`, `pgd`.
    public var method: String
    /// Its points.
    public var points: [Point]
  }

  /// Accuracy at one size.
  public struct Point: Codable, Sendable {
    /// Largest change of a pixel.
    public var epsilon: Double
    /// Share still right.
    public var accuracy: Double
    /// Its 95 % Wilson interval.
    public var interval: Interval
    /// Share still right after rounding to 8 bits.
    public var accuracy8bit: Double
  }

  /// One image fooled with the smallest size tried that did it.
  public struct Example: Codable, Sendable {
    /// The image before.
    public var before: ExampleFacts
    /// The image after.
    public var adversarial: Plane
    /// Size of the ball.
    public var epsilon: Double
    /// Predicted class after.
    public var predicted: Int
    /// Probabilities after.
    public var probabilities: [Float]
  }
}
