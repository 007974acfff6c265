import Attacks
import Datasets
import Engine
import Networks
import TestSupport
import Testing
import Training

/// Attacks aimed at a class, on a network that has learned: four classes, a bar in one of four rows.
@Suite struct AimedTests {
  private static func images(_ count: Int, stream: UInt64) -> LabeledImages {
    let noise = hashed(count * 64, stream)
    let pixels = noise.indices.map { i -> UInt8 in
      let row = 2 * (i / 64 % 4)
      return UInt8(60 * noise[i] + (i % 64 / 8 == row ? 120 : 0))
    }
    return LabeledImages(
      channels: 1, height: 8, width: 8, pixels: pixels, labels: (0..<count).map { $0 % 4 })
  }

  private static let trained: Network? = {
    guard
      let network = try? hashedNetwork(
        "conv(6,3) relu maxpool(2) flatten linear(12) relu linear(4)", (1, 8, 8))
    else { return nil }
    let trainer = Trainer(
      network, train: images(400, stream: 1), validation: images(40, stream: 2),
      configuration: TrainingConfiguration(
        epochs: 6, batchSize: 20, learningRate: 0.01, seed: 3), pool: WorkerPool(threads: 2))
    trainer.run()
    return trainer.result
  }()

  private func successRate(_ name: String, _ settings: AttackSettings) throws -> Double {
    let executor = Executor(try #require(Self.trained), pool: WorkerPool(threads: 2))
    let test = Self.images(40, stream: 2)
    let clean = test.floats(0..<test.count)
    var hits: [Double] = []
    for target in 0..<4 {
      var settings = settings
      settings.target = target
      let models = test.labels.indices.filter { test.labels[$0] == target }
      settings.starts = test.floats(models.prefix(4))
      let changed = try #require(Attacks.attack(name, settings)).adversarial(
        clean, labels: test.labels, against: executor)
      let outcome = Outcome(
        clean: clean, adversarial: changed, labels: test.labels, target: target, against: executor)
      #expect(outcome.cleanAccuracy > 0.95)
      hits.append(outcome.successRate ?? 0)
    }
    return hits.reduce(0, +) / 4
  }

  @Test(arguments: ["fab", "hop-skip-jump"])
  func `a search for the smallest change hits as often as Carlini and Wagner`(name: String) throws {
    let reference = try successRate("cw", AttackSettings())
    #expect(reference > 0.95)
    let rate = try successRate(name, AttackSettings(norm: .l2, queries: 3000))
    #expect(rate >= reference - 0.05, "\(rate), not \(reference)")
  }

  @Test(arguments: ["apgd-ce", "apgd-dlr", "mi-fgsm", "bim", "square", "spsa"])
  func `an attack in a ball hits about as often as PGD`(name: String) throws {
    let settings = AttackSettings(epsilon: 0.25, queries: 6000)
    let reference = try successRate("pgd", settings)
    #expect(reference > 0.5)
    let rate = try successRate(name, settings)
    #expect(rate >= reference - 0.1, "\(rate), not \(reference)")
  }
}
