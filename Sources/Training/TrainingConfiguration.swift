public import Attacks
public import Augmentation

/// Everything that decides a training run besides network and data.
public struct TrainingConfiguration: Sendable, Equatable {
  /// Passes over the training images.
  public var epochs: Int
  /// Images to a step.
  public var batchSize: Int
  /// How gradients become steps.
  public var optimizer: Optimizer
  /// The learning rate, or its peak.
  public var learningRate: Double
  /// How the learning rate moves.
  public var schedule: LearningRateSchedule
  /// Learning rates to go through in place of the schedule's, for a range test.
  package var rateRange: RateRange?
  /// Epochs without a better validation loss after which training stops and the best epoch is kept; `nil` for
  /// all epochs, of which the last is kept.
  public var patience: Int?
  /// What is learned of each image.
  public var lesson: Lesson
  /// What the label gives away to all classes together, in 0..<1.
  public var labelSmoothing: Float
  /// The Euclidean norm to which longer gradients are cut; `nil` for any length.
  public var clipNorm: Double?
  /// True to go on from slow weights every few steps: see `Lookahead`.
  public var looksAhead: Bool
  /// The mean of the weights that is kept in their place; `nil` for the weights themselves.
  public var average: WeightAverage?
  /// Factors on the learning rate of layers, or of tensors such as `conv1.weight`, by name; 0 freezes them.
  public var rateFactors: [String: Float]
  /// Factors on the weight decay, by the same names.
  public var decayFactors: [String: Float]
  /// What happens to each training image before the network sees it; `nil` for nothing.
  public var augmentation: Augmentation?
  /// What changes each mini-batch so that the network becomes harder to fool; `nil` to learn from clean images.
  public var adversary: InnerAttack?
  /// Seed of shuffles, dropout and augmentation.
  public var seed: UInt64

  /// A run; the defaults are those of the command line.
  public init(
    epochs: Int = 5, batchSize: Int = 64, optimizer: Optimizer = .adam(weightDecay: 0),
    learningRate: Double = 0.001, schedule: LearningRateSchedule = .cosine,
    patience: Int? = nil, lesson: Lesson = .classes, labelSmoothing: Float = 0,
    clipNorm: Double? = nil, looksAhead: Bool = false, average: WeightAverage? = nil,
    rateFactors: [String: Float] = [:], decayFactors: [String: Float] = [:],
    augmentation: Augmentation? = nil,
    adversary: InnerAttack? = nil, seed: UInt64 = 1
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.patience = patience
    self.lesson = lesson
    self.labelSmoothing = labelSmoothing
    self.clipNorm = clipNorm
    self.looksAhead = looksAhead
    self.average = average
    self.rateFactors = rateFactors
    self.decayFactors = decayFactors
    self.augmentation = augmentation
    self.adversary = adversary
    self.seed = seed
  }

  /// Images that pass through the network for each image of a mini-batch.
  package var imagesPerImage: Int { adversary?.imagesPerImage ?? 1 }

  /// What a network can learn of images.
  public enum Lesson: Sendable, Hashable {
    /// Their classes, by the cross-entropy.
    case classes
    /// Their pixels, by the mean squared error: the network ends in as many numbers as an image has.
    case pixels
  }
}

/// Lookahead around an optimizer: every few steps the slow weights go half of the way that the fast ones have gone, and
/// the fast ones go on from there. A run that ends between ends with the fast ones.
///
/// Reference: Zhang et al., Lookahead Optimizer: k Steps Forward, 1 Step Back (2019), with its k and α.
enum Lookahead {
  /// Steps forward.
  static let steps = 5
  /// The share of the way.
  static let share: Float = 0.5
}
