public import Datasets
public import Engine
public import Networks
import Randomness

/// What networks say of images that they were not trained on, for images that all belong to the training set: each half
/// is read by a network that learned from the other half alone.
///
/// The out-of-sample answers of Northcutt, Jiang, Chuang (2021), "Confident Learning", by 2-fold cross-validation.
public struct CrossFitting: Sendable {
  /// What is trained, twice.
  public let architecture: Architecture
  /// How pixels are scaled.
  public let normalization: Normalization
  /// How both networks are trained.
  public let configuration: TrainingConfiguration

  /// A plan for two networks of one kind.
  public init(
    _ architecture: Architecture, normalization: Normalization, configuration: TrainingConfiguration
  ) {
    self.architecture = architecture
    self.normalization = normalization
    self.configuration = configuration
  }

  /// Trains both networks and asks each about the half that it has not seen.
  ///
  /// The content of an image decides its half, so that copies stay together.
  ///
  /// - Parameters:
  ///   - images: the images.
  ///   - pool: the threads.
  ///   - progress: told how many images of how many were trained on.
  ///   - shouldContinue: asked after each step.
  /// - Returns: logits, `[N][K]`, in the order of the images; `nil` if it was told to stop.
  /// - Throws: `CrossFittingError` if a half lacks a class, or training diverges.
  public func logits(
    of images: LabeledImages, pool: WorkerPool, progress: (Int, Int) -> Void = { _, _ in },
    while shouldContinue: () -> Bool = { true }
  ) throws(CrossFittingError) -> [Float]? {
    let halves = halves(of: images)
    for half in halves {
      let labels = Set(half.map { images.labels[$0] })
      if let missing = (0..<architecture.outputs).first(where: { !labels.contains($0) }) {
        throw .tooFew(class: missing)
      }
    }
    let classes = architecture.outputs
    var logits = [Float](repeating: 0, count: images.count * classes)
    let total = configuration.epochs * images.count
    var before = 0
    for (known, unknown) in [(halves[0], halves[1]), (halves[1], halves[0])] {
      let trainer = Trainer(
        .untrained(
          architecture, on: images.selecting(known), normalization: normalization,
          seed: configuration.seed),
        train: images.selecting(known), validation: images.selecting([Int]()),
        configuration: configuration, pool: pool)
      trainer.run { _ in
        progress(before + trainer.imagesSeen, total)
      } while: {
        shouldContinue()
      }
      guard shouldContinue() else { return nil }
      if trainer.hasDiverged { throw .diverged }
      before += trainer.imagesSeen
      let executor = Executor(trainer.result, pool: pool)
      for start in stride(from: 0, to: unknown.count, by: 1024) {
        let batch = unknown[start..<min(start + 1024, unknown.count)]
        let answers = executor.logits(images.floats(batch))
        for (row, image) in batch.enumerated() {
          logits.replaceSubrange(
            image * classes..<(image + 1) * classes,
            with: answers[row * classes..<(row + 1) * classes])
        }
      }
    }
    return logits
  }

  private func halves(of images: LabeledImages) -> [[Int]] {
    let isFirst = images.identities.map { identity in
      var generator = SplitMix64(
        seed: configuration.seed, purpose: "cross-fitting", index: identity)
      return generator.next() & 1 == 0
    }
    return [true, false].map { side in isFirst.indices.filter { isFirst[$0] == side } }
  }
}

/// Why networks could not be cross-fitted.
public enum CrossFittingError: Error, Equatable {
  /// One half of the images has none of a class.
  case tooFew(class: Int)
  /// A loss was no longer a number.
  case diverged
}
