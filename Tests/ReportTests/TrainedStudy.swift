import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import Study
import Synchronization
import TestSupport
import Training

@testable import Report

/// The course's networks, trained for a moment on drawn digits and studied: a report with nothing made up.
enum TrainedStudy {
  static let dataset = DrawnDigits.dataset(count: 6000)

  /// The convolutional network with its two epochs, and the first network.
  static let subjects = [
    subject("cnn"), subject("mlp"),
  ]

  static let results = Study.run(
    subjects[0], comparedWith: [subjects[1]], on: dataset, split: split, extent: .quick, pool: pool)

  /// The folder of the written report, or of its single file; written once, removed at the end.
  static func folder(isSingle: Bool = false) throws -> String {
    try (isSingle ? single : several).get()
  }

  private static let several = written { _ = try $0.write(to: $1) }
  private static let single = written { try $0.writeSingleFile(to: "\($1)/index.html") }

  private static func written(_ write: (Report, String) throws -> Void) -> Result<String, any Error>
  {
    Result {
      let folder = try TemporaryFolder()
      kept.withLock { $0.append(folder) }
      atexit { TrainedStudy.kept.withLock { $0 = [] } }
      try write(Report(results, templates: try Fixture.templates()), folder.path)
      return folder.path
    }
  }

  private static let kept = Mutex<[TemporaryFolder]>([])

  /// What the convolutional network says of images.
  static func predictions(of images: LabeledImages) -> Predictions {
    Predictions(of: Executor(subjects[0].checkpoint.network, pool: pool), on: images)
  }

  private static let split = Split(dataset, seed: 1)
  private static let pool = WorkerPool(threads: 2)

  private static func subject(_ name: String) -> Study.Subject {
    let statistics = split.train.statistics()
    guard
      let architecture = try? Architecture(
        Specification(model: name, classes: 10),
        inputShape: ImageShape(channels: 1, height: 28, width: 28))
    else { preconditionFailure("\(name) is no network") }
    let network = Network.untrained(
      architecture,
      normalization: Normalization(
        mean: statistics.mean, standardDeviation: statistics.standardDeviation), seed: 1)
    let trainer = Trainer(
      network, train: split.train, validation: split.validation,
      configuration: TrainingConfiguration(epochs: 2), pool: pool)
    var epochs: [(epoch: Int, network: Network)] = []
    trainer.run { event in
      if case .epoch(let record) = event {
        epochs.append((record.epoch, trainer.currentState.network))
      }
    }
    return Study.Subject(
      name: name,
      checkpoint: Checkpoint(
        network: trainer.result, classes: dataset.classes, dataset: dataset.name, seed: 1,
        history: trainer.currentState.history, run: "{\"epochs\":2}"),
      sha256: String(repeating: "0123456789abcdef", count: 4), epochs: epochs)
  }
}
