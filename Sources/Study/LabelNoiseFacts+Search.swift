package import Datasets
package import Engine
import Evaluation
package import Networks
package import Training

extension LabelNoiseFacts {
  /// Looks for wrong labels: trains two networks of a checkpoint's kind, each on one half of the training images, and asks
  /// each about the other half.
  ///
  /// - Parameters:
  ///   - checkpoint: says which kind, how many epochs and which seed.
  ///   - images: the training images.
  ///   - files: where images lie, by their identities and labels.
  ///   - limit: how many suspects are kept.
  ///   - pool: the threads.
  ///   - progress: told how many images of how many were trained on.
  ///   - shouldContinue: asked after each step.
  /// - Returns: what was found; `nil` if it was told to stop.
  /// - Throws: what cross-fitting throws.
  package static func search(
    with checkpoint: Checkpoint, in images: LabeledImages, files: [UInt64: [Int: String]],
    limit: Int,
    pool: WorkerPool, progress: (Int, Int) -> Void, while shouldContinue: () -> Bool
  ) throws(CrossFittingError) -> LabelNoiseFacts? {
    var configuration = TrainingConfiguration(seed: checkpoint.seed)
    if !checkpoint.history.isEmpty { configuration.epochs = checkpoint.history.count }
    let network = checkpoint.network
    let fitting = CrossFitting(
      network.architecture, normalization: network.normalization, configuration: configuration)
    guard
      let logits = try fitting.logits(
        of: images, pool: pool, progress: progress, while: shouldContinue)
    else { return nil }
    let answers = Predictions(
      logits: logits, labels: images.labels, classes: network.architecture.outputs)
    let noise = LabelNoise(answers)
    return LabelNoiseFacts(
      count: answers.count, agreed: (0..<answers.count).count(where: answers.isCorrect),
      epochs: configuration.epochs, doubted: noise.suspects.count,
      suspects: noise.suspects.prefix(limit).map { image in
        Suspect(
          index: image, file: files[images.identity(image)]?[answers.labels[image]],
          label: answers.labels[image],
          predicted: answers.predicted[image],
          labelProbability: answers.probability(image, of: answers.labels[image]),
          confidence: answers.confidence(image),
          pixels: Plane(
            shape: [images.channels, images.height, images.width], values: images.floats([image])))
      })
  }
}
