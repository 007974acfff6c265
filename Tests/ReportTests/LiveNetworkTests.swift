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
  static let networks: [(text: String, shape: (Int, Int, Int))] =
    [
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
    ] + graphs

  /// Branches that meet: added and joined, within one another, with layers that the page leaves out, as deep as ResNets.
  private static let graphs: [(text: String, shape: (Int, Int, Int))] = [
    (
      "conv(6,3) relu residual(conv(6,3) norm relu dropout(0.3) conv(6,3) | dropout(0.1)) relu"
        + " globalpool linear(10)", (1, 9, 8)
    ),
    (
      "concat(conv(4,3) relu | dropout(0.5) | conv(3,1) tanh | noise(0.1) conv(2,5))"
        + " dropout(0.2) maxpool(2) flatten linear(10)", (3, 8, 6)
    ),
    (
      "conv(5,3) residual(concat(conv(2,3) | residual(relu conv(5,3)) ) conv(5,1) | residual(tanh | sigmoid | ))"
        + " concat( | relu) flatten residual(linear(20) relu linear(560) | ) linear(10)", (1, 8, 7)
    ),
    (
      "conv(4,3) norm relu 2*(residual(conv(4,3) norm relu conv(4,3) norm) relu)"
        + " residual(conv(8,3,stride=2) norm relu conv(8,3) norm | conv(8,1,stride=2) norm) relu"
        + " residual(conv(8,3) norm relu conv(8,3) norm) relu globalpool linear(10)", (1, 12, 12)
    ),
    (
      "patches(4) linear(12) class-token positions 2*(residual(layernorm attention(3)) residual(layernorm linear(9)"
        + " gelu linear(12))) layernorm first linear(10)", (1, 12, 8)
    ),
    ("conv(3,3) relu rows lstm(9) gru(7) rnn(8) last linear(10)", (1, 12, 8)),
    (
      "ensemble(conv(4,3) relu flatten linear(10) | flatten linear(20) tanh linear(10) | flatten linear(10))",
      (1, 9, 8)
    ),
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

  private static let images = 60

  /// The networks, and every example of every kind of layer behind a convolution and behind a linear layer.
  private func subjects() throws -> [Network] {
    let kinds = LayerKinds.all.flatMap { $0.examples }.flatMap { example in
      [
        "conv(6,3) relu \(example) flatten linear(10)",
        "flatten linear(12) relu \(example) linear(10)",
        "rows linear(6) \(example) flatten linear(10)",
        "flatten linear(6) \(example) conv(5,3) flatten linear(10)",
      ].compactMap { try? hashedNetwork($0, (1, 7, 8)) }
    }
    let named = try Self.networks.map { text, shape in
      var network = try hashedNetwork(
        text, shape,
        normalization: Normalization(
          mean: (0..<shape.0).map { 0.1 + 0.05 * Float($0) },
          standardDeviation: (0..<shape.0).map { 0.3 + 0.1 * Float($0) }))
      for index in network.tensors.indices
      where network.tensors[index].name.hasSuffix("running_var") {
        network.tensors[index].values = network.tensors[index].values.map { $0 + 0.5 }
      }
      return network
    }
    return named + kinds
  }

  @Test func `the page's network agrees with the checkpoint, forward and backward`() throws {
    let subjects = try subjects()
    let studies = subjects.map { study($0, count: Self.images) }
    let facts = try studies.map { try $0.study.liveFacts() }
    let images = zip(subjects, studies).map { network, study in
      let size = network.architecture.inputShape.count
      return (0..<Self.images).map { Array(study.pixels[$0 * size..<($0 + 1) * size]) }
    }
    let found = try Fixture.withFolder { folder in
      let encoder = JSONEncoder()
      func json(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
      }
      let html = """
        <!doctype html><title>live</title>
        <script>const allFacts = \(try json(facts)), allImages = \(try json(images));</script>
        <script>\(try Fixture.templates().liveScript); window.InklingNetwork = InklingNetwork;</script>
        """
      try html.write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      let browser = try Browser()
      return try browser.open("\(folder)/index.html").read(
        """
        allFacts.map((facts, n) => {
          const network = new InklingNetwork(facts), images = allImages[n];
          return {
            probabilities: images.map((x) => network.classify(Float32Array.from(x))),
            gradients: images.slice(0, 6).map((x, i) => Array.from(network.gradient(Float32Array.from(x), i))),
          };
        })
        """, as: [Answers].self)
    }
    try #require(found.count == subjects.count)
    for (index, network) in subjects.enumerated() {
      #expect(facts[index].agreement > 0.9 && facts[index].count == Self.images)
      try compare(found[index], network, studies[index].pixels)
    }
  }

  private struct Traced: Decodable {
    /// Numbers looked at.
    let count: Int
    /// How they are made.
    let rules: [String]
    /// The largest differences of a number to what its parts make, and of its groups to its parts, relative to the parts.
    let gap: Double
    let groupGap: Double
    /// By how much numbers moved when pixels changed that they are said not to see.
    let outside: Double
    /// The difference of two scores to what their ledger says; nil without one.
    let ledger: Double?
  }

  @Test func `the parts that are told of a number add up to it, for every kind of layer`() throws {
    let subjects = try subjects()
    let studies = subjects.map { study($0, count: 40) }
    let facts = try studies.map { try $0.study.liveFacts() }
    let found = try Fixture.withFolder { folder in
      let json = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
      let html = """
        <!doctype html><title>trace</title>
        <script>const allFacts = \(json);</script>
        <script>\(try Fixture.templates().liveScript)
        window.trial = (facts) => {
          const network = new InklingNetwork(facts), trace = new InklingTrace(network), image = InklingNetwork.plane(facts.examples[0].pixels);
          const all = network.run(image), rules = new Set(), found = { count: 0, gap: 0, groupGap: 0, outside: 0, ledger: null };
          network.layers.forEach((layer, i) => {
            const value = i + 1, size = all[value].length, step = Math.max(1, Math.floor(size / 7));
            for (let place = 0; place < size; place += step) {
              const { rule, parts, bias, result, winner } = trace.step(all, value, place), total = parts.reduce((sum, one) => sum + one.product, 0);
              const made = {
                sum: () => total + bias, largest: () => Math.max(...parts.map((one) => one.number)), same: () => parts[0].number,
                function: () => InklingNetwork.activations[layer.kind].value(parts[0].number, layer.value),
                memory: () => result,
                mixture: () => Math.log(total / parts.length) + bias,
              }[rule]();
              const large = 1 + parts.reduce((sum, one) => sum + Math.abs(one.product), 0) + Math.abs(bias);
              found.gap = Math.max(found.gap, Math.abs(made - result) / large);
              if (rule === "largest" && parts[winner].number !== result) found.gap = 1;
              if (parts.some((one) => all[one.value][one.place] !== one.number)) found.gap = 1;
              const groups = trace.groups({ layer, parts }).reduce((sum, group) => sum + group.sum, 0);
              found.groupGap = Math.max(found.groupGap, Math.abs(groups - total) / large);
              rules.add(rule);
              found.count += 1;
              if (place > 2 * step) continue;
              const [box] = trace.fields(value, place), [, high, wide] = facts.inputShape;
              const other = image.map((x, at) => {
                const row = Math.floor(at / wide) % high, column = at % wide;
                const isSeen = row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
                return isSeen ? x : 1 - x;
              });
              found.outside = Math.max(found.outside, Math.abs(network.run(other)[value][place] - result) / large);
            }
          });
          if (network.layers.at(-1).kind === "linear") {
            const box = document.createElement("div"), ledger = new InklingLedger({ box, trace, names: [], units: null });
            const { told, rest, bias, scores } = ledger.entries(all, [3, 4]);
            found.ledger = Math.max(...[0, 1].map((k) => {
              const sum = told.reduce((total, { values }) => total + values[k], 0) + rest[k] + bias[k];
              return Math.abs(sum - all.at(-1)[3 + k]) + Math.abs(scores[k] - all.at(-1)[3 + k]);
            }));
          }
          return { ...found, rules: [...rules] };
        };</script>
        """
      try html.write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      let browser = try Browser()
      return try browser.open("\(folder)/index.html").read("allFacts.map(trial)", as: [Traced].self)
    }
    for (network, traced) in try paired(subjects, found) {
      let text = network.architecture.specification.description
      #expect(
        traced.count > 8 && traced.gap < 1e-5 && traced.groupGap < 1e-6, "\(text): \(traced)")
      #expect(traced.outside < 1e-6, "\(text)")
      #expect((traced.ledger ?? 0) < 1e-3, "\(text)")
    }
    #expect(
      Set(found.flatMap(\.rules)) == ["sum", "largest", "same", "function", "mixture", "memory"])
    #expect(found.count { $0.ledger != nil } > 10)
  }

  private func compare(_ found: Answers, _ network: Network, _ pixels: [Float]) throws {
    let text = network.architecture.specification.description
    let size = network.architecture.inputShape.count
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let logits = executor.logits(pixels)
    let exact = (0..<Self.images).flatMap {
      CrossEntropy.probabilities(Array(logits[10 * $0..<10 * $0 + 10]))
    }
    let values = found.probabilities.flatMap { $0 }
    try #require(found.probabilities.count == Self.images && values.count == exact.count)
    try #require(found.gradients.count == 6 && found.gradients.allSatisfy { $0.count == size })
    for (value, right) in try paired(values, exact) {
      #expect(abs(value - Double(right)) < 0.01, "\(text)")
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
      #expect(dot > 0.95 * norms, "\(text)")
    }
  }

  @Test func `layers name what they read only where that is not the layer before`() throws {
    let text =
      "conv(3,3) residual(dropout(0.1) conv(3,3) dropout(0.2) | dropout(0.3)) dropout(0.4) relu"
      + " concat(relu | ) flatten linear(10)"
    let facts = try study(try hashedNetwork(text, (1, 6, 6)), count: 40).study.liveFacts()
    #expect(
      facts.layers.map(\.name) == [
        "conv1", "conv2", "add1", "relu1", "relu2", "concat1", "flatten1", "linear1",
      ])
    #expect(facts.layers.map(\.inputs) == [nil, nil, [2, 1], nil, nil, [5, 4], nil, nil])
  }

  @Test func `weights that bytes cannot hold are stored as halves`() throws {
    var network = try hashedNetwork("flatten linear(1024) linear(10)", (1, 6, 6))
    // One weight dwarfs the others of its row: steps of 1/127 of it would lose them.
    for row in 0..<1024 { network.tensors[0].values[row * 36] = 4000 }
    let (study, _) = study(network, count: 40)
    let facts = try study.liveFacts()
    #expect(facts.precision == "float16")
    #expect(facts.weights.count >= 2 * 1024 * 46 * 4 / 3)
  }

  @Test func `a network that diverged has nothing to try`() throws {
    var network = try hashedNetwork("flatten linear(10)", (1, 6, 6))
    network.tensors[0].values[5] = .nan
    #expect(throws: LiveFacts.Absence.diverged) { try study(network, count: 40).study.liveFacts() }
    network.tensors[0].values = [Float](repeating: .leastNonzeroMagnitude, count: 360)
    #expect(try study(network, count: 40).study.liveFacts().agreement == 1)
  }

  @Test func `a page holds no network that would make it heavy`() throws {
    let network = try hashedNetwork("flatten linear(2000) linear(2000) linear(10)", (1, 6, 6))
    // The large layer a byte a number; the last as halves.
    #expect(throws: LiveFacts.Absence.large(bytes: 72_000 + 4_000_000 + 2 * 20_000)) {
      try study(network, count: 40).study.liveFacts()
    }
  }
}
