public import Augmentation
public import Datasets
public import Engine
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean of probabilities, prediction by prediction.
struct ProbabilityMean {
  /// Sums of probabilities, which hold what no float of a probability does.
  private var sums: [Double] = []
  private var count = 0

  /// Adds what one network, or one look, says about the same images.
  mutating func add(_ predictions: Predictions) {
    add(predictions.exactProbabilities)
  }

  /// Adds probabilities, `[N][K]`.
  mutating func add(_ probabilities: [Double]) {
    if sums.isEmpty { sums = [Double](repeating: 0, count: probabilities.count) }
    for i in sums.indices { sums[i] += probabilities[i] }
    count += 1
  }

  /// The predictions of the mean; its logits are the logarithms of the mean probabilities.
  func predictions(labels: [Int], classes: Int) -> Predictions {
    let share = 1 / Double(count)
    return Predictions(
      logits: sums.map { Float(log(max($0 * share, .leastNormalMagnitude))) }, labels: labels,
      classes: classes)
  }
}

extension Predictions {
  /// The mean of several predictions' probabilities for the same images; its logits are the logarithms of the means.
  public init(meanOf all: [Predictions]) {
    var mean = ProbabilityMean()
    for predictions in all { mean.add(predictions) }
    self = mean.predictions(labels: all[0].labels, classes: all[0].classes)
  }

  /// The same answers, less sure of themselves by a temperature above 1, surer by one below.
  package func softened(by temperature: Double) -> Predictions {
    Predictions(
      logits: logits.map { $0 / Float(temperature) }, labels: labels, classes: classes)
  }

  /// The probabilities in double precision, in which the smallest do not vanish, `[N][K]`.
  var exactProbabilities: [Double] {
    (0..<count).flatMap { image -> [Double] in
      let row = logits[image * classes..<(image + 1) * classes]
      let largest = Double(row.max() ?? 0)
      let powers = row.map { exp(Double($0) - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}

/// Images looked at several times, each time changed a little: the answer is the mean of the probabilities.
///
/// The first view is the image itself; the others are drawn by an augmentation, the same for each seed.
/// Reference: Krizhevsky, Sutskever, Hinton, ImageNet Classification with Deep Convolutional Neural Networks (2012).
public struct TestTimeAugmentation: Sendable {
  private let augmentation: Augmentation
  private let views: Int
  private let ground: [Float]
  private let seed: UInt64

  /// How many views can be asked for.
  public static let viewCounts = 2...1000

  /// Views of images.
  ///
  /// - Parameters:
  ///   - augmentation: what changes them; it mixes no images with each other.
  ///   - views: how often each is looked at, the image itself included.
  ///   - ground: what lies around the images, one number a channel.
  ///   - seed: of what is drawn.
  public init(_ augmentation: Augmentation, views: Int, ground: [Float], seed: UInt64) {
    precondition(!augmentation.mixes, "TestTimeAugmentation: a view of one image mixes none")
    precondition(Self.viewCounts.contains(views), "TestTimeAugmentation: \(views) views")
    self.augmentation = augmentation
    self.views = views
    self.ground = ground
    self.seed = seed
  }

  /// What a network says about each image itself, and in the mean over its views.
  ///
  /// - Parameters:
  ///   - executor: the network.
  ///   - images: the images.
  ///   - progress: called with the number of images looked at, those of all views together.
  /// - Returns: both predictions.
  public func predictions(
    of executor: Executor, on images: LabeledImages, progress: (Int) -> Void = { _ in }
  ) -> (plain: Predictions, mean: Predictions) {
    let plain = Predictions(of: executor, on: images, progress: progress)
    let shape = executor.network.architecture.inputShape
    var mean = ProbabilityMean()
    mean.add(plain)
    for view in 1..<views {
      mean.add(
        Predictions(
          of: executor, on: images,
          changing: { image, pixels in
            augmentation.change(
              of: shape, ground: ground, seed: seed, epoch: view, image: image
            ).apply(to: &pixels)
          }
        ) { progress(view * images.count + $0) })
    }
    return (plain, mean.predictions(labels: plain.labels, classes: plain.classes))
  }
}

extension Predictions {
  /// Runs a network over images that are changed first, in batches.
  fileprivate init(
    of executor: Executor, on images: LabeledImages,
    changing: @Sendable (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void,
    progress: (Int) -> Void
  ) {
    let size = images.imageSize
    var logits: [Float] = []
    for start in stride(from: 0, to: images.count, by: Self.batchSize) {
      let range = start..<min(start + Self.batchSize, images.count)
      let batch = [Float](unsafeUninitializedCapacity: range.count * size) { target, count in
        guard let base = target.baseAddress else { return }
        executor.pool.run(range.count) { image, _ in
          var pixels = UnsafeMutableBufferPointer(start: base + image * size, count: size)
            .mutableSpan
          images.copyFloats(start + image, to: &pixels)
          changing(start + image, &pixels)
        }
        count = range.count * size
      }
      logits += executor.logits(batch)
      progress(range.upperBound)
    }
    self.init(
      logits: logits, labels: images.labels, classes: executor.network.architecture.outputs)
  }
}
