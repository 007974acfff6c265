import ArgumentParser
import Datasets
import Engine
import Evaluation
import Figures
import Files
import Foundation
import Networks
import Study
import Training

/// The small experiments of the course: what the learning rate does, what the activation functions are for, and
/// what width and dropout change.
struct CourseExperiments {
  let dataset: Dataset
  let split: Split
  let epochs: Int
  let seed: UInt64
  let pool: WorkerPool

  /// The learning rates that the course asks for.
  private static let rates = [0.1, 0.01, 0.001]

  /// Where the results lie: beside the checkpoints of a folder.
  static func path(in folder: String) -> String { "\(folder)/experiments.json" }

  /// The results beside a checkpoint; `nil` if there are none for its data set.
  ///
  /// - Throws: `Failure` if the file is not what this program writes.
  static func read(beside checkpoint: String, dataset: String) throws -> Experiments? {
    let path = path(in: Folder.parentFolder(of: checkpoint))
    guard FileBytes.exists(path) else { return nil }
    do {
      let data = Data(try FileBytes.read(path, limit: 1 << 26))
      let experiments = try JSONDecoder().decode(Experiments.self, from: data)
      return experiments.dataset == dataset ? experiments : nil
    } catch is DecodingError {
      throw Failure(
        "\(path): it does not hold experiments; delete it, or run journey again", .badData)
    }
  }

  /// Runs the experiments and keeps their results.
  func run(savingIn folder: String, progress: (String) -> Void) throws -> Experiments {
    let plain = Preset.mlp.specification(classes: dataset.classes.count)
    var runs: [Experiments.Run] = []
    for rate in Self.rates {
      progress("learning rate \(rate)")
      runs.append(try train(plain.description, rate))
    }
    var experiments = Experiments(
      dataset: dataset.name, learningRates: runs, withoutActivations: nil)
    // Chosen by validation: the test images are for the end.
    let best = runs.max { $0.score < $1.score }?.learningRate ?? 0.001
    let last = "linear(\(dataset.classes.count))"
    progress("without activation functions")
    experiments.withoutActivations = try train("flatten linear(128) \(last)", best)
    // Wide and long enough that it begins to memorize.
    progress("wider, without dropout")
    let wide = "flatten linear(512) relu"
    experiments.withoutDropout = try train("\(wide) \(last)", 0.001, longer: 3)
    progress("wider, with dropout")
    experiments.withDropout = try train("\(wide) dropout(0.5) \(last)", 0.001, longer: 3)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .throw
    try AtomicFile.write(Array(try encoder.encode(experiments)), to: Self.path(in: folder))
    return experiments
  }

  private func train(_ text: String, _ rate: Double, longer: Int = 1) throws -> Experiments.Run {
    let specification = try Specification(text: text)
    let images = split.train
    let statistics = images.statistics()
    let network = Network.untrained(
      try Architecture(
        specification,
        inputShape: ImageShape(
          channels: images.channels, height: images.height, width: images.width)),
      normalization: Normalization(
        mean: statistics.mean, standardDeviation: statistics.standardDeviation), seed: seed)
    var run = RunConfiguration()
    (run.epochs, run.learningRate, run.seed) = (longer * epochs, rate, seed)
    let trainer = Trainer(
      network, train: images, validation: split.validation, configuration: run.training,
      pool: pool)
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    trainer.run(while: { !Interruption.isRequested })
    guard !Interruption.isRequested else {
      throw Failure("interrupted during the experiments", .interrupted)
    }
    let answers = Predictions(of: Executor(trainer.result, pool: pool), on: split.test)
    return Experiments.Run(
      specification: specification.description, learningRate: rate,
      history: trainer.history,
      accuracy: EvaluationResult(answers, classNames: dataset.classes).accuracy)
  }
}
