import Attacks
import Engine
import Networks
import TestSupport
import Testing

/// One pixel and two classes: class 1 above one half, class 0 below.
private func threshold() throws -> Network {
  var network = try hashedNetwork("flatten linear(2)", (1, 1, 1))
  for index in network.tensors.indices {
    network.tensors[index].values = network.tensors[index].shape.count > 1 ? [-1, 1] : [0.5, -0.5]
  }
  return network
}

@Suite struct OutcomeTests {
  private let pool = WorkerPool(threads: 1)

  private func outcome() throws -> Outcome {
    // Wrong before; flipped by 0.3; flipped by 0.5; moved by 0.1, holds.
    Outcome(
      clean: [0.9, 0.25, 0.75, 0.25], adversarial: [0.9, 0.55, 0.25, 0.35], labels: [0, 0, 1, 0],
      against: Executor(try threshold(), pool: pool))
  }

  @Test(arguments: Norm.allCases)
  func `a flipping distance is the size of the change, nothing, or infinite`(norm: Norm) throws {
    let distances = try outcome().flippingDistances(norm)
    #expect(distances[0] == 0 && distances[3] == .infinity)
    #expect(abs(distances[1] - 0.3) < 1e-6 && abs(distances[2] - 0.5) < 1e-6)
  }

  @Test(arguments: Norm.allCases)
  func `changes above a limit do not count`(norm: Norm) throws {
    let whole = try outcome()
    #expect(whole.robustAccuracy == 0.25 && whole.cleanAccuracy == 0.75)
    for (limit, held) in [(0, 0.75), (0.2, 0.75), (0.4, 0.5), (0.6, 0.25)] as [(Float, Double)] {
      let limited = whole.limited(to: limit, norm)
      #expect(limited.robustAccuracy == held && limited.cleanAccuracy == 0.75)
      #expect(limited.robustAccuracy8bit == held)
    }
  }

  @Test func `images of the target's class cannot be attacked and do not count`() throws {
    // Class 1 is the target: one image is of it; of the two others that were right one hits.
    let outcome = Outcome(
      clean: [0.75, 0.25, 0.25, 0.75], adversarial: [0.25, 0.75, 0.3, 0.25],
      labels: [1, 0, 0, 0], target: 1, against: Executor(try threshold(), pool: pool))
    #expect(outcome.successRate == 0.5)
    let none = Outcome(
      clean: [0.75], adversarial: [0.25], labels: [1], target: 1,
      against: Executor(try threshold(), pool: pool))
    #expect(none.successRate == nil)
  }

  @Test func `what transfers is counted among images that both had right`() throws {
    let source = try outcome()
    // Another network: its boundary is at 0.4.
    var network = try threshold()
    for index in network.tensors.indices where network.tensors[index].shape.count == 1 {
      network.tensors[index].values = [0.4, -0.4]
    }
    let other = Outcome(
      clean: [0.9, 0.25, 0.75, 0.25], adversarial: [0.9, 0.55, 0.35, 0.35], labels: [0, 0, 1, 0],
      against: Executor(network, pool: pool))
    #expect(source.transferRate(to: other) == 1)
    let deaf = Outcome(
      clean: [0.9, 0.25, 0.75, 0.25], adversarial: [0.9, 0.25, 0.35, 0.35], labels: [0, 0, 1, 0],
      against: Executor(network, pool: pool))
    #expect(source.transferRate(to: deaf) == 0.5)
    #expect(deaf.transferRate(to: source) == 1)
  }
}
