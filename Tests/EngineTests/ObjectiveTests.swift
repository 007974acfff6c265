import Engine
import Foundation
import KernelTable
import Networks
import TestSupport
import Testing

/// Objectives other than the cross-entropy of classes.
@Suite struct ObjectiveTests {
  private static let (latents, pixels, count) = (3, 60, 24)
  private static let shape = (2, 6, 5)

  struct Fixture: Decodable {
    struct Run: Decodable {
      let losses: [Double]
      let outputs: [Double]
    }

    let script: String
    let runs: [String: Run]
  }

  static let networks = [
    "evidence bound": "flatten linear(17) tanh linear(66)",
    "squared error": "flatten linear(17) tanh linear(60)",
    "squared error of maps": "conv(7,3) tanh conv(2,3) flatten",
  ]

  private static func adam(_ step: Int, rate: Double = 0.01) -> ParameterUpdate {
    ParameterUpdate(
      formula: .adam(
        rate: Float(rate / (1 - pow(0.9, Double(step)))), beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
        rootScale: Float(1 / (1 - pow(0.999, Double(step))).squareRoot())))
  }

  private static func step(
    _ executor: TrainingExecutor, _ name: String, images: [Float], targets: [Float], _ number: Int,
    _ update: ParameterUpdate
  ) -> TrainingExecutor.StepResult {
    let load = { (image: Int, pixels: inout MutableSpan<Float>) in
      for i in 0..<Self.pixels { pixels[i] = images[image * Self.pixels + i] }
    }
    let count = images.count / pixels
    return name == "evidence bound"
      ? executor.step(
        EvidenceBoundObjective(images, images: count, latents: latents), number: number,
        update: update, load: load)
      : executor.step(
        SquaredErrorObjective(targets, images: count), number: number, update: update, load: load)
  }

  @Test(arguments: networks.keys.sorted())
  func `ten steps agree with PyTorch`(name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/objective_steps", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "objective_steps.py")
    let run = try #require(fixture.runs[name])
    let network = try hashedNetwork(Self.networks[name] ?? "", Self.shape, for: .numbers)
    let executor = TrainingExecutor(
      network, batchSize: Self.count, seed: 1, pool: WorkerPool(threads: 2))
    for number in 0..<10 {
      let targets = hashed(Self.count * Self.pixels, UInt64(2000 + number)).map { 2 * $0 - 1 }
      let result = Self.step(
        executor, name, images: hashed(Self.count * Self.pixels, UInt64(1000 + number)),
        targets: targets, number, Self.adam(number + 1))
      #expect(result.correct == nil)
      let loss = result.loss / Double(Self.count)
      #expect(abs(loss - run.losses[number]) < 1e-5 * abs(run.losses[number]) + 1e-6)
    }
    let outputs = Executor(executor.network, pool: WorkerPool(threads: 1)).logits(
      hashed(2 * Self.pixels, 3000))
    for (value, exact) in try paired(outputs, run.outputs) {
      #expect(abs(Double(value) - exact) < 2e-4)
    }
  }

  @Test(arguments: networks.keys.sorted())
  func `any number of threads gives the same bits`(name: String) throws {
    let network = try hashedNetwork(Self.networks[name] ?? "", Self.shape, for: .numbers)
    let trained = [1, 2, 3].map { threads in
      let executor = TrainingExecutor(
        network, batchSize: 40, seed: 3, pool: WorkerPool(threads: threads))
      for number in 0..<3 {
        _ = Self.step(
          executor, name, images: hashed(40 * Self.pixels, UInt64(number)),
          targets: hashed(40 * Self.pixels, UInt64(90 + number)), number, Self.adam(number + 1))
      }
      return executor.network
    }
    #expect(trained[0] == trained[1] && trained[0] == trained[2] && trained[0] != network)
  }

  @Test func `gradients of the bound agree with finite differences`() throws {
    let network = try hashedNetwork(
      Self.networks["evidence bound"] ?? "", Self.shape, for: .numbers)
    let images = hashed(5 * Self.pixels, 77)
    let (rate, pool): (Float, _) = (0.5, WorkerPool(threads: 2))
    let executor = TrainingExecutor(network, batchSize: 5, seed: 1, pool: pool)
    _ = Self.step(
      executor, "evidence bound", images: images, targets: [], 0,
      ParameterUpdate(formula: .momentum(rate: rate, momentum: 0)))
    func loss(_ network: Network) -> Double {
      let outputs = Executor(network, pool: pool).logits(images)
      return (0..<5).reduce(0.0) { sum, image in
        let row = Array(outputs[image * 66..<(image + 1) * 66])
        let parts = EvidenceBoundObjective.divergences(
          means: Array(row[..<3]), logVariances: Array(row[3..<6]))
        return sum + parts.reduce(0, +)
          + EvidenceBoundObjective.reconstruction(
            images[image * 60..<(image + 1) * 60], row[6...])
      } / 5
    }
    for (index, tensor) in network.tensors.enumerated() {
      for place in stride(from: 0, to: tensor.values.count, by: max(1, tensor.values.count / 12)) {
        var (up, down) = (network, network)
        up.tensors[index].values[place] += 0.01
        down.tensors[index].values[place] -= 0.01
        let slope = (loss(up) - loss(down)) / 0.02
        let found = Double(
          (tensor.values[place] - executor.network.tensors[index].values[place]) / rate)
        #expect(abs(found - slope) < 2e-3 + 2e-3 * abs(slope), "\(tensor.name)[\(place)]")
      }
    }
  }
}
