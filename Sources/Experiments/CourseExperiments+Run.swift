public import Datasets
public import Engine
import Evaluation
import Files
import Foundation
import Networks
import Training

extension CourseExperiments {
  /// The learning rates that the course asks for.
  private static let rates = [0.1, 0.01, 0.001]
  /// Images to a step of the run with large batches.
  private static let largeBatch = 512

  /// What the results are called beside the checkpoints of a folder.
  package static let fileName = "experiments.json"

  /// The results beside a checkpoint; `nil` if there are none for its data set.
  ///
  /// - Throws: `FileError`, or `ExperimentFileError` if the file is not what this program writes.
  public static func read(beside checkpoint: String, dataset: String) throws -> CourseExperiments? {
    let path = "\(Folder.parentFolder(of: checkpoint))/\(fileName)"
    guard FileBytes.exists(path) else { return nil }
    do {
      let data = Data(try FileBytes.read(path, limit: 1 << 26))
      let experiments = try JSONDecoder().decode(CourseExperiments.self, from: data)
      return experiments.dataset == dataset ? experiments : nil
    } catch is DecodingError {
      throw ExperimentFileError(
        path: path, reason: "it does not hold experiments; delete it, or run journey again")
    }
  }

  /// Writes the results into the folder of the checkpoints.
  ///
  /// - Throws: `FileError`.
  package func write(in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try AtomicFile.write(Array(try encoder.encode(self)), to: "\(folder)/\(Self.fileName)")
  }

  /// Runs the experiments: what the learning rate does, what the activation functions are for, and what the optimizer,
  /// the batch size, width and dropout change.
  ///
  /// - Parameters:
  ///   - dataset: the data set.
  ///   - split: which of its images are for learning, validation and test.
  ///   - epochs: passes of each run; the wide networks make three times as many.
  ///   - seed: of every run.
  ///   - pool: the threads.
  ///   - progress: told what is trained.
  ///   - shouldContinue: asked after each step.
  /// - Returns: the results; `nil` if it was told to stop.
  /// - Throws: `SpecificationError` if the images are too small for the networks.
  public static func run(
    on dataset: Dataset, split: Split, epochs: Int, seed: UInt64, pool: WorkerPool,
    progress: (String) -> Void = { _ in }, while shouldContinue: () -> Bool = { true }
  ) throws -> CourseExperiments? {
    let images = PreparedImages(for: RunConfiguration(), of: dataset, split: split)
    let bench = Bench(images: images, epochs: epochs, seed: seed, pool: pool)
    func train(
      _ words: String, _ text: String, _ rate: Double, longer: Int = 1,
      _ change: (inout RunConfiguration) -> Void = { _ in }
    ) throws -> Run? {
      progress(words)
      return try bench.train(text, rate, longer: longer, change, while: shouldContinue)
    }
    let plain = Preset.mlp.specification(classes: dataset.classes.count).description
    var runs: [Run] = []
    for rate in rates {
      guard let run = try train("learning rate \(rate)", plain, rate) else { return nil }
      runs.append(run)
    }
    // Chosen by validation: the test images are for the end.
    let best = runs.max { $0.score < $1.score }?.learningRate ?? 0.001
    let last = "linear(\(dataset.classes.count))"
    // Wide and long enough that it begins to memorize.
    let wide = "flatten linear(512) relu"
    guard
      let straight = try train(
        "without activation functions", "flatten linear(128) \(last)", best),
      let descent = try train(
        "SGD", plain, Optimizer.Kind.sgd.usualRate, { $0.optimizer = .sgd }),
      let batches = try train("large batches", plain, best, { $0.batchSize = largeBatch }),
      let without = try train(
        "wider, without dropout", "\(wide) \(last)", 0.001, longer: 3),
      let with = try train(
        "wider, with dropout", "\(wide) dropout(0.5) \(last)", 0.001, longer: 3)
    else { return nil }
    return CourseExperiments(
      dataset: dataset.name, learningRates: runs, withoutActivations: straight,
      withoutDropout: without, withDropout: with,
      variants: [
        Variant("SGD with momentum, rate \(descent.learningRate)", descent),
        Variant("batches of \(largeBatch)", batches),
      ], validationCount: split.validation.count)
  }
}

/// Where the networks of the experiments are trained.
private struct Bench {
  let images: PreparedImages
  let epochs: Int
  let seed: UInt64
  let pool: WorkerPool

  func train(
    _ text: String, _ rate: Double, longer: Int, _ change: (inout RunConfiguration) -> Void,
    while shouldContinue: () -> Bool
  ) throws -> CourseExperiments.Run? {
    var run = RunConfiguration()
    (run.model, run.epochs, run.learningRate, run.seed) = (text, longer * epochs, rate, seed)
    change(&run)
    let prepared = try PreparedRun(run, on: images)
    let trainer = prepared.trainer(pool: pool)
    trainer.run(while: shouldContinue)
    guard trainer.isFinished || trainer.hasDiverged else { return nil }
    let answers = Predictions(of: Executor(trainer.result, pool: pool), on: images.split.test)
    return CourseExperiments.Run(
      specification: prepared.run.model, learningRate: rate,
      history: trainer.history,
      accuracy: EvaluationResult(answers, classNames: images.classes).accuracy)
  }
}
