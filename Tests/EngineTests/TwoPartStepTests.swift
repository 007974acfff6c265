import Engine
import Foundation
import KernelTable
import Networks
import TestSupport
import Testing

/// Steps whose outputs are asked for before it is known what is to be learned from them.
@Suite struct TwoPartStepTests {
  private static let texts = [
    "conv(6,3) norm relu dropout(0.3) maxpool(2) conv(7,3) norm relu flatten linear(4)",
    "flatten linear(20) norm relu dropout(0.5) residual(linear(20) norm | noise(0.1)) sample linear(4)",
    "conv(5,3) relu maxpool(2) flatten linear(4)",
  ]

  private func executor(_ network: Network, threads: Int) -> TrainingExecutor {
    TrainingExecutor(network, batchSize: 50, seed: 9, pool: WorkerPool(threads: threads))
  }

  private func update(_ number: Int) -> ParameterUpdate {
    ParameterUpdate(
      formula: .adam(
        rate: 0.01, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, rootScale: Float(1 + number)))
  }

  @Test(arguments: texts)
  func `both parts are a whole step, to the bit, on any number of threads`(text: String) throws {
    let network = try hashedNetwork(text, (1, 9, 8))
    let whole = executor(network, threads: 2)
    var found: [TrainingExecutor.StepResult] = []
    // The last mini-batch has a shard less, and one that is not full.
    let sizes = [50, 50, 20]
    func images(_ number: Int) -> [Float] { hashed(50 * 72, UInt64(60 + number)) }
    func objective(_ number: Int) -> ClassObjective {
      ClassObjective((0..<sizes[number]).map { ($0 * 3 + number) % 4 }, smoothing: 0.1)
    }
    for number in sizes.indices {
      let images = images(number)
      found.append(
        whole.step(objective(number), number: number, update: update(number)) { image, target in
          for i in 0..<72 { target[i] = images[image * 72 + i] }
        })
    }
    for threads in [1, 2, 3] {
      let parted = executor(network, threads: threads)
      for number in sizes.indices {
        let images = images(number)
        let outputs = parted.outputs(of: sizes[number], number: number) { image, target in
          for i in 0..<72 { target[i] = images[image * 72 + i] }
        }
        #expect(outputs.count == 4 * sizes[number])
        let result = parted.step(objective(number), update: update(number))
        #expect(result.loss == found[number].loss && result.correct == found[number].correct)
        #expect(result.gradientNorm == found[number].gradientNorm)
      }
      #expect(parted.network == whole.network && parted.moments.second == whole.moments.second)
    }
  }

  @Test func `outputs are those of training, by the mini-batch's own statistics`() throws {
    let network = try hashedNetwork(
      "conv(6,3) norm relu maxpool(2) flatten linear(5)", (1, 9, 8))
    let images = hashed(37 * 72, 61)
    let found = executor(network, threads: 2).outputs(of: 37, number: 0) { image, target in
      for i in 0..<72 { target[i] = images[image * 72 + i] }
    }
    let rows = (0..<37).map { images[$0 * 72..<($0 + 1) * 72].map(Double.init) }
    let exact = Oracle(network).logits(rows, training: true).flatMap { $0 }
    for (a, b) in try paired(found, exact) { #expect(abs(Double(a) - b) < 1e-4 * max(1, abs(b))) }
  }

  @Test func `gradients that are handed in are learned from as an objective's own`() throws {
    let network = try hashedNetwork(Self.texts[0], (1, 9, 8))
    // Powers of two, so that no product is rounded.
    let (images, targets) = (hashed(32 * 72, 62), hashed(32 * 4, 63))
    let (own, given) = (executor(network, threads: 2), executor(network, threads: 2))
    let result = own.step(
      SquaredErrorObjective(targets, images: 32), number: 0, update: update(0)
    ) { image, target in for i in 0..<72 { target[i] = images[image * 72 + i] } }
    let outputs = given.outputs(of: 32, number: 0) { image, target in
      for i in 0..<72 { target[i] = images[image * 72 + i] }
    }
    let differences = zip(outputs, targets).map { $0 - $1 }
    let losses = (0..<32).map { image in
      let squares = differences[4 * image..<4 * image + 4].map { $0 * $0 }
      return squares.reduce(0, +) / 4
    }
    let other = given.step(
      GradientObjective(losses: losses, gradients: differences.map { 2 * $0 / 4 }),
      update: update(0))
    #expect(own.network == given.network && other.loss == result.loss && other.correct == nil)
  }
}

/// The cross-entropy of yes and no.
@Suite struct BinaryObjectiveTests {
  @Test func `a sure logit's loss is a number, and its slope the share that is wrong`() throws {
    // log(1 + e^-z) for a yes; the numbers are PyTorch's in double precision.
    let exact: [(logit: Float, target: Float, loss: Double, slope: Double)] = [
      (0, 1, 0.693_147_180_559_945_3, -0.5), (0, 0.3, 0.693_147_180_559_945_3, 0.2),
      (2, 1, 0.126_928_011_042_972_6, -0.119_202_922_022_117_6),
      (2, 0, 2.126_928_011_042_973, 0.880_797_077_977_882_4),
      (-3, 0.25, 0.798_587_351_573_742, -0.202_574_126_822_433_4),
      (200, 1, 0, 0), (200, 0, 200, 1), (-200, 0, 0, 0), (-200, 1, 200, -1),
    ]
    for (logit, target, loss, slope) in exact {
      let found = BinaryObjective.value(logit, target)
      #expect(abs(Double(found.loss) - loss) < 1e-6 * max(1, loss))
      #expect(abs(Double(found.slope) - slope) < 1e-6)
    }
  }

  @Test func `a step's gradients are finite differences of the loss`() throws {
    let network = try hashedNetwork("conv(4,3) tanh flatten linear(3)", (1, 5, 6))
    let images = hashed(19 * 30, 64)
    let targets = hashed(19 * 3, 65)
    let still = ParameterUpdate(formula: .momentum(rate: 0, momentum: 0))
    func step(_ network: Network) -> (loss: Double, slopes: [Tensor]) {
      let executor = TrainingExecutor(
        network, batchSize: 19, seed: 1, pool: WorkerPool(threads: 2))
      let result = executor.step(
        BinaryObjective(targets, images: 19), number: 0, update: still
      ) { image, target in for i in 0..<30 { target[i] = images[image * 30 + i] } }
      return (result.loss / 19, executor.moments.first)
    }
    for (index, slopes) in step(network).slopes.enumerated() {
      for position in Set([0, slopes.values.count / 2, slopes.values.count - 1]) {
        var (up, down) = (network, network)
        up.tensors[index].values[position] += 0.01
        down.tensors[index].values[position] -= 0.01
        let slope = (step(up).loss - step(down).loss) / 0.02
        #expect(
          abs(Double(slopes.values[position]) - slope) < 2e-5 + 1e-2 * abs(slope),
          "\(slopes.name)[\(position)]")
      }
    }
  }
}
