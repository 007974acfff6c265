public import Attacks
public import Augmentation
public import Datasets
public import Networks

/// Everything that decides a training run: with the same images and the same program it ends in the same bytes.
///
/// The command line makes it, the checkpoint carries it as `run`, a resumed run must have the same, and the report
/// prints the command from it. What a file leaves out has its usual value.
public struct RunConfiguration: Codable, Hashable, Sendable {
  /// A preset's name or a specification's text.
  public var model = "mlp"
  /// How it learns to draw pictures; `nil` for a classifier.
  public var generator: GeneratorKind?
  /// Numbers that a picture is drawn from, with `vae` and `gan`; as many as usual if `nil`.
  public var latents: Int?
  /// The network that judges what is drawn, with `gan`: a specification's text.
  public var critic: String?
  /// The data set: a known name or a folder; `nil` for whichever is found.
  public var dataset: String?
  /// Training digits of the set `drawn`.
  public var drawnCount: Int?
  /// Height and width that a folder's pictures are brought to; their own if `nil`.
  public var imageSize: [Int]?
  /// How images are divided.
  public var splitScheme = Split.Scheme.standard
  /// Share of the training images held out, in 0..<1.
  public var validation = Self.usualValidation
  /// Training images that are learned from, the first ones; all if `nil`.
  public var trainingImages: Int?
  /// Training images of each class that are learned from, drawn by the seed; all if `nil`.
  public var examples: Int?
  /// True to learn shuffled labels by heart, as a control.
  public var randomLabels = false
  /// What happens to each training image before the network sees it: a text, or a preset's name; `nil` for nothing.
  public var augment: String?
  /// How gradients become steps.
  public var optimizer = Optimizer.Kind.adam
  /// Momentum of `sgd`, in 0..<1.
  public var momentum = 0.9
  /// True for Nesterov's momentum, with `sgd`.
  public var nesterov = false
  /// Weight decay, in 0..<1.
  public var weightDecay = 0.0
  /// The learning rate or its peak; the optimizer's usual one if `nil`.
  public var learningRate: Double?
  /// How the learning rate moves.
  public var schedule = LearningRateSchedule.cosine
  /// What the label gives away to all classes together, in 0..<1.
  public var labelSmoothing: Float = 0
  /// The Euclidean norm to which longer gradients are cut; `nil` for any length.
  public var clipNorm: Double?
  /// True for Lookahead around the optimizer.
  public var lookahead = false
  /// The mean of the weights that is kept in their place.
  public var average: WeightAverage?
  /// The trained network that it begins with; random weights if `nil`.
  public var from: Origin?
  /// Factor on the learning rate for each layer of weights further from the output, in 0...1.
  public var layerDecay: Double?
  /// Layers that stay as they are, by name, or tensors such as `conv1.weight`, or `all-but-head`.
  public var freeze: [String] = []
  /// Factors on the learning rate of layers, or of tensors such as `conv1.weight`, by name.
  public var rateFactors: [String: Float] = [:]
  /// Factors on the weight decay of layers or tensors, by name.
  public var decayFactors: [String: Float] = [:]
  /// Images to a step.
  public var batchSize = 64
  /// Passes over the training images; as many as usual for what is learned if `nil`.
  public var epochs: Int?
  /// Epochs without a better validation loss after which it stops.
  public var earlyStopping: Int?
  /// The attack that changes every mini-batch, or `trades`.
  public var adversarial: String?
  /// Largest change of a pixel; the attack's own if `nil`.
  public var adversarialEpsilon: Float?
  /// Gradient steps of the attack.
  public var adversarialSteps = 5
  /// Weight of the changed images' divergence with `trades`. Half of what Zhang et al. took for MNIST: 98.2 % right
  /// instead of 97.9 %, and 93.8 % under PGD.
  public var tradesBeta: Float = 3
  /// Seed of everything that is random.
  public var seed: UInt64 = 1
  /// Networks that are trained, from this seed and those that follow, and averaged; a single one if `nil`.
  public var ensemble: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, generator, latents, critic, dataset, augment, examples, from, validation, optimizer,
      momentum, nesterov,
      schedule, lookahead,
      average, freeze, epochs, adversarial, seed, ensemble
    case labelSmoothing = "label_smoothing"
    case clipNorm = "clip_norm"
    case layerDecay = "layer_decay"
    case rateFactors = "rate_factors"
    case decayFactors = "decay_factors"
    case drawnCount = "drawn_count"
    case imageSize = "image_size"
    case splitScheme = "split_scheme"
    case trainingImages = "training_images"
    case randomLabels = "random_labels"
    case weightDecay = "weight_decay"
    case learningRate = "learning_rate"
    case batchSize = "batch_size"
    case earlyStopping = "early_stopping"
    case adversarialEpsilon = "adversarial_epsilon"
    case adversarialSteps = "adversarial_steps"
    case tradesBeta = "trades_beta"
  }

  /// A trained network that another begins with.
  public struct Origin: Codable, Hashable, Sendable {
    /// Its file's name, without folder.
    public var name: String
    /// SHA-256 of the file, hexadecimal.
    public var sha256: String

    /// A file.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    /// Equal by what is in the file, whatever it is called.
    public static func == (a: Self, b: Self) -> Bool { a.sha256 == b.sha256 }
    /// Mixes what equality compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
  }

  /// The share held out unless another is asked for.
  public static let usualValidation = 1.0 / 12

  /// The usual run.
  public init() {}

  /// True if training began with the random weights of the seed: with no other network's, and as one run.
  public var startsAtRandom: Bool { from == nil && ensemble == nil }

  /// The learning rate or its peak.
  public var peakRate: Double { learningRate ?? optimizer.usualRate }

  /// Passes over the training images. Adversarial training sees other images each time and needs more; a few images
  /// more still to be learned by heart.
  public var passes: Int {
    epochs
      ?? (randomLabels
        ? Self.passesByHeart : examples.map(Self.passes) ?? (adversarial == nil ? 5 : 10))
  }

  /// About as many steps over a few examples of each class as help, and not fewer passes than over many.
  private static func passes(examples: Int) -> Int { min(40, max(5, 400 / examples)) }

  /// About as much work as four over all images of MNIST.
  private static let passesByHeart = 120

  /// What the trainer goes by.
  public var training: TrainingConfiguration {
    TrainingConfiguration(
      epochs: passes, batchSize: batchSize,
      optimizer: Optimizer(
        optimizer, momentum: momentum, weightDecay: weightDecay, isNesterov: nesterov),
      learningRate: peakRate, schedule: schedule, patience: earlyStopping,
      labelSmoothing: labelSmoothing, clipNorm: clipNorm, looksAhead: lookahead, average: average,
      rateFactors: rateFactors.merging(freeze.map { ($0, 0) }) { _, frozen in frozen },
      decayFactors: decayFactors, augmentation: augmentation, adversary: innerAttack, seed: seed)
  }

  /// What happens to each training image; `nil` for nothing. `check` finds a text that is none.
  public var augmentation: Augmentation? { augment.flatMap { try? Augmentation(text: $0) } }

  /// What changes every mini-batch; `nil` for nothing. `check` finds a name that is no attack's.
  public var innerAttack: InnerAttack? {
    adversarial.flatMap { InnerAttack.Kind($0, beta: tradesBeta) }.map {
      InnerAttack(
        $0, epsilon: adversarialEpsilon ?? $0.defaultEpsilon, steps: adversarialSteps, seed: seed)
    }
  }

  /// The same run with every value that is left to what is usual written out.
  public var resolved: RunConfiguration {
    var run = self
    (run.learningRate, run.epochs) = (peakRate, passes)
    run.augment = augmentation?.description
    run.adversarialEpsilon = innerAttack?.epsilon
    return run
  }

  /// Checks every range.
  ///
  /// - Throws: `RunConfigurationError` with the first field that is out of its range.
  public func check() throws(RunConfigurationError) {
    func require(
      _ condition: Bool, _ field: String, _ range: String
    ) throws(RunConfigurationError) {
      if !condition { throw RunConfigurationError(field: field, "must be \(range)") }
    }
    try require((0..<1).contains(validation), "validation", "at least 0 and below 1")
    try require(
      drawnCount.map(Self.drawnCounts.contains) ?? true, "drawn-count", "from 10 to 1,000,000")
    try require(
      imageSize.map { $0.count == 2 && $0.allSatisfy((4...1024).contains) } ?? true, "image-size",
      "height and width, each from 4 to 1,024")
    try require(trainingImages.map { $0 > 0 } ?? true, "training-images", "at least 1")
    try require(examples.map { $0 > 0 } ?? true, "examples", "at least 1")
    if examples != nil, trainingImages != nil || randomLabels {
      throw RunConfigurationError(
        field: "examples", "goes neither with training-images nor with random labels")
    }
    try require(
      layerDecay.map { $0 > 0 && $0 <= 1 } ?? true, "layer-decay", "above 0 and at most 1")
    if let augment {
      do {
        _ = try Augmentation(text: augment)
      } catch {
        throw RunConfigurationError(field: "augment", "is wrong: \(error)")
      }
    }
    if adversarial != nil, augmentation?.mixes == true {
      throw RunConfigurationError(
        field: "augment", "cannot mix images that are attacked: leave mixup and cutmix out")
    }
    try require((1...100_000).contains(passes), "epochs", "from 1 to 100,000")
    try require((1...65_536).contains(batchSize), "batch-size", "from 1 to 65,536")
    try require(
      peakRate > 0 && peakRate <= 1000, "learning-rate", "above 0 and at most 1000")
    try require((0..<1).contains(momentum), "momentum", "at least 0 and below 1")
    try require((0..<1).contains(weightDecay), "weight-decay", "at least 0 and below 1")
    if nesterov, optimizer != .sgd || momentum == 0 {
      throw RunConfigurationError(field: "nesterov", "goes with sgd and momentum")
    }
    try require((0..<1).contains(labelSmoothing), "label-smoothing", "at least 0 and below 1")
    if labelSmoothing > 0, adversarial == InnerAttack.trades {
      throw RunConfigurationError(
        field: "label-smoothing", "does not go with trades, which has targets of its own")
    }
    try require(clipNorm.map { $0 > 0 && $0.isFinite } ?? true, "clip-norm", "a number above 0")
    try require(
      rateFactors.values.allSatisfy { (0...1000).contains($0) }, "rate-factors",
      "names with factors from 0 to 1,000, as in conv1=0.1,linear2=2")
    try require(
      decayFactors.values.allSatisfy { (0...1000).contains($0) }, "decay-factors",
      "names with factors from 0 to 1,000, as in conv1=0.1,norm1.bias=0")
    try require(earlyStopping.map { $0 >= 1 } ?? true, "early-stopping", "at least 1")
    try require(
      adversarialEpsilon.map { $0 >= 0 && $0.isFinite } ?? true, "adversarial-epsilon",
      "0 or more")
    if adversarial == nil, adversarialEpsilon != nil {
      throw RunConfigurationError(field: "adversarial-epsilon", "goes with adversarial")
    }
    if let adversarial, innerAttack == nil {
      throw RunConfigurationError(
        field: "adversarial",
        "“\(adversarial)” is no attack to train with; there are "
          + InnerAttack.names.joined(separator: ", "))
    }
    try require((1...1000).contains(adversarialSteps), "adversarial-steps", "from 1 to 1,000")
    try require(tradesBeta >= 0 && tradesBeta.isFinite, "trades-beta", "0 or more")
    try require(ensemble.map(Self.ensembleSizes.contains) ?? true, "ensemble", "from 2 to 100")
    try checkGenerator()
    if ensemble != nil, randomLabels {
      throw RunConfigurationError(field: "ensemble", "does not go with random labels")
    }
  }

  /// Numbers that a picture is drawn from.
  public var latentCount: Int { latents ?? (generator == .gan ? 64 : 20) }

  /// Checks what goes with a generator, and what does not.
  private func checkGenerator() throws(RunConfigurationError) {
    guard let generator else {
      for (field, isGiven) in [("latents", latents != nil), ("critic", critic != nil)] where isGiven
      {
        throw RunConfigurationError(field: field, "goes with generator")
      }
      return
    }
    if let latents {
      guard generator != .flow else {
        throw RunConfigurationError(
          field: "latents", "does not go with flow, which draws from as many numbers as pixels")
      }
      guard (1...4096).contains(latents) else {
        throw RunConfigurationError(field: "latents", "must be from 1 to 4,096")
      }
    }
    if critic != nil, generator != .gan {
      throw RunConfigurationError(field: "critic", "goes with generator gan")
    }
    let others: [(String, Bool)] = [
      ("random-labels", randomLabels), ("augment", augment != nil), ("from", from != nil),
      ("label-smoothing", labelSmoothing > 0), ("lookahead", lookahead),
      ("layer-decay", layerDecay != nil), ("freeze", !freeze.isEmpty),
      ("rate-factors", !rateFactors.isEmpty), ("decay-factors", !decayFactors.isEmpty),
      ("early-stopping", earlyStopping != nil), ("adversarial", adversarial != nil),
      ("ensemble", ensemble != nil), ("average", average == .swa),
    ]
    if let (field, _) = others.first(where: \.1) {
      throw RunConfigurationError(
        field: field, "does not go with a generator\(field == "average" ? " unless it is ema" : "")"
      )
    }
  }

  /// How many networks can be averaged.
  public static let ensembleSizes = 2...100

  /// How many training digits can be drawn.
  public static let drawnCounts = 10...1_000_000
}

/// What is wrong with a run's configuration.
public struct RunConfigurationError: Error, CustomStringConvertible {
  /// The field, named as the option is.
  public let field: String
  /// What it must be: “must be at least 1”.
  public let requirement: String
  /// The sentence that a person reads.
  public var description: String { "\(field) \(requirement)" }

  init(field: String, _ requirement: String) {
    self.field = field
    self.requirement = requirement
  }
}
