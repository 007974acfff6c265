import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import TestSupport
import Testing
import Training

/// The course's figures on the real MNIST; run when `INKLING_DATA` names a folder that has it.
@Suite(.enabled(if: realMNIST != nil), .serialized) struct RealDataTests {
  private func accuracy(
    _ preset: Preset, trainedOn split: Split, epochs: Int, test: LabeledImages
  ) throws -> Double {
    let pool = WorkerPool(threads: WorkerPool.processors)
    let images = split.train
    let statistics = images.statistics()
    let network = Network.untrained(
      try Architecture(
        preset.specification(), inputShape: ImageShape(channels: 1, height: 28, width: 28)),
      normalization: Normalization(
        mean: statistics.mean, standardDeviation: statistics.standardDeviation),
      seed: 1)
    let trainer = Trainer(
      network, train: images, validation: split.validation,
      configuration: TrainingConfiguration(epochs: epochs), pool: pool)
    trainer.run()
    let predictions = Predictions(of: Executor(trainer.result, pool: pool), on: test)
    return EvaluationResult(predictions, classNames: (0..<10).map(String.init)).accuracy
  }

  private func mnist() throws -> Dataset {
    try #require(realMNIST).read()
  }

  @Test func `the first network reads 97.5 % after five epochs`() throws {
    let set = try mnist()
    let split = Split(set, seed: 1)
    #expect(try accuracy(.mlp, trainedOn: split, epochs: 5, test: set.test) >= 0.975)
  }

  @Test func `the convolutional network reads 99 % after five epochs`() throws {
    let set = try mnist()
    let split = Split(set, seed: 1)
    #expect(try accuracy(.cnn, trainedOn: split, epochs: 5, test: set.test) >= 0.99)
  }

  @Test func `drawn digits alone teach it to read 96 % of MNIST`() throws {
    let drawn = Split(DrawnDigits.dataset(), seed: 1)
    #expect(try accuracy(.cnn, trainedOn: drawn, epochs: 4, test: try mnist().test) >= 0.96)
  }
}

private let realMNIST: FoundDataset? = {
  let environment = ["INKLING_DATA": ProcessInfo.processInfo.environment["INKLING_DATA"] ?? ""]
  return try? DatasetLocator(explicit: nil, environment: environment).find(.mnist)
}()
