import Engine
import KernelTable
import Networks
import TestSupport
import Testing

/// Ranks that share every step, beside one process.
@Suite struct RanksTests {
  /// What is left after some steps.
  private struct Trained: Sendable, Equatable {
    var tensors: [[Float]] = []
    var moments: [[Float]] = []
    var losses: [Double] = []
    var correct: [Int?] = []
    var norms: [Double] = []
  }

  /// Steps on mini-batches that end within a shard, and are too small for some ranks.
  private static func train(
    _ network: Network, ranks: ThreadRanks?, threads: Int = 1, rates: [String: Float] = [:],
    longest: Float? = nil
  ) -> Trained {
    let executor = TrainingExecutor(
      network, batchSize: 70, seed: 3, rates: rates, pool: WorkerPool(threads: threads),
      ranks: ranks)
    var trained = Trained()
    for (number, count) in [70, 70, 21, 3, 70].enumerated() {
      var update = ParameterUpdate(
        formula: .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rootScale: 1))
      update.longestGradient = longest
      let pixels = images(count, of: network, stream: UInt64(number))
      let labels = (0..<count).map { ($0 + number) % network.architecture.outputs }
      let result = step(executor, network, pixels, labels, number, update)
      trained.losses.append(result.loss)
      trained.correct.append(result.correct)
      trained.norms.append(result.gradientNorm)
    }
    trained.tensors = executor.network.tensors.map(\.values)
    trained.moments = executor.moments.second.map(\.values)
    return trained
  }

  private static let joined: [(text: String, shape: (Int, Int, Int))] = [
    (
      "conv(8,3) norm relu residual(conv(8,3) norm relu conv(8,3) norm) relu noise(0.1) globalpool linear(3)",
      (1, 9, 9)
    )
  ]

  private static let networks = variousNetworks + blankNetworks + joined

  @Test(arguments: networks.indices)
  func `any number of ranks gives the bits of one process`(index: Int) throws {
    let (text, shape) = Self.networks[index]
    let network = try hashedNetwork(text, shape)
    let alone = Self.train(network, ranks: nil, threads: 2)
    for count in [1, 2, 3, 4] {
      let found = ThreadRanks.run(count) { Self.train(network, ranks: $0) }
      #expect(found == Array(repeating: alone, count: count), "\(count) ranks")
    }
  }

  @Test func `so they do with more ranks than shards, frozen layers and short gradients`() throws {
    let network = try hashedNetwork(
      "conv(5,3) norm relu flatten linear(6) norm relu dropout(0.3) linear(4)", (1, 6, 6))
    let rates: [String: Float] = ["norm1": 0, "linear1": 0]
    let alone = Self.train(network, ranks: nil, rates: rates, longest: 0.5)
    for count in [2, 7] {
      let found = ThreadRanks.run(count) {
        Self.train(network, ranks: $0, threads: 2, rates: rates, longest: 0.5)
      }
      #expect(found == Array(repeating: alone, count: count), "\(count) ranks")
    }
  }
}
