import Engine
import KernelTable
import Networks
import TestSupport
import Testing

/// What `sample` does in training alone, where numbers are drawn.
@Suite struct SampleTests {
  private let pool = WorkerPool(threads: 2)
  private static let still = ParameterUpdate(formula: .momentum(rate: 0, momentum: 0))

  @Test func `draws have the mean and the variance that they are told`() throws {
    var network = try hashedNetwork("flatten linear(4) sample linear(2)", (1, 2, 2))
    // Means 0.5 and -1, deviations 2 and 0.25, whatever comes in; the last layer hands them on.
    let values: [String: [Float]] = [
      "linear1.weight": Array(repeating: 0, count: 16),
      "linear1.bias": [0.5, -1, 1.386_294_4, -2.772_588_7],
      "linear2.weight": [1, 0, 0, 1], "linear2.bias": [0, 0],
    ]
    for index in network.tensors.indices {
      network.tensors[index].values = try #require(values[network.tensors[index].name])
    }
    let count = 4096
    let executor = TrainingExecutor(network, batchSize: count, seed: 5, pool: pool)
    // The mean square around t is variance + (mean - t)², over both outputs.
    for (target, expected) in [([0.5, -1], [4, 0.0625]), ([1.5, -1], [5, 0.0625])] {
      let targets = (0..<count).flatMap { _ in target.map(Float.init) }
      let found = executor.step(
        SquaredErrorObjective(targets, images: count), number: 1, update: Self.still
      ) { _, _ in }
      // The deviation of a mean square of 4096 normal numbers is 2.2 % of it.
      let mean = found.loss / Double(count)
      #expect(abs(2 * mean / expected.reduce(0, +) - 1) < 0.1)
    }
    // At prediction nothing is drawn.
    let logits = Executor(network, pool: pool).logits([0, 0, 0, 0])
    #expect(logits == [0.5, -1])
  }

  @Test func `gradients go through the very numbers that were drawn`() throws {
    let network = try hashedNetwork(
      "conv(4,3) flatten tanh linear(12) sample tanh linear(3)", (1, 3, 4))
    let images = hashed(19 * 12, 41)
    let labels = (0..<19).map { $0 % 3 }
    func loss(_ network: Network) -> Double {
      let executor = TrainingExecutor(network, batchSize: 19, seed: 7, pool: pool)
      return step(executor, network, images, labels, 3, Self.still).loss / 19
    }
    let executor = TrainingExecutor(network, batchSize: 19, seed: 7, pool: pool)
    _ = step(executor, network, images, labels, 3, Self.still)
    for (index, slopes) in executor.moments.first.enumerated() {
      for position in Set([0, slopes.values.count / 2, slopes.values.count - 1]) {
        var (up, down) = (network, network)
        up.tensors[index].values[position] += 0.01
        down.tensors[index].values[position] -= 0.01
        let slope = (loss(up) - loss(down)) / 0.02
        #expect(
          abs(Double(slopes.values[position]) - slope) < 2e-4 + 1e-2 * abs(slope),
          "\(slopes.name)[\(position)]")
      }
    }
    // Another step draws other numbers.
    let other = TrainingExecutor(network, batchSize: 19, seed: 7, pool: pool)
    #expect(step(other, network, images, labels, 4, Self.still).loss / 19 != loss(network))
  }
}
