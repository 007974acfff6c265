/// What training was like in one epoch; the checkpoint's history is a list of these.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// A loss within the epoch.
  public struct LossSample: Codable, Hashable, Sendable {
    /// Mini-batches since training began.
    public var step: Int
    /// Mean cross-entropy of the mini-batches since the last sample.
    public var loss: Double

    /// A sample.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }

  /// How the network answered in the middle of the epoch.
  public struct HalfEpoch: Codable, Hashable, Sendable {
    /// Mean cross-entropy over the sample of training images; see `EpochRecord.evaluatedTrainLoss`.
    public var evaluatedTrainLoss: Double
    /// Share of that sample that is right.
    public var evaluatedTrainAccuracy: Double
    /// Mean cross-entropy over the validation images; `nil` without any.
    public var validationLoss: Double?
    /// Share of validation images that are right.
    public var validationAccuracy: Double?

    /// A record of half an epoch.
    public init(
      evaluatedTrainLoss: Double, evaluatedTrainAccuracy: Double, validationLoss: Double?,
      validationAccuracy: Double?
    ) {
      self.evaluatedTrainLoss = evaluatedTrainLoss
      self.evaluatedTrainAccuracy = evaluatedTrainAccuracy
      self.validationLoss = validationLoss
      self.validationAccuracy = validationAccuracy
    }

    private enum CodingKeys: String, CodingKey {
      case evaluatedTrainLoss = "evaluated_train_loss"
      case evaluatedTrainAccuracy = "evaluated_train_accuracy"
      case validationLoss = "validation_loss"
      case validationAccuracy = "validation_accuracy"
    }
  }

  /// 1 for the first.
  public var epoch: Int
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// Mean loss over the training images, as they were trained on (dropout active): the cross-entropy, or what else the run
  /// learns by.
  public var trainLoss: Double
  /// Share of training images that were right as they were trained on; `nil` where no answer is right or wrong.
  public var trainAccuracy: Double?
  /// Mean cross-entropy over a fixed sample of the training images after the epoch, as the network predicts (no
  /// dropout); `nil` in the histories of earlier versions.
  public var evaluatedTrainLoss: Double?
  /// Share of that sample that is right.
  public var evaluatedTrainAccuracy: Double?
  /// How many images that sample is.
  public var evaluatedTrainCount: Int?
  /// Mean cross-entropy over the validation images; `nil` without any.
  public var validationLoss: Double?
  /// Its standard error: how far chance in the choice of images moves it.
  public var validationLossError: Double?
  /// Share of validation images that are right.
  public var validationAccuracy: Double?
  /// How many validation images there are; `nil` in the histories of earlier versions.
  public var validationCount: Int?
  /// How the network answered in the middle of the epoch; `nil` for epochs of one step and in the histories of earlier versions.
  public var halfEpoch: HalfEpoch?
  /// Mean over the epoch's steps of the gradient's Euclidean norm.
  public var gradientNorm: Double
  /// For each ReLU layer, how many of its units (channels) were zero on every validation image.
  public var deadUnits: [String: Int]
  /// The loss along the way.
  public var losses: [LossSample]

  /// A record of one epoch.
  public init(
    epoch: Int, learningRate: Double, trainLoss: Double, trainAccuracy: Double?,
    evaluatedTrainLoss: Double? = nil, evaluatedTrainAccuracy: Double? = nil,
    evaluatedTrainCount: Int? = nil,
    validationLoss: Double?, validationLossError: Double? = nil, validationAccuracy: Double?,
    validationCount: Int? = nil, halfEpoch: HalfEpoch? = nil, gradientNorm: Double,
    deadUnits: [String: Int],
    losses: [LossSample]
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.evaluatedTrainLoss = evaluatedTrainLoss
    self.evaluatedTrainAccuracy = evaluatedTrainAccuracy
    self.evaluatedTrainCount = evaluatedTrainCount
    self.validationLoss = validationLoss
    self.validationLossError = validationLossError
    self.validationAccuracy = validationAccuracy
    self.validationCount = validationCount
    self.halfEpoch = halfEpoch
    self.gradientNorm = gradientNorm
    self.deadUnits = deadUnits
    self.losses = losses
  }

  /// Writes the JSON form; a value that does not exist is `null`.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(trainLoss, forKey: .trainLoss)
    try container.encode(trainAccuracy, forKey: .trainAccuracy)
    try container.encode(evaluatedTrainLoss, forKey: .evaluatedTrainLoss)
    try container.encode(evaluatedTrainAccuracy, forKey: .evaluatedTrainAccuracy)
    try container.encode(evaluatedTrainCount, forKey: .evaluatedTrainCount)
    try container.encode(validationLoss, forKey: .validationLoss)
    try container.encode(validationLossError, forKey: .validationLossError)
    try container.encode(validationAccuracy, forKey: .validationAccuracy)
    try container.encode(validationCount, forKey: .validationCount)
    try container.encode(halfEpoch, forKey: .halfEpoch)
    try container.encode(gradientNorm, forKey: .gradientNorm)
    try container.encode(deadUnits, forKey: .deadUnits)
    try container.encode(losses, forKey: .losses)
  }

  private enum CodingKeys: String, CodingKey {
    case epoch
    case learningRate = "learning_rate"
    case trainLoss = "train_loss"
    case trainAccuracy = "train_accuracy"
    case evaluatedTrainLoss = "evaluated_train_loss"
    case evaluatedTrainAccuracy = "evaluated_train_accuracy"
    case evaluatedTrainCount = "evaluated_train_count"
    case validationLoss = "validation_loss"
    case validationLossError = "validation_loss_error"
    case validationAccuracy = "validation_accuracy"
    case validationCount = "validation_count"
    case halfEpoch = "half_epoch"
    case gradientNorm = "gradient_norm"
    case deadUnits = "dead_units"
    case losses
  }
}
