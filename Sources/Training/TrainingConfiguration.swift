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
  /// Epochs without a better validation loss after which training stops and the best epoch is kept; `nil` for
  /// all epochs, of which the last is kept.
  public var patience: Int?
  /// What happens to each training image before the network sees it; `nil` for nothing.
  public var augmentation: Augmentation?
  /// Seed of shuffles, dropout and augmentation.
  public var seed: UInt64

  /// A run; the defaults are those of the command line.
  public init(
    epochs: Int = 5, batchSize: Int = 64, optimizer: Optimizer = .adam(weightDecay: 0),
    learningRate: Double = 0.001, schedule: LearningRateSchedule = .cosine,
    patience: Int? = nil, augmentation: Augmentation? = nil, seed: UInt64 = 1
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.patience = patience
    self.augmentation = augmentation
    self.seed = seed
  }
}
