package import Evaluation
public import Experiments
public import Networks
package import Training

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
  /// Its mistakes, the surest first; the first 100.
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
  /// Why there is none; `nil` if there is one, and in results of earlier versions.
  package var liveAbsence: LiveFacts.Absence?
  /// Other checkpoints on the same test images.
  public var comparisons: [ComparisonFacts]
  /// The network on its way from random to trained; `nil` if its epochs were not kept.
  public var timeLapse: TimeLapseFacts?
  /// The images that have a page of their own.
  public var cases: CaseFacts?
  /// Small experiments on the same data; `nil` if they were not run.
  public var experiments: CourseExperiments?
  /// What a sweep on the same images found; `nil` if none was given.
  package var sweep: SweepFindings?
  /// Training images whose labels are likely to be wrong; `nil` if they were not looked for.
  public var labelNoise: LabelNoiseFacts?
  /// What the members of an ensemble gain together; `nil` for a single network.
  package var ensemble: EnsembleFacts?
  /// What the run's augmentation does; `nil` for a run without.
  public var augmentation: AugmentationFacts?
  /// One number inside the network, worked out; `nil` in results of earlier versions, and where there is none.
  package var worked: WorkedNumber?
  /// What decided between two classes; `nil` in results of earlier versions, and where the last layer is not linear.
  package var ledger: LedgerFacts?
  /// How a recurrent network reads row by row; `nil` for other networks.
  package var recurrence: RecurrenceFacts?
  /// Where a transformer's places look; `nil` for other networks.
  package var attention: AttentionFacts?
  /// Images on which a page trains a small network; `nil` for a checkpoint without a history, and in the results of earlier
  /// versions.
  public var practice: PracticeFacts?
  /// The loss over one weight, and gradient descent in it; `nil` for a checkpoint without a history, where there is no
  /// such valley, and in results of earlier versions.
  package var descent: DescentFacts?
  /// The loss's gradient on its way back; `nil` for a checkpoint without a history, a network that does not end in a linear
  /// layer behind another layer, and in results of earlier versions.
  package var blame: BlameFacts?
  /// What changed from the one network that it is compared with; `nil` where the report does not begin with it.
  package var change: ChangeFacts?
  /// An earlier report that this one is held against; `nil` without one.
  package var baseline: ReportSummary?
  /// How much was computed; `nil` where it has no name, and in results of earlier versions.
  public var extent: Study.Extent.Preset?
  /// Misread images to repair in the page; `nil` without any, and in results of earlier versions.
  package var repair: RepairFacts?
  /// Networks of other kinds on the same images, each with a report of its own; `nil` where none was trained.
  package var further: [FurtherNetwork]?
}

/// What was studied.
public struct ModelFacts: Codable, Sendable {
  /// What a layer does.
  package enum Role: String, Codable, Sendable {
    /// Weighted sums, the same at every place.
    case convolution
    /// Weighted sums of everything.
    case linear
    /// max(x, 0).
    case rectifier
    /// Another function of each number.
    case activation
    /// The largest number or the mean of many.
    case pooling
    /// Numbers brought to one mean and variance.
    case normalization
    /// The same numbers in another order, or each several times.
    case reshape
    /// Some of the numbers.
    case selection
    /// Learned numbers, the same for every image.
    case constants
    /// What is remembered or looked up from place to place of a sequence.
    case memory
    /// Something random in training.
    case noise
    /// The numbers of branches added.
    case sum
    /// The numbers of branches, one behind the other.
    case concatenation
    /// The mean of branches' probabilities.
    case mixture

    init(_ entry: Architecture.Entry) {
      self =
        switch entry.layer.family {
        case .affine: entry.isConvolution ? .convolution : .linear
        case .activation(.rectifier): .rectifier
        case .activation: .activation
        case .pooling: .pooling
        case .normalization: .normalization
        case .reshape: .reshape
        case .selection: .selection
        case .constants: .constants
        case .memory: .memory
        case .noise: .noise
        case .joint(.sum): .sum
        case .joint(.concatenation): .concatenation
        case .joint(.mixture): .mixture
        }
    }
  }

  /// A layer.
  package struct Layer: Codable, Sendable {
    /// Its name, such as `conv1`.
    package var name: String
    /// Its kind as specifications write it.
    package var type: String
    /// What a person calls it.
    package var noun: String
    /// What it does.
    package var role: Role
    /// The values that it reads: 0 is the image, i + 1 what layer i hands on.
    package var inputs: [Int]
    /// Dimensions of its output.
    package var outputShape: [Int]
    /// Learned numbers.
    package var parameters: Int
    /// True if a number is added to each of its sums.
    package var hasBias: Bool
    /// Multiplications for one image.
    package var multiplications: Int
  }

  /// The checkpoint's name, without folder and ending.
  package var name: String
  /// The specification.
  package var specification: String
  /// `[C, H, W]`.
  package var inputShape: [Int]
  /// Class names.
  package var classes: [String]
  /// The layers, input first.
  package var layers: [Layer]
  /// Learned numbers.
  package var parameters: Int
  /// The run's seed.
  package var seed: UInt64
  /// The run that made it; `nil` if the checkpoint does not say.
  package var run: RunConfiguration?
  /// SHA-256 of the checkpoint file, hexadecimal.
  package var sha256: String
  /// The file, if Inkling did not write it.
  package var foreign: ForeignFile?

  /// True if a layer is random while the network learns.
  package var dropsOut: Bool { layers.contains { $0.role == .noise } }
  /// True if a layer has feature maps of weights that are the same everywhere.
  package var isConvolutional: Bool { layers.contains { $0.role == .convolution } }
  /// True if every layer reads the one before it alone.
  package var isChain: Bool { layers.allSatisfy { $0.inputs.count == 1 } }
  /// The layers as the network's text nests them.
  package var outline: LayerOutline { LayerOutline(inputs: layers.map(\.inputs)) }
}

/// A file with a network that Inkling did not train.
package struct ForeignFile: Codable, Sendable {
  /// Its name, without folder.
  package var name: String
  /// The options with which it is read, each a word of the command line.
  package var options: [String]

  /// A file with its options.
  package init(name: String, options: [String]) {
    self.name = name
    self.options = options
  }
}

/// What the network learned from.
public struct DataFacts: Codable, Sendable {
  /// The set's name.
  package var name: String
  /// Training images without the validation images.
  package var trainCount: Int
  /// Validation images.
  package var validationCount: Int
  /// Test images.
  package var testCount: Int
  /// Training images of each class.
  package var classCounts: [Int]
  /// Mean of the training pixels, one a channel.
  package var mean: [Float]
  /// Their standard deviation.
  package var standardDeviation: [Float]
  /// Mean training image of each class.
  package var meanImages: [Plane]
  /// Twelve training images of each class, chosen by the seed.
  package var samples: [[Plane]]
  /// How many training pixels have each of the 256 values.
  package var histogram: [Int]
  /// The test image that is followed through the network.
  package var example: ExampleFacts
  /// What the training images are to the network; `nil` where there is none.
  package var origin: Origin?
  /// False if the files have the names of a published set and are not those.
  package var isPublished: Bool?
  /// What tells the images of each part from others; `nil` in results of earlier versions.
  package var fingerprints: Fingerprints?

  /// Hashes of images with their labels, in their order.
  package struct Fingerprints: Codable, Equatable, Sendable {
    /// Of the training images.
    package var train: String
    /// Of the validation images.
    package var validation: String
    /// Of the test images.
    package var test: String
  }

  /// What the training images of a set are to a network.
  package enum Origin: String, Codable, Sendable {
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
  package var index: Int
  /// True class.
  package var label: Int
  /// Predicted class.
  package var predicted: Int
  /// All classes' probabilities.
  package var probabilities: [Float]
  /// Its pixels.
  package var pixels: Plane

  /// Probability of the predicted class.
  package var confidence: Float { probabilities[predicted] }
}

/// The example's probabilities before and after training.
public struct UntrainedComparison: Codable, Sendable {
  /// Of a network with random weights.
  package var untrained: [Float]
  /// Of the checkpoint.
  package var trained: [Float]
  /// Accuracy of the random network on test images drawn at random.
  package var accuracy: Double
  /// How many images that are: 1,000, or all if there are fewer.
  package var count: Int
}

/// What the network learned to look for.
public struct FeatureFacts: Codable, Sendable {
  /// Weights of the first layer that has any: `[filters, C, k, k]` of a convolution, or `[units, C, H, W]` of
  /// a linear layer on the pixels.
  package var weights: Plane
  /// Those of the same architecture with random weights.
  package var untrainedWeights: Plane
  /// True if training began with these; `nil` in results of earlier versions.
  package var untrainedIsStart: Bool?
  /// The layer's name.
  package var layer: String
  /// How many filters or units the layer has; of templates only the first 32 are kept.
  package var units: Int
  /// True if the weights are templates as large as the image.
  package var areTemplates: Bool
  /// The example's activations after each layer worth drawing.
  package var activations: [Activation]
  /// Pictures that excite each class most, found by gradient ascent; none if they were not made.
  package var ideals: [Plane] = []
  /// What the channels of a deeper layer answer to.
  package var channels: ChannelFacts?

  /// The most class-selective channels of a layer.
  package struct ChannelFacts: Codable, Sendable {
    /// The layer.
    package var layer: String
    /// True for the units of a flat layer, which see the whole image.
    package var areUnits: Bool
    /// Its channels or units.
    package var count: Int
    /// Channels that never change.
    package var dead: Int
    /// Pairs of channels that go together, correlation above 0.95; `nil` if there were too many to compare.
    package var duplicates: Int?
    /// Directions that the channels use.
    package var effectiveRank: Double?
    /// Test images looked at.
    package var images: Int
    /// The most selective channels, the most selective first.
    package var channels: [Channel]
    /// All channels in their order, of very many the first.
    package var all: [Channel] = []
  }

  /// One channel.
  package struct Channel: Codable, Sendable {
    /// Its number.
    package var index: Int
    /// The class it answers to most.
    package var favorite: Int
    /// (m - m') / (m + m') of the mean answers to that class and to the others, from 0 to 1.
    package var selectivity: Double
    /// The patches it answers to most strongly, the strongest first; none but for the most selective channels.
    package var patches: [Plane]
    /// Its mean value on the images of each class.
    package var classMeans: [Double] = []
    /// What excites one place of it most, found by gradient ascent, as large as what the place sees.
    package var ideal: Plane?
  }

  /// One layer's activation.
  package struct Activation: Codable, Sendable {
    /// The layer.
    package var layer: String
    /// `[C, H, W]` or `[N]`.
    package var values: Plane
  }
}

/// How the network is fooled.
public struct RobustnessFacts: Codable, Sendable {
  /// Test images attacked, drawn at random.
  package var count: Int
  /// Gradient steps of PGD.
  package var steps = 20
  /// The accuracies against the size of the change, one curve a method.
  package var curves: [Curve]
  /// Images before and after.
  package var examples: [Example]
  /// For each image the smallest size tried at which PGD fooled it: 0 if it was misread before, `nil` if it held.
  package var smallest: [Double?] = []

  /// How images are changed.
  package enum Method: String, Codable, CaseIterable, Sendable {
    /// Uniform noise.
    case noise
    /// One step of the gradient's sign.
    case fgsm
    /// Many steps.
    case pgd
  }

  /// One method's curve.
  package struct Curve: Codable, Sendable {
    /// How the images are changed.
    package var method: Method
    /// Its points.
    package var points: [Point]
  }

  /// Accuracy at one size.
  package struct Point: Codable, Sendable {
    /// Largest change of a pixel.
    package var epsilon: Double
    /// Share still right.
    package var accuracy: Double
    /// Its 95 % Wilson interval.
    package var interval: Interval
    /// Share still right after rounding to 8 bits.
    package var accuracy8bit: Double
  }

  /// One image fooled with the smallest size tried that did it.
  package struct Example: Codable, Sendable {
    /// The image before.
    package var before: ExampleFacts
    /// The image after.
    package var adversarial: Plane
    /// Size of the ball.
    package var epsilon: Double
    /// Predicted class after.
    package var predicted: Int
    /// Probabilities after.
    package var probabilities: [Float]
  }
}
