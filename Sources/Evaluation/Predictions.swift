public import Datasets
public import Engine
import Networks

/// What a network says about some images, and what they are.
public struct Predictions: Sendable {
  /// Logits, `[N][K]`.
  public let logits: [Float]
  /// True classes.
  public let labels: [Int]
  /// Number of classes.
  public let classes: Int
  /// Softmax of the logits, `[N][K]`.
  public let probabilities: [Float]
  /// The class with the largest logit, the first among equals.
  public let predicted: [Int]

  /// Predictions from logits.
  public init(logits: [Float], labels: [Int], classes: Int) {
    self.logits = logits
    self.labels = labels
    self.classes = classes
    var probabilities: [Float] = []
    var predicted: [Int] = []
    for image in labels.indices {
      let row = Array(logits[image * classes..<(image + 1) * classes])
      probabilities += CrossEntropy.probabilities(row)
      predicted.append(CrossEntropy.answer(row))
    }
    self.probabilities = probabilities
    self.predicted = predicted
  }

  /// Images that are run at once.
  static let batchSize = 2048

  /// Runs a network over images, in batches.
  ///
  /// - Parameters:
  ///   - executor: the network.
  ///   - images: the images.
  ///   - progress: called with the number of images done.
  public init(
    of executor: Executor, on images: LabeledImages, progress: (Int) -> Void = { _ in }
  ) {
    var logits: [Float] = []
    for start in stride(from: 0, to: images.count, by: Self.batchSize) {
      let range = start..<min(start + Self.batchSize, images.count)
      logits += executor.logits(images.floats(range))
      progress(range.upperBound)
    }
    self.init(
      logits: logits, labels: images.labels, classes: executor.network.architecture.outputs)
  }

  /// Number of images.
  public var count: Int { labels.count }
  /// True if the image is classified correctly.
  public func isCorrect(_ image: Int) -> Bool { predicted[image] == labels[image] }
  /// Probability of a class.
  public func probability(_ image: Int, of label: Int) -> Float {
    probabilities[image * classes + label]
  }
  /// Sum of the images' cross-entropies, of logits multiplied by `scale`: 1 divided by a temperature.
  package func summedLoss(scale: Float = 1) -> Double {
    (0..<count).reduce(0.0) { sum, image in
      let row = logits[image * classes..<(image + 1) * classes].map { $0 * scale }
      return sum + Double(CrossEntropy.loss(row, label: labels[image]))
    }
  }
  /// Probability of the predicted class.
  public func confidence(_ image: Int) -> Float { probability(image, of: predicted[image]) }
}
