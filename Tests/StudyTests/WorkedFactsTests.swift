import Datasets
import Engine
import Foundation
import Networks
import TestSupport
import Testing

@testable import Study

/// Numbers that are taken apart, put together again.
@Suite struct WorkedFactsTests {
  /// A study of a network of hashed weights on random images.
  private func study(_ text: String, _ shape: (Int, Int, Int)) throws -> Study {
    let network = try hashedNetwork(
      text, shape,
      normalization: Normalization(
        mean: (0..<shape.0).map { 0.1 + 0.05 * Float($0) },
        standardDeviation: (0..<shape.0).map { 0.3 + 0.1 * Float($0) }))
    let count = 60
    let bytes = hashed(count * shape.0 * shape.1 * shape.2, 40).map {
      UInt8($0 < 0.5 ? 0 : $0 * 255)
    }
    let images = LabeledImages(
      channels: shape.0, height: shape.1, width: shape.2, pixels: bytes,
      labels: (0..<count).map { $0 % 10 })
    let dataset = Dataset(
      name: "random", classes: (0..<10).map { "c\($0)" }, train: images, test: images)
    return Study(
      Study.Subject(
        name: "random",
        checkpoint: Checkpoint(
          network: network, classes: dataset.classes, dataset: dataset.name, seed: 1), sha256: ""),
      on: dataset, split: Split(dataset, seed: 1), pool: WorkerPool(threads: 2))
  }

  private static let networks: [(text: String, shape: (Int, Int, Int))] = [
    ("conv(6,3) relu maxpool(2) flatten linear(10)", (1, 9, 8)),
    ("conv(6,5,stride=2,padding=1) norm relu flatten linear(10)", (3, 13, 16)),
    ("conv(6,3,groups=3) tanh globalpool linear(10)", (3, 9, 8)),
    ("maxpool(2) conv(5,3) relu flatten linear(12) relu linear(10)", (1, 12, 12)),
    ("dropout(0.2) flatten linear(20) relu dropout(0.5) linear(10)", (1, 8, 8)),
    ("conv(4,3) residual(conv(4,3) relu conv(4,3)) relu globalpool linear(10)", (1, 8, 8)),
    ("flatten linear(10)", (1, 6, 6)),
  ]

  @Test(arguments: networks)
  func `products and bias make the number that the network has, and no other is larger`(
    text: String, shape: (Int, Int, Int)
  ) throws {
    let study = try study(text, shape)
    let example = study.clearExample
    let facts = try #require(study.workedNumber(example))
    let made = facts.products.values.reduce(Double(facts.bias)) { $0 + Double($1) }
    #expect(abs(made - Double(facts.sum)) < 1e-4)
    #expect(facts.window.shape == facts.weights.shape)
    let last = facts.stages.last?.layer ?? facts.layer
    let all = try #require(
      study.executor.tracer.activations(example.pixels.values, of: [last])[last])
    #expect(facts.value == all.max())
    #expect(facts.source == (text.hasPrefix("maxpool") ? "pool1" : nil))
    if text.contains("norm") { #expect(facts.stages.map(\.role) == [.normalization, .rectifier]) }
    let decoded = try JSONDecoder().decode(WorkedNumber.self, from: JSONEncoder().encode(facts))
    #expect(decoded.products == facts.products)
  }

  @Test(arguments: networks)
  func `what units add makes the scores of two rivals`(text: String, shape: (Int, Int, Int)) throws
  {
    let study = try study(text, shape)
    let facts = try #require(study.ledgerFacts())
    for side in 0..<2 {
      let parts = facts.entries.reduce(facts.rest[side]) { $0 + $1.contributions[side] }
      #expect(abs(parts + Double(facts.biases[side]) - Double(facts.logits[side])) < 1e-4)
    }
    #expect(facts.lead >= 0 && facts.classes[0] == facts.example.predicted)
    #expect(
      facts.classes[1] == (facts.example.isRight ? facts.example.runnerUp : facts.example.label))
    let differences = facts.entries.map { abs($0.difference) }
    #expect(differences == differences.sorted(by: >) && facts.entries.count <= 12)
    #expect(facts.active <= facts.units && facts.entries.allSatisfy { $0.activation != 0 })
    #expect((facts.source == nil) == (text == "flatten linear(10)"))
    #expect((facts.favorites == nil) == (facts.source == nil))
    #expect((facts.favorites?.count ?? facts.units) == facts.units)
  }

  @Test func `a dead unit has no favorite, and a network of another end has no ledger`() throws {
    var study = try study("flatten linear(12) relu linear(10)", (1, 6, 6))
    var network = study.network
    let bias = try #require(network.tensors.firstIndex { $0.name == "linear1.bias" })
    network.tensors[bias].values[3] = -1000
    study = Study(
      Study.Subject(
        name: "dead",
        checkpoint: Checkpoint(
          network: network, classes: study.dataset.classes, dataset: "random", seed: 1), sha256: ""),
      on: study.dataset, split: study.split, pool: study.pool)
    let facts = try #require(study.ledgerFacts())
    let favorites = try #require(facts.favorites)
    #expect(favorites[3] == nil && facts.dead == favorites.count { $0 == nil })
    let ensemble = "ensemble(flatten linear(10) | flatten linear(8) relu linear(10))"
    #expect(try self.study(ensemble, (1, 6, 6)).ledgerFacts() == nil)
  }

  @Test func `every layer of the page's network has a scale`() throws {
    let facts = try study("conv(4,3) relu flatten linear(10)", (1, 8, 8)).liveFacts()
    #expect(facts.layers.allSatisfy { ($0.scale ?? 0) > 0 } && facts.scaleImages == 60)
    // Results of earlier versions have none.
    var old = facts
    old.scaleImages = nil
    for place in old.layers.indices { old.layers[place].scale = nil }
    let text = String(decoding: try JSONEncoder().encode(old), as: UTF8.self)
    #expect(!text.contains("scale"))
    #expect(try JSONDecoder().decode(LiveFacts.self, from: Data(text.utf8)).scaleImages == nil)
  }
}
