import Attacks
import Engine
import Foundation
import Networks
import TestSupport
import Testing

@Suite struct AttackTests {
  struct Fixture: Decodable {
    let script: String
    let labels: [Int]
    let fgsm: [Float]
    let aims: [Int]
    let targetedFGSM: [Float]
    let truth: [Int]
    let fgsmRight: Int
    let pgdRight: Int
    let pgdL2Right: Int

    enum CodingKeys: String, CodingKey {
      case script, labels, fgsm, aims, truth
      case targetedFGSM = "targeted_fgsm"
      case fgsmRight = "fgsm_right"
      case pgdRight = "pgd_right"
      case pgdL2Right = "pgd_l2_right"
    }
  }

  private let pool = WorkerPool(threads: 2)

  private func answers(_ images: [Float], _ executor: Executor) -> [Int] {
    let logits = executor.logits(images)
    return (0..<images.count / 144).map { image in
      (0..<10).max { logits[image * 10 + $0] < logits[image * 10 + $1] } ?? 0
    }
  }

  private func fixture() throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/attacks", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "attacks.py")
    return fixture
  }

  @Test func `FGSM equals torchattacks, aimed and not`() throws {
    let fixture = try fixture()
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(6 * 144, 88)
    let changed = FGSM(AttackSettings(epsilon: 0.03))
      .adversarial(images, labels: fixture.labels, against: executor)
    // A pixel whose gradient is rounding alone may go the other way.
    let off = zip(changed, fixture.fgsm).count { abs($0 - $1) > 1e-6 }
    #expect(off <= changed.count / 100)
    for (image, aim) in fixture.aims.enumerated() {
      let range = image * 144..<(image + 1) * 144
      let towards = FGSM(AttackSettings(epsilon: 0.03, target: aim))
        .adversarial(Array(images[range]), labels: [fixture.labels[image]], against: executor)
      let off = zip(towards, fixture.targetedFGSM[range]).count { abs($0 - $1) > 1e-6 }
      #expect(off <= 1)
    }
  }

  @Test func `PGD leaves no more images right than torchattacks`() throws {
    let fixture = try fixture()
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(200 * 144, 99)
    func right(_ attack: any Attack) -> Int {
      let changed = attack.adversarial(images, labels: fixture.truth, against: executor)
      let outcome = Outcome(
        clean: images, adversarial: changed, labels: fixture.truth, against: executor)
      #expect(outcome.cleanAccuracy == 1)
      return Int((outcome.robustAccuracy * 200).rounded())
    }
    // Half a point of 200 images is one image.
    #expect(abs(right(FGSM(AttackSettings(epsilon: 0.04))) - fixture.fgsmRight) <= 1)
    #expect(
      right(PGD(AttackSettings(epsilon: 0.03, steps: 20, stepSize: 0.003))) <= fixture.pgdRight + 1)
    #expect(
      right(PGD(AttackSettings(epsilon: 0.3, norm: .l2, steps: 20, stepSize: 0.03)))
        <= fixture.pgdL2Right + 1)
  }

  /// Each attack that has a ball, with each of its norms.
  static let balls = Attacks.all.flatMap { kind in
    kind.norms.filter { kind.defaultEpsilon($0) != nil }.map { (kind.name, $0) }
  }

  @Test(arguments: balls)
  func `changed images stay inside the ball and in range`(name: String, norm: Norm) throws {
    for epsilon: Float in [0, 0.01, 0.3, 5] { try checkBall(name, norm, epsilon) }
  }

  private func checkBall(_ name: String, _ norm: Norm, _ epsilon: Float) throws {
    let executor = Executor(try smallCNN(), pool: pool)
    var images = hashed(20 * 144, 7)
    for i in stride(from: 0, to: images.count, by: 5) { images[i] = 0 }
    for i in stride(from: 1, to: images.count, by: 5) { images[i] = 1 }
    let labels = answers(images, executor)
    let settings = AttackSettings(
      epsilon: epsilon, norm: norm, steps: 5, restarts: 2, queries: 40, seed: 3)
    let attack = try #require(Attacks.attack(name, settings))
    let changed = attack.adversarial(images, labels: labels, against: executor)
    #expect(changed.allSatisfy { (0...1).contains($0) })
    let outcome = Outcome(clean: images, adversarial: changed, labels: labels, against: executor)
    for image in 0..<20 {
      let size = norm == .linf ? outcome.linf[image] : outcome.l2[image]
      #expect(size <= epsilon + 1e-6 * max(1, epsilon))
    }
    if epsilon == 0 {
      #expect(changed == images)
      #expect(outcome.robustAccuracy == outcome.cleanAccuracy)
      #expect(outcome.robustAccuracy8bit == outcome.cleanAccuracy)
    } else {
      #expect(changed != images)
    }
  }

  @Test func `more restarts and more steps never help the defence here`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(100 * 144, 11)
    let labels = answers(images, executor)
    func robust(_ settings: AttackSettings) -> Double {
      let changed = PGD(settings).adversarial(images, labels: labels, against: executor)
      return Outcome(clean: images, adversarial: changed, labels: labels, against: executor)
        .robustAccuracy
    }
    let once = robust(AttackSettings(epsilon: 0.015, steps: 10, stepSize: 0.003))
    let thrice = robust(AttackSettings(epsilon: 0.015, steps: 10, stepSize: 0.003, restarts: 3))
    #expect(thrice <= once)
    #expect(robust(AttackSettings(epsilon: 1, steps: 40, stepSize: 0.05)) == 0)
  }

  /// Draws nothing at random.
  private static let plain: Set = [
    "fgsm", "bim", "mi-fgsm", "deepfool", "cw", "fab", "jsma", "universal", "spatial",
  ]

  @Test(arguments: Attacks.all.map { $0.name })
  func `the seed decides, the threads do not`(name: String) throws {
    let network = try smallCNN()
    let images = hashed(20 * 144, 12)
    let labels = answers(images, Executor(network, pool: pool))
    func attack(seed: UInt64, threads: Int) throws -> [Float] {
      let settings = AttackSettings(steps: 3, queries: 60, seed: seed)
      return try #require(Attacks.attack(name, settings)).adversarial(
        images, labels: labels, against: Executor(network, pool: WorkerPool(threads: threads)))
    }
    let one = try attack(seed: 1, threads: 1)
    #expect(try one == attack(seed: 1, threads: 3))
    #expect(try (one == attack(seed: 2, threads: 1)) == Self.plain.contains(name))
    #expect(one != images && one.allSatisfy { (0...1).contains($0) })
  }

  @Test(arguments: Attacks.all.filter { !$0.isShared }.map { $0.name })
  func `attacking in parts gives the same images`(name: String) throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(30 * 144, 15)
    let labels = answers(images, executor)
    func changed(_ range: Range<Int>) throws -> [Float] {
      var settings = AttackSettings(epsilon: 0.1, steps: 3, queries: 60)
      settings.firstIndex = range.lowerBound
      return try #require(Attacks.attack(name, settings)).adversarial(
        Array(images[range.lowerBound * 144..<range.upperBound * 144]),
        labels: Array(labels[range]), against: executor)
    }
    #expect(try changed(0..<30) == changed(0..<13) + changed(13..<30))
  }

  @Test func `an aimed attack counts only its target as success`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(50 * 144, 13)
    let labels = answers(images, executor)
    let target = (0..<10).first { !labels.contains($0) } ?? 0
    let changed = PGD(AttackSettings(epsilon: 0.5, steps: 40, stepSize: 0.03, target: target))
      .adversarial(images, labels: labels, against: executor)
    let outcome = Outcome(
      clean: images, adversarial: changed, labels: labels, target: target, against: executor)
    #expect((outcome.successRate ?? 0) > 0.5)
    for image in 0..<50 where outcome.succeeded(image) {
      #expect(outcome.predictions[image] == target)
    }
  }

  @Test(
    arguments: ["spsa", "one-pixel", "hop-skip-jump", "square", "spatial"], [1, 2, 3, 40, 300])
  func `a black box attack keeps its budget of answers`(name: String, queries: Int) throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(5 * 144, 16)
    let labels = answers(images, executor)
    let settings = AttackSettings(epsilon: 0.01, queries: queries)
    for image in 0..<5 {
      let before = executor.queries
      _ = try #require(Attacks.attack(name, settings)).adversarial(
        Array(images[image * 144..<(image + 1) * 144]), labels: [labels[image]], against: executor)
      #expect(executor.queries - before <= queries)
    }
  }

  @Test func `what becomes of an image does not depend on the others`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(20 * 144, 15)
    let labels = answers(images, executor)
    // Small enough that some images hold out to the last of the four.
    func changed(_ range: Range<Int>) -> [Float] {
      var settings = AttackSettings(epsilon: 0.015, steps: 5, queries: 40)
      settings.firstIndex = range.lowerBound
      return AutoAttack(settings).adversarial(
        Array(images[range.lowerBound * 144..<range.upperBound * 144]),
        labels: Array(labels[range]), against: executor)
    }
    let together = changed(0..<20)
    let outcome = Outcome(
      clean: images, adversarial: together, labels: labels, against: executor)
    #expect(outcome.robustAccuracy > 0.1 && outcome.robustAccuracy < 0.9)
    let different = (0..<20).filter {
      changed($0..<$0 + 1) != Array(together[$0 * 144..<($0 + 1) * 144])
    }
    #expect(different.isEmpty)
  }

  @Test func `rounding goes towards the clean image`() throws {
    let clean: [Float] = [100 / 255, 100 / 255, 0, 1, 0.5]
    let changed: [Float] = [100.7 / 255, 98.4 / 255, 0.4 / 255, 254.6 / 255, 0.5]
    let rounded = Outcome.rounded(changed, towards: clean)
    let expected: [Float] = [100 / 255, 99 / 255, 0, 1, 0.5]
    for (value, right) in try paired(rounded, expected) { #expect(abs(value - right) < 1e-6) }
  }

  @Test func `images that were wrong before count as broken`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let images = hashed(30 * 144, 14)
    let wrong = [Int](repeating: 9, count: 30)
    let outcome = Outcome(clean: images, adversarial: images, labels: wrong, against: executor)
    #expect(outcome.robustAccuracy == outcome.cleanAccuracy)
    let none = Outcome(
      clean: images, adversarial: images,
      labels: outcome.cleanPredictions.map { ($0 + 1) % 10 }, against: executor)
    #expect(none.robustAccuracy == 0 && none.successRate == nil && none.meanL2 == nil)
  }
}
