import Attribution
import Datasets
import Engine
import Files
import Foundation
import KernelTable
import Networks
import TestSupport
import Testing
import Training

/// What every kind of layer in `LayerKinds` is held to, alone and in small random networks: a kind that is new is
/// tested by standing in that list.
@Suite struct LayerConformanceTests {
  private let pool = WorkerPool(threads: 2)

  // MARK: What it says of itself

  @Test func `every kind has examples and a word of its own`() {
    let words = LayerKinds.words
    #expect(Set(words).count == words.count)
    for kind in LayerKinds.all {
      #expect(!kind.examples.isEmpty, "\(kind)")
      for example in kind.examples {
        #expect(kind.words.contains { example == $0 || example.hasPrefix("\($0)(") }, "\(example)")
      }
    }
  }

  @Test(arguments: KindSamples.examples)
  func `text becomes a layer and the same text again`(example: String) throws {
    let layer = try #require(try Specification(text: example).layers.first)
    #expect(layer.text == example && !layer.noun.isEmpty)
    // Arguments that the layer does not know are mistakes.
    let more = example.hasSuffix(")") ? "\(example.dropLast()),nonsense=1)" : "\(example)(9,9,9)"
    #expect(throws: SpecificationError.self) { try Specification(text: more) }
    #expect(!KindSamples.texts(of: example).isEmpty)
  }

  // MARK: What it computes

  @Test(arguments: KindSamples.texts + KindSamples.chains)
  func `shapes, logits and pixel gradients are those of the literal formulas`(text: String) throws {
    let network = try KindSamples.network(text)
    let images = KindSamples.images(19)
    let executor = Executor(network, pool: pool)
    let activations = executor.tracer.activations(images)
    for entry in network.architecture.entries {
      #expect(activations[entry.name]?.count == 19 * entry.outputShape.count, "\(entry.name)")
    }
    let oracle = Oracle(network)
    let rows = (0..<19).map { image in
      images[image * KindSamples.size..<(image + 1) * KindSamples.size].map(Double.init)
    }
    let exact = oracle.logits(rows).flatMap { $0 }
    let logits = executor.logits(images)
    #expect(logits.count == exact.count)
    for (a, b) in try paired(logits, exact) { #expect(abs(Double(a) - b) < 1e-4 * max(1, abs(b))) }
    let slopes = executor.inputGradients(
      Array(images[..<KindSamples.size]), of: .logit([1]))
    for pixel in stride(from: 0, to: KindSamples.size, by: 13) {
      func moved(_ by: Double) -> Double {
        var image = rows[0]
        image[pixel] += by
        return oracle.logits([image])[0][1]
      }
      let (left, right) = ((exact[1] - moved(-1e-6)) / 1e-6, (moved(1e-6) - exact[1]) / 1e-6)
      // At a kink either side's slope is right.
      guard abs(left - right) < 1e-3 else { continue }
      let found = Double(slopes.pixels[pixel])
      #expect(abs(found - left) < 1e-4 + 2e-3 * abs(left), "pixel \(pixel)")
    }
  }

  @Test(arguments: KindSamples.texts + KindSamples.chains)
  func `parameter gradients are finite differences of the loss`(text: String) throws {
    let network = try KindSamples.network(text)
    guard KindSamples.isCertain(network) else { return }
    let images = KindSamples.images(19, stream: 801)
    let labels = (0..<19).map { $0 % 3 }
    let executor = TrainingExecutor(network, batchSize: 19, seed: 1, pool: pool)
    _ = executor.step(
      labels: labels, number: 0, update: .init(formula: .momentum(rate: 1, momentum: 0))
    ) { image, target in
      for i in 0..<KindSamples.size { target[i] = images[image * KindSamples.size + i] }
    }
    let after = executor.network
    let oracle = Oracle(network)
    let rows = (0..<19).map { image in
      images[image * KindSamples.size..<(image + 1) * KindSamples.size].map(Double.init)
    }
    for (index, (name, parameter)) in network.architecture.tensors.enumerated()
    where parameter.isLearned {
      for position in Set([0, parameter.count / 2, parameter.count - 1]) {
        let slope = oracle.slope(name, position, rows, labels)
        let found =
          Double(network.tensors[index].values[position])
          - Double(after.tensors[index].values[position])
        // At a kink either side's slope is right.
        #expect(
          abs(found - slope) < 2e-5 + 2e-3 * abs(slope)
            || oracle.bends(name, position, rows, labels), "\(name)[\(position)]")
      }
    }
  }

  private struct Reference: Decodable {
    struct Result: Decodable {
      let text: String
      let logits: [Float]
      let gradient: [Float]
    }
    let script: String
    let networks: [Result]
  }

  @Test func `numbers are PyTorch's`() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/layers", withExtension: "json"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    #expect(reference.script == "layers.py")
    let held = Set(reference.networks.map(\.text))
    // One channel at each place is refused here and all zeros there.
    for text in KindSamples.texts { #expect(held.contains(text), "\(text) is not in the fixture") }
    for expected in reference.networks {
      guard let network = try? KindSamples.network(expected.text) else { continue }
      let images = KindSamples.images(2)
      let found = Executor(network, pool: pool).inputGradients(images, of: .logit([0, 0]))
      #expect(found.logits.count == expected.logits.count)
      #expect(found.pixels.count == expected.gradient.count)
      for (a, b) in try paired(found.logits, expected.logits) {
        #expect(abs(a - b) < 1e-5 * max(1, abs(b)), "\(expected.text)")
      }
      let largest = expected.gradient.map(abs).max() ?? 0
      for (a, b) in try paired(found.pixels, expected.gradient) {
        #expect(abs(a - b) < 1e-5 * max(largest, 0.1), "\(expected.text)")
      }
    }
  }

  // MARK: The same bits

  @Test(arguments: KindSamples.texts + KindSamples.chains)
  func `training gives the same bits on any number of threads, and after a resume`(text: String)
    throws
  {
    let images = LabeledImages(
      channels: 2, height: 7, width: 8,
      pixels: KindSamples.images(40, stream: 802).map { UInt8($0 * 255) },
      labels: (0..<40).map { $0 % 3 })
    let configuration = TrainingConfiguration(epochs: 2, batchSize: 20, learningRate: 0.01, seed: 3)
    func trainer(_ threads: Int) throws -> Trainer {
      Trainer(
        try KindSamples.network(text), train: images, validation: images,
        configuration: configuration, pool: WorkerPool(threads: threads))
    }
    let whole = try trainer(1)
    whole.run()
    #expect(!whole.hasDiverged)
    for threads in [2, 3] {
      let other = try trainer(threads)
      other.run()
      #expect(other.result == whole.result, "\(threads) threads")
    }
    let first = try trainer(2)
    first.run(while: { false })
    let folder = try TemporaryFolder()
    let path = folder.file("a.resume.safetensors")
    let run = RunConfiguration()
    try ResumeFile(run: run, images: 40, state: first.currentState).write(to: path)
    let file = try ResumeFile.read(
      path, network: try KindSamples.network(text), run: run, images: 40)
    let second = Trainer(
      file.state, train: images, validation: images, configuration: configuration, pool: pool)
    second.run()
    #expect(second.result == whole.result, "resumed")
    let before = try KindSamples.network(text)
    #expect(whole.result != before)
  }

  // MARK: Explanations

  /// The network with no number added or set beside anywhere: relevance is then conserved.
  private func unbiased(_ text: String) throws -> Network {
    var network = try KindSamples.network(text)
    let constants = network.architecture.entries.filter { $0.layer.family == .constants }
    let added = Set(constants.flatMap(\.tensorNames))
    for index in network.tensors.indices
    where network.tensors[index].name.hasSuffix(".bias")
      || added.contains(network.tensors[index].name)
    {
      network.tensors[index].values = network.tensors[index].values.map { _ in 0 }
    }
    return network
  }

  @Test(arguments: KindSamples.texts + KindSamples.chains)
  func `every attribution method is right or refused by name`(text: String) throws {
    let network = try unbiased(text)
    let executor = Executor(network, pool: pool)
    let images = KindSamples.images(3, stream: 803)
    let logits = executor.logits(images)
    var settings = AttributionSettings()
    settings.samples = 20
    settings.window = 3
    settings.background = KindSamples.images(4, stream: 804)
    for name in AttributionMethods.all.map(\.name) + ["lrp:epsilon"] {
      let method: any AttributionMethod
      do {
        method = try AttributionMethods.method(name, settings, for: network.architecture)
      } catch {
        let isNamed = network.architecture.entries.contains {
          error.description.contains("\($0.name) (\($0.layer.text))")
        }
        let isMissing = ["need a convolution", "rollout needs patches"].contains {
          error.description.contains($0)
        }
        #expect(isNamed || isMissing, "\(error)")
        continue
      }
      let found = method.attribution(of: images, in: executor, for: [0, 1, 2])
      // A number for each pixel, or for each place.
      #expect([images.count, images.count / 2].contains(found.scores.count), "\(name)")
      #expect(found.scores.allSatisfy { $0.isFinite }, "\(name)")
      guard ["deeplift", "integrated-gradients", "lrp:epsilon"].contains(name) else { continue }
      for (image, delta) in try #require(found.convergenceDelta).enumerated() {
        let size = max(1, abs(logits[image * 3 + image]))
        let bound: Float =
          switch name {
          case "deeplift": 1e-4
          case "lrp:epsilon": 0.02
          default: 0.1
          }
        #expect(abs(delta) < bound * size, "\(name), image \(image)")
      }
    }
  }
}
