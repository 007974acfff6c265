import Engine
import KernelTable
import Networks
import TestSupport
import Testing

/// Networks with branches, deeper than those of the conformance test: memory is used again, values have many readers.
@Suite struct GraphTests {
  private static let texts = [
    "conv(16,3) norm relu 2*residual(conv(16,3) norm relu conv(16,3) norm) relu"
      + " residual(conv(20,3,stride=2) norm relu conv(20,3) norm | conv(20,1,stride=2) norm) relu"
      + " 2*(residual(conv(20,3) norm relu conv(20,3) norm) relu) globalpool linear(5)",
    "conv(8,3) relu 3*concat(norm relu conv(6,3) | ) maxpool(2) concat(conv(4,1) relu | conv(4,5) gelu"
      + " | avgpool(3,stride=1) conv(4,1,padding=1)) flatten linear(20) residual(relu linear(20) tanh) linear(5)",
    "residual(conv(3,3) tanh) concat( | conv(5,3) relu | ) residual(relu | dropout(0.0) | silu)"
      + " flatten residual(linear(891)) linear(5)",
    "conv(8,3) norm gelu globalpool(max) linear(5) multiply(0.125) multiply(3)",
  ]

  private func images(_ count: Int) -> [Float] { hashed(count * 3 * 81, 60) }

  @Test(arguments: texts)
  func `predictions, gradients and traces agree with the literal formulas`(text: String) throws {
    let network = try hashedNetwork(text, (3, 9, 9))
    let (images, count) = (images(70), 70)
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let logits = executor.logits(images)
    let exact = Oracle(network).logits(
      (0..<count).map { image in images[image * 243..<(image + 1) * 243].map(Double.init) })
    #expect(logits.count == 5 * count && exact.count == count)
    for (a, b) in try paired(logits, exact.joined()) {
      #expect(abs(Double(a) - b) < 1e-4 * max(1, abs(b)))
    }
    let objective = Objective.logit((0..<count).map { $0 % 5 })
    let gradients = executor.inputGradients(images, of: objective)
    let trace = executor.tracer.trace(images, of: objective)
    let largest = gradients.pixels.map(abs).max() ?? 0
    #expect(largest > 0 && trace.pixels.count == gradients.pixels.count)
    for (a, b) in try paired(gradients.pixels, trace.pixels) {
      #expect(abs(a - b) < 1e-5 * largest)
    }
  }

  @Test(arguments: texts)
  func `a step's gradients are finite differences of the loss, on any number of threads`(
    text: String
  ) throws {
    let network = try hashedNetwork(text, (3, 9, 9))
    let images = images(37)
    let labels = (0..<37).map { $0 * 3 % 5 }
    func gradients(_ threads: Int) -> [Tensor] {
      let executor = TrainingExecutor(
        network, batchSize: 40, seed: 1, pool: WorkerPool(threads: threads))
      _ = executor.step(
        labels: labels, number: 0, update: .init(formula: .momentum(rate: 0, momentum: 0))
      ) { image, target in for i in 0..<243 { target[i] = images[image * 243 + i] } }
      return executor.moments.first
    }
    let found = gradients(1)
    #expect(gradients(2) == found && gradients(3) == found)
    let oracle = Oracle(network)
    let rows = (0..<37).map { image in
      images[image * 243..<(image + 1) * 243].map(Double.init)
    }
    #expect(found.count > 5)
    for tensor in found {
      let position = tensor.values.count / 3
      let slope = oracle.slope(tensor.name, position, rows, labels)
      let gradient = Double(tensor.values[position])
      #expect(abs(gradient - slope) < 2e-5 + 5e-3 * abs(slope), "\(tensor.name)")
    }
  }

  @Test func `a hundred blocks of elementwise branches are planned at once`() throws {
    let network = try hashedNetwork(
      "conv(2,3) 100*residual(relu) maxpool(4) flatten linear(5)", (3, 9, 9))
    let logits = Executor(network, pool: WorkerPool(threads: 2)).logits(images(3))
    #expect(logits.count == 15)
  }

  @Test(arguments: [1617, 1632, 1633])
  func `what a first layer keeps of an image is not written over`(units: Int) throws {
    // Of 784 pixels as many numbers are kept as such a layer has outputs, padding included.
    let network = try hashedNetwork("flatten linear(\(units)) relu linear(5)")
    let images = hashed(70 * 784, 61).map { $0 > 0.8 ? $0 : 0 }
    let logits = Executor(network, pool: WorkerPool(threads: 2)).logits(images)
    let exact = Oracle(network).logits(
      (0..<2).map { images[$0 * 784..<($0 + 1) * 784].map(Double.init) })
    for (a, b) in try paired(logits.prefix(10), exact.joined()) {
      #expect(abs(Double(a) - b) < 1e-4)
    }
  }

  @Test func `clipped gradients of a large layer are the same on any number of threads`() throws {
    let network = try hashedNetwork("flatten linear(2000) relu linear(5)", (3, 9, 9))
    let images = images(32)
    func trained(_ threads: Int) -> Network {
      let executor = TrainingExecutor(
        network, batchSize: 32, seed: 1, pool: WorkerPool(threads: threads))
      var update = ParameterUpdate(formula: .momentum(rate: 0.1, momentum: 0.9))
      update.longestGradient = 0.01
      _ = executor.step(labels: (0..<32).map { $0 % 5 }, number: 0, update: update) {
        image, target in for i in 0..<243 { target[i] = images[image * 243 + i] }
      }
      return executor.network
    }
    let one = trained(1)
    #expect(one != network)
    for threads in [2, 4] { #expect(trained(threads) == one) }
  }

  @Test func `shards are joined as a binary tree`() {
    for (shards, tree) in [
      (1, "0"), (2, "(0+1)"), (3, "((0+1)+2)"), (4, "((0+1)+(2+3))"), (5, "(((0+1)+(2+3))+4)"),
      (7, "(((0+1)+(2+3))+((4+5)+6))"),
    ] {
      var sums = (0..<shards).map { "\($0)" }
      ShardTree.join(shards) { sums[$0] = "(\(sums[$0])+\(sums[$1]))" }
      #expect(sums[0] == tree)
    }
  }

  @Test func `a mini-batch's gradient is the tree of its shards' gradients, to the bit`() throws {
    let network = try hashedNetwork(
      "conv(6,3) relu residual(conv(6,3) relu) maxpool(2) flatten linear(5)", (3, 9, 9))
    let images = images(64)
    let labels = (0..<64).map { $0 * 3 % 5 }
    func gradients(_ range: Range<Int>) -> [Tensor] {
      let executor = TrainingExecutor(
        network, batchSize: range.count, seed: 1, pool: WorkerPool(threads: 2))
      _ = executor.step(
        labels: Array(labels[range]), number: 0,
        update: .init(formula: .momentum(rate: 0, momentum: 0))
      ) { image, target in
        for i in 0..<243 { target[i] = images[(range.lowerBound + image) * 243 + i] }
      }
      return executor.moments.first
    }
    let whole = gradients(0..<64)
    let parts = (0..<4).map { gradients(16 * $0..<16 * ($0 + 1)) }
    // A linear layer's weights have one product over all images instead.
    let summed = whole.indices.filter { whole[$0].name != "linear1.weight" }
    #expect(summed.count == 5)
    for index in summed {
      let shards = parts.map { $0[index].values }
      let tree = shards[0].indices.map { i in
        // A quarter of the images have four times the share; such a factor costs no bit.
        ((shards[0][i] + shards[1][i]) + (shards[2][i] + shards[3][i])) / 4
      }
      #expect(whole[index].values == tree, "\(whole[index].name)")
    }
  }
}
