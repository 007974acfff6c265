import Attribution
import Engine
import Foundation
import Networks
import TestSupport
import Testing

/// Maps of networks with branches beside those of Captum, pytorch-grad-cam and zennit; `Scripts/reference/residual.py`
/// says with which settings.
@Suite struct GraphReferenceTests {
  private struct Fixture: Decodable {
    struct Subject: Decodable {
      let text: String
      let tensors: [String: [Float]]
      let logits: [Float]
      let targets: [Int]
      let maps: [String: [Float]]
      let activationMaps: [String: [Float]]

      enum CodingKeys: String, CodingKey {
        case text, tensors, logits, targets, maps
        case activationMaps = "activation_maps"
      }
    }
    let script: String
    let shape: [Int]
    let mean: [Float]
    let standardDeviation: [Float]
    let images: [Float]
    let networks: [String: Subject]

    enum CodingKeys: String, CodingKey {
      case script, shape, mean, images, networks
      case standardDeviation = "standard_deviation"
    }
  }

  private let pool = WorkerPool(threads: 2)

  private func fixture() throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/residual", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "residual.py" && fixture.networks.count == 3)
    return fixture
  }

  private func executor(_ subject: Fixture.Subject, _ fixture: Fixture) throws -> Executor {
    let architecture = try Architecture(
      Specification(text: subject.text),
      inputShape: ImageShape(
        channels: fixture.shape[0], height: fixture.shape[1], width: fixture.shape[2]))
    let tensors = try architecture.tensors.map { name, parameter in
      Tensor(
        name: name, shape: parameter.shape, values: try #require(subject.tensors[name], "\(name)"))
    }
    #expect(tensors.count == subject.tensors.count)
    return Executor(
      Network(
        architecture: architecture,
        normalization: Normalization(
          mean: fixture.mean, standardDeviation: fixture.standardDeviation), tensors: tensors),
      pool: pool)
  }

  private func expectEqual(_ ours: [Float], _ theirs: [Float], images: Int, _ name: String) {
    #expect(ours.count == theirs.count && !ours.isEmpty, "\(name)")
    guard ours.count == theirs.count else { return }
    let size = ours.count / images
    for image in 0..<images {
      let range = image * size..<(image + 1) * size
      let largest = theirs[range].reduce(0) { max($0, abs($1)) }
      let difference = range.reduce(Float(0)) { max($0, abs(ours[$1] - theirs[$1])) }
      // Alpha 2, beta 1 is a difference of relevances that grow from layer to layer.
      #expect(difference < 3e-4 * largest, "\(name), image \(image): \(difference / largest)")
    }
  }

  @Test(arguments: ["residual", "layernorm", "gelu"])
  func `logits and maps equal the tools'`(network: String) throws {
    let fixture = try fixture()
    let subject = try #require(fixture.networks[network])
    let executor = try executor(subject, fixture)
    let (images, targets) = (fixture.images, subject.targets)
    expectEqual(executor.logits(images), subject.logits, images: 3, "\(network) logits")
    #expect(subject.maps.count >= 5)
    for (name, theirs) in subject.maps where !name.hasSuffix(" delta") {
      var settings = AttributionSettings()
      if name == "occlusion" { (settings.window, settings.stride) = (5, 3) }
      let found: Attribution
      if name == "deeplift others" {
        let each = try (0..<3).map { image in
          let (own, other) = (image * 100, (image + 2) % 3 * 100)
          settings.baseline = .data
          settings.background = Array(images[other..<other + 100])
          return try AttributionMethods.method(
            "deeplift", settings, for: executor.network.architecture
          ).attribution(
            of: Array(images[own..<own + 100]), in: executor, for: [targets[image]])
        }
        expectEqual(each.flatMap(\.scores), theirs, images: 3, "\(network) \(name)")
        continue
      }
      found = try AttributionMethods.method(name, settings, for: executor.network.architecture)
        .attribution(of: images, in: executor, for: targets)
      expectEqual(found.scores, theirs, images: 3, "\(network) \(name)")
      if let deltas = subject.maps["\(name) delta"] {
        let own = try #require(found.convergenceDelta)
        #expect(own.count == deltas.count)
        for (delta, right) in try paired(own, deltas) { #expect(abs(delta - right) < 1e-4) }
      }
    }
  }

  @Test(arguments: ["residual", "layernorm", "gelu"])
  func `class activation maps of layers in and behind branches equal pytorch-grad-cam's`(
    network: String
  ) throws {
    let fixture = try fixture()
    let subject = try #require(fixture.networks[network])
    let executor = try executor(subject, fixture)
    #expect(!subject.activationMaps.isEmpty)
    for (name, theirs) in subject.activationMaps {
      let parts = name.split(separator: " ").map(String.init)
      var settings = AttributionSettings()
      settings.layer = parts[1]
      let method = try AttributionMethods.method(
        parts[0], settings, for: executor.network.architecture)
      let raw = try #require(
        method.attribution(of: fixture.images, in: executor, for: subject.targets).raw)
      expectEqual(raw.values, theirs, images: 3, "\(network) \(name)")
    }
  }

  @Test func `methods that cannot answer for a network's layers say which`() throws {
    let fixture = try fixture()
    let architecture = try executor(try #require(fixture.networks["layernorm"]), fixture).network
      .architecture
    for name in ["deeplift", "lrp", "guided-backprop"] {
      let error = #expect(throws: AttributionError.self) {
        try AttributionMethods.method(name, for: architecture)
      }
      let isNamed = architecture.entries.contains { error?.description.contains($0.name) == true }
      #expect(isNamed, "\(name)")
    }
  }

  // MARK: Against the definition

  /// A pre-activation network, where Captum's hooks see the sum of all readers: held to completeness instead.
  private let text =
    "conv(6,3) norm residual(relu conv(6,3) norm) residual(tanh | residual(relu conv(6,3)) | ) relu"
    + " globalpool linear(4)"

  @Test func `DeepLIFT adds up where an activation function is first in a branch`() throws {
    let network = try hashedNetwork(text, (1, 9, 9))
    let executor = Executor(network, pool: pool)
    let images = hashed(5 * 81, 31)
    let found = try AttributionMethods.method("deeplift", for: network.architecture)
      .attribution(of: images, in: executor, for: [0, 1, 2, 3, 0])
    for delta in try #require(found.convergenceDelta) { #expect(abs(delta) < 1e-4) }
  }

  @Test func `the way back may begin at any layer of a branch`() throws {
    let network = try hashedNetwork(text, (1, 9, 9))
    let executor = Executor(network, pool: pool)
    let image = hashed(81, 32)
    for entry in network.architecture.entries {
      let size = entry.outputShape.count
      // The sum of the layer's numbers with some weights.
      let weights = hashed(size, 33).map { $0 - 0.5 }
      let objective = Objective { _, values in
        (zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }, weights)
      }
      let trace = executor.tracer.trace(image, of: objective, from: entry.name)
      let direction = hashed(81, 34).map { ($0 - 0.5) * 2e-3 }
      func value(_ sign: Float) -> Float {
        executor.tracer.trace(
          zip(image, direction).map { $0 + sign * $1 }, of: objective, from: entry.name
        ).values[0]
      }
      let change = value(1) - value(-1)
      let expected = zip(trace.pixels, direction).reduce(Float(0)) { $0 + 2 * $1.0 * $1.1 }
      #expect(abs(change - expected) < 0.05 * abs(expected) + 1e-4, "\(entry.name)")
    }
  }

  @Test func `what follows from a layer in a branch goes on beside the other branches`() throws {
    let network = try hashedNetwork(text, (1, 9, 9))
    let executor = Executor(network, pool: pool)
    let image = hashed(81, 35)
    let logits = executor.logits(image)
    let activations = executor.tracer.activations(image)
    for entry in network.architecture.entries {
      let own = try #require(activations[entry.name])
      let found = executor.tracer.logits(own + own.map { $0 + 1 }, from: entry.name, of: image)
      #expect(found.count == 8)
      for (a, b) in try paired(found.prefix(4), logits) {
        #expect(abs(a - b) < 1e-5, "\(entry.name)")
      }
      #expect(found[..<4] != found[4...], "\(entry.name)")
    }
  }

  @Test func `the usual layer of class activation maps stands in no branch`() throws {
    let shape = ImageShape(channels: 1, height: 12, width: 12)
    for (text, name) in [
      ("conv(4,3) relu residual(conv(4,3) relu conv(4,3)) relu globalpool linear(2)", "relu3"),
      ("conv(4,3) residual(relu conv(4,3)) globalpool linear(2)", "add1"),
      ("concat(conv(4,3) relu | conv(4,5) relu) maxpool(2) flatten linear(2)", "concat1"),
      ("residual(conv(4,3) relu flatten | flatten linear(576)) linear(2)", "relu1"),
    ] {
      let architecture = try Architecture(Specification(text: text), inputShape: shape)
      #expect(try LayerChoice(nil, in: architecture).name == name, "\(text)")
    }
  }
}
