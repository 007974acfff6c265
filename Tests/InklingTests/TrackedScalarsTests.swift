import Datasets
import Engine
import Networks
import TestSupport
import Testing
import Tracking
import Training

@testable import inkling

/// What is told of a run while it goes, and what its history tells afterwards.
@Suite struct TrackedScalarsTests {
  @Test(arguments: [7, 13, 200, 400]) func `both are the same events`(steps: Int) throws {
    // Epochs too short for a middle, with a sample each step, and with a sample every few.
    let drawn = DrawnDigits.dataset(count: steps * 2 + 20, testCount: 10)
    let split = drawn.train
    let train = split.selecting(0..<steps * 2)
    let architecture = try Architecture(
      Specification(model: "flatten linear(4) relu linear(10)", classes: 10),
      inputShape: ImageShape(channels: 1, height: 28, width: 28))
    let trainer = Trainer(
      .untrained(architecture, normalization: .identity(channels: 1), seed: 1), train: train,
      validation: split.selecting(steps * 2..<steps * 2 + 20),
      configuration: TrainingConfiguration(epochs: 3, batchSize: 2), pool: WorkerPool(threads: 1))
    var told: [TrackedEvent] = []
    trainer.run { event in
      switch event {
      case .progress(let progress): told += [TrackedScalars.event(progress)].compactMap(\.self)
      case .epoch(let record): told.append(TrackedScalars.event(record))
      }
    }
    #expect(TrackedScalars.events(trainer.history) == told)
    #expect(told.last?.step == 3 * steps)
    #expect(zip(told, told.dropFirst()).allSatisfy { $0.step < $1.step })
    let validation = told.filter { $0.values.contains { $0.tag == "loss/validation" } }
    let halves = steps < 8 ? [] : (0..<3).map { $0 * steps + steps / 2 }
    #expect(validation.map(\.step) == ((1...3).map { $0 * steps } + halves).sorted())
  }

  @Test func `a history without steps counts epochs`() {
    let records = (1...2).map {
      EpochRecord(
        epoch: $0, learningRate: 0.1, trainLoss: 1, trainAccuracy: nil, validationLoss: nil,
        validationAccuracy: nil, gradientNorm: 1, deadUnits: ["relu2": 1, "relu1": 0], losses: [])
    }
    let events = TrackedScalars.events(records)
    #expect(events.map(\.step) == [1, 2])
    #expect(
      events[0].values.map(\.tag) == [
        "loss/train", "training/epoch", "training/learning_rate", "training/gradient_norm",
        "dead_units/relu1", "dead_units/relu2",
      ])
  }
}
