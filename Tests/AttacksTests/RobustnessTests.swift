import Attacks
import Engine
import Networks
import TestSupport
import Testing

@Suite struct RobustnessTests {
  private let pool = WorkerPool(threads: 2)
  private let images = hashed(60 * 144, 17)

  private func labels(_ executor: Executor) -> [Int] {
    Outcome(
      clean: images, adversarial: images, labels: [Int](repeating: 0, count: 60), against: executor
    ).cleanPredictions
  }

  @Test func `a grid counts what hits, of what was right`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    var labels = labels(executor)
    // An image that is wrong before does not count.
    let first = labels[0]
    labels[0] = (first + 1) % 10
    let settings = AttackSettings(epsilon: 0.5, steps: 30, stepSize: 0.05)
    var told = 0
    let grid = TargetGrid(PGD.self, settings, images, labels: labels, against: executor) {
      told = $0
    }
    #expect(told == 10 && grid.counts.reduce(0, +) == 59)
    for source in 0..<10 {
      #expect(grid.hits[source][source] == 0 && grid.rate(from: source, to: source) == nil)
      for target in 0..<10 where target != source {
        #expect(grid.hits[source][target] <= grid.counts[source])
        #expect((grid.examples[source][target] != nil) == (grid.hits[source][target] > 0))
      }
    }
    #expect((grid.meanRate ?? 0) > 0.5)
    // One cell by hand.
    let source = grid.counts.indices.max { grid.counts[$0] < grid.counts[$1] } ?? 0
    let target = (source + 1) % 10
    var aimed = settings
    aimed.target = target
    let own = labels.indices.filter { $0 > 0 && labels[$0] == source }
    let clean = own.flatMap { images[$0 * 144..<($0 + 1) * 144] }
    let changed = PGD(aimed).adversarial(
      clean, labels: own.map { _ in source }, against: executor)
    let outcome = Outcome(
      clean: clean, adversarial: changed, labels: own.map { _ in source }, target: target,
      against: executor)
    #expect(abs((outcome.successRate ?? 0) - (grid.rate(from: source, to: target) ?? -1)) < 0.15)
  }

  @Test func `an honest network passes every check for masked gradients`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let checks = MaskingCheck.all(
      images, labels: labels(executor), against: executor,
      AttackSettings(epsilon: 0.1, queries: 100))
    #expect(checks.map(\.kind) == MaskingCheck.Kind.allCases)
    for check in checks { #expect(check.passes && check.count == 60, "\(check.verdict)") }
    #expect(Set(checks.map(\.baseline)).count == 1)
  }

  @Test func `a network that is sure beyond rounding is attacked all the same`() throws {
    // Logits a million times as large: 1 - p is lost in rounding, and with it a plain gradient of the loss.
    var network = try smallCNN()
    for index in network.tensors.indices where network.tensors[index].name.hasPrefix("linear2") {
      network.tensors[index].values = network.tensors[index].values.map { $0 * 1e6 }
    }
    let executor = Executor(network, pool: pool)
    let plain = Executor(try smallCNN(), pool: pool)
    for attack in [FGSM.name, BIM.name, PGD.name, MIFGSM.name, APGDCrossEntropy.name] {
      let robust = [executor, plain].map { executor in
        let changed =
          Attacks.attack(attack, AttackSettings(epsilon: 0.05))?.adversarial(
            images, labels: labels(executor), against: executor) ?? images
        return Outcome(
          clean: images, adversarial: changed, labels: labels(executor), against: executor
        ).robustAccuracy
      }
      #expect(abs(robust[0] - robust[1]) <= 0.1, "\(attack): \(robust)")
    }
  }

  @Test func `a check passes or not by its figures`() {
    func check(_ kind: MaskingCheck.Kind, _ accuracy: Double) -> MaskingCheck {
      MaskingCheck(kind, baseline: 0.9, accuracy: accuracy, count: 1000)
    }
    #expect(check(.moreSteps, 0.88).passes && !check(.moreSteps, 0.87).passes)
    #expect(check(.blackBox, 0.95).passes && !check(.blackBox, 0.5).passes)
    #expect(check(.wholeRange, 0).passes && !check(.wholeRange, 0.001).passes)
    #expect(check(.blackBox, 0.5).verdict.contains("50.0 %"))
  }

  @Test(arguments: Norm.allCases)
  func `hop-skip-jump comes near what gradients find, and counts its queries`(norm: Norm) throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let labels = labels(executor)
    func median(_ attack: any Attack) -> Float {
      let changed = attack.adversarial(images, labels: labels, against: executor)
      let outcome = Outcome(clean: images, adversarial: changed, labels: labels, against: executor)
      #expect(outcome.robustAccuracy == 0)
      return outcome.flippingDistances(norm).sorted()[30]
    }
    let fab = median(FAB(AttackSettings(norm: norm)))
    let before = executor.queries
    let few = median(HopSkipJump(AttackSettings(norm: norm, queries: 500)))
    // The outcome's own three looks do not count.
    #expect(executor.queries - before <= 60 * (500 + 3))
    let many = median(HopSkipJump(AttackSettings(norm: norm, queries: 4000)))
    #expect(many < few && many < 2 * fab && many >= 0.95 * fab)
  }

  @Test func `aimed hop-skip-jump starts from an image of its target`() throws {
    let executor = Executor(try smallCNN(), pool: pool)
    let labels = labels(executor)
    let target = labels[0]
    let others = labels.indices.filter { labels[$0] != target }.prefix(10)
    let clean = others.flatMap { images[$0 * 144..<($0 + 1) * 144] }
    var settings = AttackSettings(norm: .l2, queries: 1500, target: target)
    settings.starts = Array(images[..<144])
    let changed = HopSkipJump(settings).adversarial(
      clean, labels: others.map { labels[$0] }, against: executor)
    let outcome = Outcome(
      clean: clean, adversarial: changed, labels: others.map { labels[$0] }, target: target,
      against: executor)
    #expect(outcome.successRate == 1)
    let start = zip(others, outcome.l2).map { image, length in
      let way = (0..<144).map { images[$0] - images[image * 144 + $0] }
      return length / way.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    #expect(start.allSatisfy { $0 < 0.9 })
  }
}
