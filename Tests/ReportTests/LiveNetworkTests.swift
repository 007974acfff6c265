import Datasets
import Engine
import Foundation
import Networks
import Study
import TestSupport
import Testing

@testable import Report

/// The network that runs in the page, run in a headless Chromium beside the engine.
@Suite(.serialized) struct LiveNetworkTests {
  static let networks: [(text: String, shape: (Int, Int, Int))] = [
    (
      "conv(8,3) relu maxpool(2) conv(12,3) relu maxpool(2) flatten linear(20) relu linear(10)",
      (1, 28, 28)
    ),
    ("flatten linear(30) relu dropout(0.5) linear(10)", (1, 28, 28)),
    (
      "conv(6,5,stride=2,padding=1) norm relu avgpool(2) conv(7,4) relu maxpool(3,stride=2)"
        + " flatten linear(9) norm relu linear(10)", (3, 23, 26)
    ),
    ("maxpool(3,stride=1) conv(5,2,padding=2) norm relu flatten linear(10)", (2, 9, 8)),
  ]

  /// A study of a network on random images.
  private func study(_ network: Network, count: Int) -> (study: Study, pixels: [Float]) {
    let shape = network.architecture.inputShape
    let bytes = hashed(count * shape.count, 40).map { UInt8($0 < 0.5 ? 0 : $0 * 255) }
    let images = LabeledImages(
      channels: shape.channels, height: shape.height, width: shape.width, pixels: bytes,
      labels: (0..<count).map { $0 % 10 })
    let dataset = Dataset(
      name: "random", classes: (0..<10).map { "c\($0)" }, train: images, test: images)
    let checkpoint = Checkpoint(
      network: network, classes: dataset.classes, dataset: dataset.name, seed: 1)
    let study = Study(
      Study.Subject(name: "random", checkpoint: checkpoint, sha256: ""), on: dataset,
      split: Split(dataset, seed: 1), pool: WorkerPool(threads: 2))
    return (study, images.floats(0..<count))
  }

  private struct Answers: Decodable {
    let probabilities: [[Double]]
    let gradients: [[Double]]
  }

  @Test(arguments: networks.indices)
  func `the page's network agrees with the checkpoint, forward and backward`(index: Int) throws {
    let (text, shape) = Self.networks[index]
    var network = try hashedNetwork(
      text, shape,
      normalization: Normalization(
        mean: (0..<shape.0).map { 0.1 + 0.05 * Float($0) },
        standardDeviation: (0..<shape.0).map { 0.3 + 0.1 * Float($0) }))
    for index in network.tensors.indices where network.tensors[index].name.hasSuffix("running_var")
    {
      network.tensors[index].values = network.tensors[index].values.map { $0 + 0.5 }
    }
    let (study, pixels) = study(network, count: 60)
    let facts = try #require(study.liveFacts())
    #expect(facts.agreement > 0.9 && facts.count == 60)
    let size = network.architecture.inputShape.count
    let images = (0..<60).map { Array(pixels[$0 * size..<($0 + 1) * size]) }
    let found = try Fixture.withFolder { folder in
      let html = """
        <!doctype html><title>live</title><script>\(try facts.script())</script>
        <script>\(try Fixture.templates().liveScript); window.InklingNetwork = InklingNetwork;</script>
        """
      try html.write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      let list = String(decoding: try JSONEncoder().encode(images), as: UTF8.self)
      let browser = try Browser()
      return try browser.open("\(folder)/index.html").read(
        """
        (() => {
          const network = new InklingNetwork(inklingFacts), images = \(list);
          return {
            probabilities: images.map((x) => network.classify(Float32Array.from(x))),
            gradients: images.slice(0, 6).map((x, i) => Array.from(network.gradient(Float32Array.from(x), i))),
          };
        })()
        """, as: Answers.self)
    }
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let logits = executor.logits(pixels)
    let exact = (0..<60).flatMap {
      CrossEntropy.probabilities(Array(logits[10 * $0..<10 * $0 + 10]))
    }
    for (value, right) in zip(found.probabilities.flatMap { $0 }, exact) {
      #expect(abs(value - Double(right)) < 0.01)
    }
    let slopes = executor.inputGradients(
      Array(pixels.prefix(6 * size)), of: .crossEntropy(Array(0..<6))
    ).pixels
    // Rounded weights turn a few ReLUs; the direction stays.
    for image in 0..<6 {
      let (a, b) = (
        found.gradients[image], slopes[image * size..<(image + 1) * size].map(Double.init)
      )
      let dot = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      let norms = (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
      #expect(dot > 0.95 * norms)
    }
  }

  @Test func `weights that bytes cannot hold are stored as halves`() throws {
    var network = try hashedNetwork("flatten linear(1024) linear(10)", (1, 6, 6))
    // One weight dwarfs the others of its row: steps of 1/127 of it would lose them.
    for row in 0..<1024 { network.tensors[0].values[row * 36] = 4000 }
    let (study, _) = study(network, count: 40)
    let facts = try #require(study.liveFacts())
    #expect(facts.precision == "float16")
    #expect(facts.weights.count >= 2 * 1024 * 46 * 4 / 3)
  }

  @Test func `a network that diverged has nothing to try`() throws {
    var network = try hashedNetwork("flatten linear(10)", (1, 6, 6))
    network.tensors[0].values[5] = .nan
    #expect(study(network, count: 40).study.liveFacts() == nil)
    network.tensors[0].values = [Float](repeating: .leastNonzeroMagnitude, count: 360)
    #expect(study(network, count: 40).study.liveFacts()?.agreement == 1)
  }
}
