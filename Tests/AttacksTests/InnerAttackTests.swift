import Attacks
import Datasets
import Engine
import Files
import Networks
import TestSupport
import Testing
import Training

/// Two classes of 6 x 6 images that differ by a clear bar in one half, and by a faint pattern all over that gives the class
/// away too, but that a small change can turn round.
private func images(_ count: Int, stream: UInt64) -> LabeledImages {
  let noise = hashed(count * 36, stream)
  let labels = (0..<count).map { $0 % 2 }
  let pixels = noise.indices.map { i -> UInt8 in
    let sign: Float = labels[i / 36] == 0 ? 1 : -1
    let bar: Float = i % 36 / 6 == (labels[i / 36] == 0 ? 1 : 4) ? 90 : 0
    let faint: Float = (i % 2 == 0 ? 1 : -1) * sign * 12
    return UInt8(80 + 30 * noise[i] + bar + faint)
  }
  return LabeledImages(channels: 1, height: 6, width: 6, pixels: pixels, labels: labels)
}

@Suite struct InnerAttackTests {
  private let train = images(200, stream: 1)
  private let test = images(100, stream: 2)
  private let text = "conv(4,3) norm relu maxpool(2) flatten dropout(0.1) linear(8) relu linear(2)"

  private func configuration(_ name: String?) throws -> TrainingConfiguration {
    var configuration = TrainingConfiguration(
      epochs: 8, batchSize: 20, learningRate: 0.01, seed: 3)
    configuration.adversary = try name.map {
      InnerAttack(
        try #require(InnerAttack.Kind($0, beta: 6)), epsilon: 0.12, steps: 3, seed: 3)
    }
    return configuration
  }

  private func trainer(_ name: String?, threads: Int = 2) throws -> Trainer {
    Trainer(
      try hashedNetwork(text, (1, 6, 6)), train: train, validation: test,
      configuration: try configuration(name), pool: WorkerPool(threads: threads))
  }

  private func robustAccuracy(_ network: Network) -> Double {
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let clean = test.floats(0..<test.count)
    let changed = PGD(AttackSettings(epsilon: 0.12, steps: 20, stepSize: 0.02))
      .adversarial(clean, labels: test.labels, against: executor)
    return Outcome(clean: clean, adversarial: changed, labels: test.labels, against: executor)
      .robustAccuracy
  }

  @Test(arguments: ["pgd", "fgsm", "trades"])
  func `a network that learns from changed images is harder to fool`(name: String) throws {
    let plain = try trainer(nil)
    let hardened = try trainer(name)
    plain.run()
    hardened.run()
    let (before, after) = (robustAccuracy(plain.result), robustAccuracy(hardened.result))
    #expect(after > before + 0.2, "\(before) became \(after)")
  }

  @Test(arguments: ["pgd", "trades"])
  func `threads and a stop on the way change nothing`(name: String) throws {
    let whole = try trainer(name, threads: 1)
    whole.run()
    let stopped = try trainer(name, threads: 2)
    var steps = 0
    stopped.run(while: {
      steps += 1
      return steps < 33
    })
    let folder = try TemporaryFolder()
    let path = folder.file("run.resume.safetensors")
    let run = RunConfiguration()
    try ResumeFile(run: run, images: 1, state: stopped.currentState).write(to: path)
    let file = try ResumeFile.read(
      path, network: try hashedNetwork(text, (1, 6, 6)), run: run, images: 1)
    let resumed = Trainer(
      file.state, train: train, validation: test, configuration: try configuration(name),
      pool: WorkerPool(threads: 3))
    resumed.run()
    #expect(resumed.result == whole.result)
    #expect(resumed.currentState.history == whole.currentState.history)
  }

  @Test func `the ball grows in the first part of a run`() throws {
    let attack = InnerAttack(.attack(PGD.self), epsilon: 0.3, steps: 5, growth: 0.5)
    #expect(attack.epsilon(step: 0, of: 100) == 0)
    #expect(abs(attack.epsilon(step: 25, of: 100) - 0.15) < 1e-6)
    #expect(attack.epsilon(step: 50, of: 100) == 0.3 && attack.epsilon(step: 99, of: 100) == 0.3)
    // A ball without width leaves the images as they are.
    let executor = Executor(try hashedNetwork(text, (1, 6, 6)), pool: WorkerPool(threads: 1))
    let clean = test.floats(0..<20)
    let labels = Array(test.labels[..<20])
    #expect(
      attack.adversarial(clean, labels: labels, against: executor, step: 0, of: 100, firstIndex: 0)
        == clean)
    #expect(
      attack.adversarial(clean, labels: labels, against: executor, step: 60, of: 100, firstIndex: 0)
        != clean)
  }

  @Test func `attacks without a ball of their own are no inner attacks`() {
    #expect(InnerAttack.names.contains("pgd") && InnerAttack.names.contains("trades"))
    for name in ["deepfool", "universal", "spatial", "magic"] {
      #expect(InnerAttack.Kind(name, beta: 3) == nil)
    }
  }
}
