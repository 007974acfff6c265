/// How a network learns to draw pictures.
public enum GeneratorKind: String, Codable, CaseIterable, Sendable {
  /// A variational autoencoder: pictures become a few numbers and pictures again.
  ///
  /// Reference: Kingma and Welling, Auto-Encoding Variational Bayes (2014).
  case vae
  /// A generative adversarial network: a critic learns to tell drawn pictures from real ones, a generator to deceive it.
  ///
  /// Reference: Goodfellow et al., Generative Adversarial Nets (2014).
  case gan
  /// Flow matching: the velocity is learned that leads from noise to a picture along a straight line.
  ///
  /// Reference: Lipman et al., Flow Matching for Generative Modeling (2023).
  case flow

  /// What a person calls it.
  public var noun: String {
    switch self {
    case .vae: "variational autoencoder"
    case .gan: "generative adversarial network"
    case .flow: "flow-matching network"
    }
  }
}

/// What training a generator was like in one epoch; its checkpoint's history is a list of these.
public struct GeneratorEpoch: Codable, Hashable, Sendable {
  /// A loss by its name, lower for better.
  public struct Loss: Codable, Hashable, Sendable {
    /// Such as `bound`.
    public var name: String
    /// Its mean over the images.
    public var value: Double
    /// The standard error of the mean; `nil` where images were not looked at one by one.
    public var error: Double?

    /// A loss.
    public init(name: String, value: Double, error: Double? = nil) {
      self.name = name
      self.value = value
      self.error = error
    }
  }

  /// Losses within the epoch, in the order of `losses`.
  public struct Sample: Codable, Hashable, Sendable {
    /// Mini-batches since training began.
    public var step: Int
    /// Means over the images since the last sample.
    public var values: [Double]

    /// A sample.
    public init(step: Int, values: [Double]) {
      self.step = step
      self.values = values
    }
  }

  /// 1 for the first.
  public var epoch: Int
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// Means over the training images, as they were trained on.
  public var losses: [Loss]
  /// Means over the validation images, by the network that would be kept; empty without any.
  public var validation: [Loss]
  /// How many validation images there are.
  public var validationCount: Int
  /// The losses along the way.
  public var samples: [Sample]

  /// A record of one epoch.
  public init(
    epoch: Int, learningRate: Double, losses: [Loss], validation: [Loss], validationCount: Int,
    samples: [Sample]
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.losses = losses
    self.validation = validation
    self.validationCount = validationCount
    self.samples = samples
  }

  /// True if epochs have the same losses, and as many numbers in their samples.
  package static func areAlike(_ epochs: [GeneratorEpoch]) -> Bool {
    epochs.allSatisfy { epoch in
      epoch.losses.map(\.name) == epochs[0].losses.map(\.name)
        && epoch.validation.map(\.name) == epochs[0].validation.map(\.name)
        && epoch.samples.allSatisfy { $0.values.count == epoch.losses.count }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case epoch, losses, validation, samples
    case learningRate = "learning_rate"
    case validationCount = "validation_count"
  }
}
