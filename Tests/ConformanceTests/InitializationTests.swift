import Engine
import KernelTable
import Networks
import Randomness
import TestSupport
import Testing

@Suite struct InitializationTests {
  private func untrained(_ text: String, _ shape: (Int, Int, Int)) throws -> Network {
    let architecture = try Architecture(
      Specification(text: text),
      inputShape: ImageShape(channels: shape.0, height: shape.1, width: shape.2))
    return .untrained(architecture, normalization: .identity(channels: shape.0), seed: 4)
  }

  @Test func `kaiming and xavier have the spread that they promise, and no biases`() throws {
    let network = try untrained(
      "conv(200,5,init=kaiming) flatten linear(300,init=xavier) linear(4)", (3, 5, 5))
    let kaiming = try #require(network.tensor("conv1.weight")).values.map(Double.init)
    let variance = kaiming.reduce(0) { $0 + $1 * $1 } / Double(kaiming.count)
    #expect(abs(variance / (2 / 75) - 1) < 0.05)
    let xavier = try #require(network.tensor("linear1.weight")).values
    let bound = (6 / Float(5000 + 300)).squareRoot()
    #expect(xavier.allSatisfy { abs($0) <= bound } && (xavier.max() ?? 0) > 0.99 * bound)
    #expect(network.tensor("linear1.bias")?.values == [Float](repeating: 0, count: 300))
  }

  @Test(arguments: [(6, 20), (20, 6)])
  func `orthogonal rows, or columns, stand at right angles`(rows: Int, columns: Int) throws {
    let network = try untrained(
      "flatten linear(\(rows),init=orthogonal) linear(2)", (1, 1, columns))
    let values = try #require(network.tensor("linear1.weight")).values
    func vector(_ index: Int) -> [Float] {
      rows < columns
        ? Array(values[index * columns..<(index + 1) * columns])
        : (0..<rows).map { values[$0 * columns + index] }
    }
    for i in 0..<6 {
      for j in 0..<6 {
        let product = zip(vector(i), vector(j)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
      }
    }
  }

  @Test(arguments: [3, 4])
  func `dirac lets channels through as they are, zero lets nothing`(kernel: Int) throws {
    let network = try untrained(
      "conv(3,\(kernel),init=dirac) conv(2,3,init=zero) flatten linear(2)", (2, 6, 5))
    let images = hashed(3 * 60, 5)
    let found = Executor(network, pool: WorkerPool(threads: 1)).tracer.activations(images)
    let maps = try #require(found["conv1"])
    for image in 0..<3 {
      #expect(
        Array(maps[image * 90..<image * 90 + 60]) == Array(images[image * 60..<(image + 1) * 60]))
    }
    #expect(found["conv2"]?.allSatisfy { $0 == 0 } == true)
  }

  @Test func `dirac lets each group's channels through`() throws {
    let network = try untrained(
      "conv(4,3,groups=2,init=dirac,bias=no) flatten linear(2)", (4, 5, 5))
    let images = hashed(2 * 100, 8)
    let found = Executor(network, pool: WorkerPool(threads: 1)).tracer.activations(images)
    #expect(found["conv1"] == images)
    // More filters than channels in each group: the others start as any would.
    let wide = try untrained("conv(6,3,groups=2,init=dirac,bias=no) flatten linear(2)", (4, 5, 5))
    let maps = try #require(
      Executor(wide, pool: WorkerPool(threads: 1)).tracer.activations(Array(images[..<100]))[
        "conv1"])
    #expect(Array(maps[..<50]) == Array(images[..<50]))
    #expect(Array(maps[75..<125]) == Array(images[50..<100]))
    let others = try #require(wide.tensor("conv1.weight")).values[2 * 18..<3 * 18]
    #expect(Set(others).count == 18 && others.allSatisfy { abs($0) <= 1 / Float(18).squareRoot() })
  }

  @Test func `two layers of noise have nothing to do with each other`() throws {
    // Noise upon noise: were the second a shifted copy of the first, neighbours would be alike.
    let network = try hashedNetwork("flatten noise(1) noise(1) linear(2)", (1, 20, 20))
    var parameters = network
    let ones = network.tensors[0].values.indices.map { Float($0 < 400 ? 1 : 0) }
    parameters.tensors[0].values = ones
    let executor = TrainingExecutor(
      parameters, batchSize: 1, seed: 1, pool: WorkerPool(threads: 1))
    // The sum of all noise of an image: of variance 800 if the layers' are apart, up to 1,600 if they are one.
    var squares: [Double] = []
    for number in 0..<400 {
      let loss = executor.step(
        labels: [1], number: number, update: .init(formula: .momentum(rate: 0, momentum: 0))
      ) { _, target in for i in 0..<400 { target[i] = 0 } }.loss
      // With a far logit the cross-entropy of the other class is the logit's excess, where it is positive.
      if loss > 10 { squares.append(loss * loss) }
    }
    let mean = squares.reduce(0, +) / Double(squares.count)
    #expect(squares.count > 100 && mean > 500 && mean < 1300, "\(mean)")
  }

  @Test func `the running statistics move by the momentum`() throws {
    let network = try hashedNetwork("norm(momentum=0.25) flatten linear(2)", (1, 4, 4))
    let images = hashed(20 * 16, 6)
    let executor = TrainingExecutor(
      network, batchSize: 20, seed: 1, pool: WorkerPool(threads: 1))
    _ = executor.step(
      labels: (0..<20).map { $0 % 2 }, number: 0,
      update: .init(formula: .momentum(rate: 0, momentum: 0))
    ) { image, target in for i in 0..<16 { target[i] = images[image * 16 + i] } }
    let mean = Double(images.reduce(0, +)) / 320
    let squares = images.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let after = executor.network
    #expect(abs(Double(after.tensor("norm1.running_mean")?.values[0] ?? 0) - 0.25 * mean) < 1e-6)
    let variance = Double(after.tensor("norm1.running_var")?.values[0] ?? 0)
    #expect(abs(variance - (0.75 + 0.25 * squares / 319)) < 1e-6)
  }

  @Test func `noise changes training and no prediction`() throws {
    let network = try hashedNetwork("flatten noise(0.5) linear(2)", (1, 4, 4))
    let plain = try hashedNetwork("flatten linear(2)", (1, 4, 4))
    let images = hashed(40 * 16, 7)
    let pool = WorkerPool(threads: 2)
    #expect(
      Executor(network, pool: pool).logits(images) == Executor(plain, pool: pool).logits(images))
    func loss(_ network: Network, _ number: Int) -> Double {
      TrainingExecutor(network, batchSize: 40, seed: 1, pool: pool).step(
        labels: (0..<40).map { $0 % 2 }, number: number,
        update: .init(formula: .momentum(rate: 0, momentum: 0))
      ) { image, target in for i in 0..<16 { target[i] = images[image * 16 + i] } }.loss
    }
    #expect(loss(network, 0) != loss(plain, 0))
    #expect(loss(network, 0) == loss(network, 0) && loss(network, 0) != loss(network, 1))
  }
}
