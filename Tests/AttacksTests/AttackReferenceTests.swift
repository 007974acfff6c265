import Attacks
import Engine
import Foundation
import TestSupport
import Testing

/// Beside torchattacks and Foolbox; see minimal_attacks.py and further_attacks.py in Scripts/reference.
@Suite struct AttackReferenceTests {
  struct Fixture: Decodable {
    let script: String
    let truth: [Int]
    let right: [String: Int]
    let median: [String: Float]
  }

  private func fixture() throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/minimal", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "minimal_attacks.py")
    return fixture
  }

  struct FurtherFixture: Decodable {
    let script: String
    let right: [String: Int]
    let median: [String: Float]
  }

  private func further() throws -> FurtherFixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/further", withExtension: "json"))
    let fixture = try JSONDecoder().decode(FurtherFixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "further_attacks.py")
    return fixture
  }

  private func outcome(_ name: String, _ settings: AttackSettings) throws -> Outcome {
    let executor = Executor(try smallCNN(), pool: WorkerPool(threads: 2))
    let images = hashed(1000 * 144, 99)
    let labels = try fixture().truth
    let changed = try #require(Attacks.attack(name, settings)).adversarial(
      images, labels: labels, against: executor)
    return Outcome(clean: images, adversarial: changed, labels: labels, against: executor)
  }

  @Test(
    arguments: [
      ("bim", Norm.linf, 10, 0.006), ("mi-fgsm", .linf, 10, 0.003), ("pgd", .linf, 40, 0.001),
      ("pgd", .l2, 40, 0.01), ("apgd-ce", .linf, 100, nil), ("apgd-ce", .l2, 100, nil),
      ("apgd-dlr", .linf, 100, nil), ("apgd-dlr", .l2, 100, nil), ("square", .linf, nil, nil),
    ] as [(String, Norm, Int?, Float?)])
  func `no more of 1,000 images stay right than half a point above the reference`(
    name: String, norm: Norm, steps: Int?, stepSize: Float?
  ) throws {
    let reference = try #require(try fixture().right["\(name) \(norm.rawValue)"])
    let outcome = try outcome(
      name,
      AttackSettings(
        epsilon: norm == .linf ? 0.03 : 0.3, norm: norm, steps: steps, stepSize: stepSize,
        queries: 200))
    #expect(outcome.cleanAccuracy == 1)
    let right = Int((outcome.robustAccuracy * 1000).rounded())
    #expect(right <= reference + 5)
  }

  @Test(arguments: ["deepfool", "cw", "fab"])
  func `the median smallest change is at most 2 % above the reference`(name: String) throws {
    let reference = try #require(try fixture().median["\(name) l2"])
    let outcome = try outcome(name, AttackSettings(norm: .l2))
    #expect(outcome.robustAccuracy == 0)
    let median = outcome.l2.sorted()[500]
    #expect(median <= 1.02 * reference)
  }

  @Test(
    arguments: [
      // torchattacks' spsa asks for 256 answers in each of its 20 steps, ours for 128.
      ("auto", 0.02, nil, nil), ("spsa", 0.02, 40, nil), ("jsma", nil, nil, nil),
      ("one-pixel", nil, nil, 1101), ("spatial", nil, nil, nil), ("universal", 0.05, nil, nil),
    ] as [(String, Float?, Int?, Int?)])
  func `attacks of other kinds leave no more right than the reference`(
    name: String, epsilon: Float?, steps: Int?, queries: Int?
  ) throws {
    let reference = try #require(try further().right[name])
    let outcome = try outcome(
      name, AttackSettings(epsilon: epsilon, steps: steps, queries: queries))
    let right = Int((outcome.robustAccuracy * 1000).rounded())
    #expect(right <= reference + 5, "\(right)")
  }

  @Test(arguments: [("fab", Norm.linf), ("hop-skip-jump", .l2), ("hop-skip-jump", .linf)])
  func `further medians are at most 2 % above the reference`(name: String, norm: Norm) throws {
    let reference = try #require(try further().median["\(name) \(norm.rawValue)"])
    let outcome = try outcome(
      name, AttackSettings(norm: norm, steps: name == "fab" ? nil : 16))
    #expect(outcome.robustAccuracy == 0)
    let median = outcome.flippingDistances(norm).sorted()[500]
    #expect(median <= 1.02 * reference, "\(median)")
  }
}
