public import Datasets
import Engine
public import Evaluation
import Networks
public import Study
import Training

/// The course's networks, trained for a moment on drawn digits and studied: a report with nothing made up.
public enum TrainedStudy {
  /// Drawn digits.
  public static let dataset = DrawnDigits.dataset(count: 6000)

  /// The convolutional network with its two epochs, and the first network.
  public static let subjects = [
    subject("cnn"), subject("mlp"),
  ]

  /// A quick study of the first beside the second.
  public static let results = Study.run(
    subjects[0], comparedWith: [subjects[1]], on: dataset, split: split, extent: .quick, pool: pool)

  /// A study that waits to be asked.
  public static func study() -> Study {
    Study(subjects[0], on: dataset, split: split, extent: .quick, pool: pool)
  }

  /// What the convolutional network says of images.
  public static func predictions(of images: LabeledImages) -> Predictions {
    Predictions(of: Executor(subjects[0].checkpoint.network, pool: pool), on: images)
  }

  /// How the digits are divided.
  public static let split = Split(dataset, seed: 1)
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
