import KernelTable

/// What is learned from a mini-batch: from the outputs of each example to its loss and the gradient there.
///
/// An example is an image, or several neighbouring ones that are learned together.
public protocol TrainingObjective: Sendable {
  /// Examples of the mini-batch.
  var examples: Int { get }
  /// Images of an example, a power of two of at most 16; dropout takes the same units from all of them.
  var imagesPerExample: Int { get }
  /// False if there is no right or wrong in it.
  var hasAnswers: Bool { get }
  /// Writes the gradient of an example's loss with respect to all its outputs, times `rows.share`. Called from several
  /// threads.
  ///
  /// - Returns: the loss, and whether the answer was right.
  func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool)
}

extension TrainingObjective {
  /// One.
  public var imagesPerExample: Int { 1 }
  /// True.
  public var hasAnswers: Bool { true }
}

/// The network's outputs for the images of an example, and where their gradients go.
public struct ExampleRows {
  /// Outputs of an image.
  public let count: Int
  /// What the example's loss counts in the mean.
  public let share: Float
  /// How an image's outputs lie in memory.
  let layout: Layout
  let outputs: ShardStrip
  let gradients: ShardStrip
  let kernels: KernelTable
  /// The first image's place in the shard.
  let first: Int

  /// An output of an image of the example.
  public func output(_ index: Int, ofImage image: Int = 0) -> Float {
    outputs[first + image][layout.offset(of: index)]
  }

  /// Sets the gradient with respect to it.
  public func setGradient(_ value: Float, _ index: Int, ofImage image: Int = 0) {
    gradients[first + image][layout.offset(of: index)] = value
  }

  /// True if the largest output of the first image is that of a class.
  public func isLargest(_ label: Int) -> Bool {
    CrossEntropy.answer(UnsafeBufferPointer(start: outputs[first], count: count)) == label
  }
}

/// The cross-entropy with a class of each image: `-Σ t_k log p_k`, where the class has the target 1 - ε + ε / K and each
/// other one ε / K, as in PyTorch's `cross_entropy` with `label_smoothing`.
///
/// An image that another is mixed into has two classes, each with its share.
public struct ClassObjective: TrainingObjective {
  private let labels: [Int]
  private let others: [(label: Int, share: Float)]
  private let smoothing: Float

  /// - Parameters:
  ///   - labels: one class an image.
  ///   - others: for each image the class of what is mixed in, and its share in 0...1; empty if nothing is.
  ///   - smoothing: ε, in 0..<1.
  public init(
    _ labels: [Int], mixedWith others: [(label: Int, share: Float)] = [], smoothing: Float = 0
  ) {
    precondition(
      others.isEmpty || others.count == labels.count,
      "ClassObjective: \(others.count) other classes for \(labels.count) labels")
    self.labels = labels
    self.others = others
    self.smoothing = smoothing
  }

  /// One for each label.
  public var examples: Int { labels.count }

  /// The cross-entropy; right if the largest logit is that of the class with the larger share.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    let label = labels[example]
    let (other, share) = others.isEmpty ? (label, 0) : others[example]
    precondition(
      (0..<rows.count).contains(label) && (0..<rows.count).contains(other),
      "ClassObjective: there is no class \(label) or \(other)")
    let loss = CrossEntropy.gradient(
      rows.outputs[rows.first], count: rows.count, label: label, other: other, share: share,
      smoothing: smoothing, scale: rows.share, to: rows.gradients[rows.first])
    return (loss, rows.isLargest(share > 0.5 ? other : label))
  }
}

/// The loss of TRADES for pairs of a clean image and a changed one.
///
/// Reference: Zhang et al., Theoretically Principled Trade-off between Robustness and Accuracy (2019).
public struct TradeOffObjective: TrainingObjective {
  private let labels: [Int]
  private let beta: Float

  /// - Parameters:
  ///   - labels: one class a pair.
  ///   - beta: weight of the divergence of the changed image's probabilities from the clean one's.
  public init(pairsOf labels: [Int], beta: Float) {
    self.labels = labels
    self.beta = beta
  }

  /// One for each pair.
  public var examples: Int { labels.count }
  /// The clean image, then the changed one.
  public var imagesPerExample: Int { 2 }

  /// The clean image's cross-entropy and β times the divergence; right if the clean image's largest logit is the label's.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    let (clean, label) = (rows.first, labels[example])
    precondition((0..<rows.count).contains(label), "TradeOffObjective: there is no class \(label)")
    let loss = TradeOff(beta: beta, count: rows.count).gradient(
      clean: rows.outputs[clean], changed: rows.outputs[clean + 1], label: label,
      scale: rows.share, to: rows.gradients[clean], rows.gradients[clean + 1])
    return (loss, rows.isLargest(label))
  }
}

/// The mean squared difference of the outputs from given numbers: `1/K Σ (y_k - t_k)²`.
public struct SquaredErrorObjective: TrainingObjective {
  private let targets: [Float]
  /// How many images.
  public let examples: Int

  /// - Parameters:
  ///   - targets: as many numbers an image as the network has outputs, image after image.
  ///   - images: how many images.
  public init(_ targets: [Float], images: Int) {
    precondition(
      targets.count.isMultiple(of: max(1, images)),
      "SquaredErrorObjective: \(targets.count) numbers for \(images) images")
    self.targets = targets
    examples = images
  }

  /// Numbers are nearer or farther.
  public var hasAnswers: Bool { false }

  /// The mean square.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    precondition(
      targets.count == examples * rows.count,
      "SquaredErrorObjective: \(targets.count) numbers for \(examples) outputs of \(rows.count)")
    var loss: Float = 0
    for k in 0..<rows.count {
      let difference = rows.output(k) - targets[example * rows.count + k]
      loss += difference * difference
      rows.setGradient(2 * difference * rows.share / Float(rows.count), k)
    }
    return (loss / Float(rows.count), false)
  }
}
