import Attacks
import Augmentation
import Datasets
import Engine
import Networks
import TestSupport
import Testing
import Training

/// Trainers that share a run, beside one.
@Suite struct SharedTrainingTests {
  private static let train = patterns(150, stream: 1)
  private static let validation = patterns(41, stream: 2)

  private static func patterns(_ count: Int, stream: UInt64) -> LabeledImages {
    let pixels = hashed(count * 36, stream).map { UInt8($0 * 255) }
    return LabeledImages(
      channels: 1, height: 6, width: 6, pixels: pixels, labels: (0..<count).map { $0 % 3 })
  }

  private struct Trained: Sendable, Equatable {
    let result: Network
    let history: [EpochRecord]
    let second: [Tensor]
  }

  private static func trained(
    _ configuration: TrainingConfiguration, from state: TrainingState? = nil, steps: Int = .max,
    ranks: ThreadRanks?
  ) throws -> (trained: Trained, state: TrainingState) {
    let network = try hashedNetwork(
      "conv(4,3) norm relu maxpool(2) flatten dropout(0.2) linear(8) relu linear(3)", (1, 6, 6))
    let trainer =
      state.map {
        Trainer(
          $0, train: train, validation: validation, configuration: configuration,
          pool: WorkerPool(threads: 1), ranks: ranks)
      }
      ?? Trainer(
        network, train: train, validation: validation, configuration: configuration,
        pool: WorkerPool(threads: 2), ranks: ranks)
    var count = 0
    trainer.run(while: {
      count += 1
      return count < steps
    })
    let now = trainer.currentState
    return (
      Trained(result: trainer.result, history: trainer.history, second: now.moments.second), now
    )
  }

  private static func configurations() throws -> [TrainingConfiguration] {
    var mixed = TrainingConfiguration(
      epochs: 3, batchSize: 64, learningRate: 0.01, patience: 2, clipNorm: 1, seed: 5)
    mixed.augmentation = try Augmentation(text: "shift(1) mixup(0.2)")
    mixed.looksAhead = true
    mixed.average = .ema
    var robust = TrainingConfiguration(epochs: 2, batchSize: 50, learningRate: 0.01)
    let attack = try #require(InnerAttack.Kind("pgd", beta: 6))
    robust.adversary = InnerAttack(attack, epsilon: 0.1, steps: 2)
    var trades = robust
    trades.adversary = InnerAttack(.trades(beta: 6), epsilon: 0.1, steps: 2)
    return [mixed, robust, trades]
  }

  @Test(arguments: [0, 1, 2])
  func `ranks come to the network, the history and the moments of one process`(
    index: Int
  ) throws {
    let configuration = try Self.configurations()[index]
    let alone = try Self.trained(configuration, ranks: nil).trained
    #expect(alone.history.allSatisfy { !$0.deadUnits.isEmpty })
    for count in [2, 4] {
      let found = ThreadRanks.run(count) { try? Self.trained(configuration, ranks: $0).trained }
      #expect(found == Array(repeating: alone, count: count), "\(count) ranks")
    }
  }

  @Test func `a run goes on among another number of ranks`() throws {
    let configuration = try Self.configurations()[0]
    let alone = try Self.trained(configuration, ranks: nil).trained
    let states = ThreadRanks.run(2) {
      try? Self.trained(configuration, steps: 5, ranks: $0).state
    }
    let state = try #require(states[0])
    let found = ThreadRanks.run(4) {
      try? Self.trained(configuration, from: state, ranks: $0).trained
    }
    #expect(found == Array(repeating: alone, count: 4))
    #expect(try Self.trained(configuration, from: state, ranks: nil).trained == alone)
  }
}
