import Engine
import Experiments
import Foundation
import Generators
import Networks
import TestSupport
import Testing
import Training

/// A generator against a critic.
@Suite struct AdversarialTests {
  private struct Fixture: Decodable {
    let script: String
    let losses: [[Double]]
    let generator: [[Double]]
    let critic: [[Double]]
    let pictures: [Double]
  }

  private func latents(_ count: Int, _ stream: UInt64) -> [Float] {
    hashed(count * 6, stream).map { 4 * $0 - 2 }
  }

  @Test func `ten steps agree with PyTorch`() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/adversarial_steps", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "adversarial_steps.py")
    let pool = WorkerPool(threads: 2)
    let networks = [
      try hashedNetwork(
        "flatten linear(72,bias=no) unflatten(8,3,3) norm relu upsample(2) conv(6,3,bias=no) norm relu upsample(2)"
          + " conv(1,3) sigmoid flatten", (6, 1, 1), for: .numbers),
      try hashedNetwork(
        "conv(6,4,stride=2,padding=1) leaky-relu(0.2) conv(8,4,stride=2,padding=1) leaky-relu(0.2) flatten linear(1)",
        (1, 12, 12), normalization: Normalization(mean: [0.5], standardDeviation: [0.5]),
        for: .numbers),
    ]
    let executors = zip(networks, [20, 40]).map { network, batch in
      TrainingExecutor(network, batchSize: batch, seed: 1, pool: pool)
    }
    let pair = AdversarialPair(executors[0], against: executors[1], pool: pool)
    for number in 0..<10 {
      let update = Optimizer.adam(weightDecay: 0).update(
        learningRate: 0.002, step: number + 1, beta1: 0.5)
      let found = pair.step(
        hashed(20 * 144, UInt64(2000 + number)), latents(20, UInt64(1000 + number)),
        number: number, critic: update, generator: update)
      for (sum, loss) in try paired(found, fixture.losses[number]) {
        #expect(abs(sum / 20 - loss) < 1e-5, "step \(number)")
      }
    }
    for (executor, sums) in zip(executors, [fixture.generator, fixture.critic]) {
      let network = executor.network
      let learned = zip(network.architecture.tensors, network.tensors).filter {
        $0.0.parameter.isLearned
      }
      for (tensor, sum) in try paired(learned.map(\.1), sums) {
        let size = tensor.values.reduce(0.0) { $0 + Double(abs($1)) }
        #expect(abs(size - sum[1]) < 1e-4 * sum[1] + 1e-5, "\(tensor.name)")
      }
    }
    let pictures = Executor(executors[0].network, pool: pool).logits(latents(3, 3000))
    for (value, exact) in try paired(pictures, fixture.pictures) {
      #expect(abs(Double(value) - exact) < 1e-4)
    }
  }

  @Test func `it learns to draw what it has seen, either sort of it`() throws {
    var run = smallRun(.gan)
    (run.epochs, run.learningRate) = (60, 0.005)
    let trainer = GeneratorTrainer(try prepared(run), pool: WorkerPool(threads: 2))
    trainer.train()
    let record = try #require(trainer.history.last)
    #expect(record.losses.map(\.name) == ["critic", "generator"])
    #expect(record.validation.map(\.name) == ["critic", "generator"])
    #expect(record.validation.allSatisfy { $0.error ?? 0 > 0 } && record.validationCount == 30)
    let pictures = Generator(trainer.checkpoint, pool: WorkerPool(threads: 2))
      .pictures(200, seed: 3)
    #expect(pictures.allSatisfy { (0...1).contains($0) })
    // By how much the upper half is brighter: 0.82 for the pictures of one class, -0.82 for those of the other.
    let differences = (0..<200).map { picture in
      let halves = [0, 32].map { start in
        pictures[picture * 64 + start..<picture * 64 + start + 32].reduce(0, +) / 32
      }
      return halves[0] - halves[1]
    }
    #expect(differences.count { $0 > 0.4 } > 20 && differences.count { $0 < -0.4 } > 20)
    #expect(differences.count { abs($0) > 0.4 } > 120)
  }

  @Test func `what is kept has statistics of its own weights`() throws {
    var run = smallRun(.gan)
    run.epochs = 1
    let trainer = GeneratorTrainer(try prepared(run), pool: WorkerPool(threads: 2))
    trainer.train()
    let network = trainer.checkpoint.network
    let executor = TrainingExecutor(
      network, batchSize: 64, seed: 1, pool: WorkerPool(threads: 2))
    let latents = hashed(64 * 4, 7).map { 4 * $0 - 2 }
    // The mini-batch's own statistics give nearly what the kept ones give.
    let outputs = executor.outputs(of: 64, number: 0) { image, numbers in
      for i in 0..<4 { numbers[i] = latents[image * 4 + i] }
    }
    let kept = Executor(network, pool: WorkerPool(threads: 2)).logits(latents)
    let difference = zip(outputs, kept).reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
    #expect(difference / Float(kept.count) < 0.02)
  }
}
