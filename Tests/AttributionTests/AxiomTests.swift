import Attribution
import Engine
import Networks
import TestSupport
import Testing

/// What theory promises of the methods, held on networks of random weights.
@Suite struct AxiomTests {
  private let pool = WorkerPool(threads: 2)

  private func settings() -> AttributionSettings {
    var settings = AttributionSettings()
    settings.samples = 40
    settings.window = 3
    settings.background = hashed(20 * 432, 90)
    return settings
  }

  private func sum(_ values: ArraySlice<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) }
  }

  // MARK: Completeness and conservation

  @Test(arguments: [Baseline.Kind.black, .mean, .blur, .data])
  func `deeplift and integrated gradients add up to the difference of the scores`(
    kind: Baseline.Kind
  ) throws {
    let network = try mixedCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(5 * 432, 91)
    var settings = settings()
    settings.baseline = kind
    for (name, bound) in [("deeplift", 1e-4), ("integrated-gradients", 0.1)] {
      settings.steps = 200
      let result = try AttributionMethods.method(name, settings, for: network.architecture)
        .attribution(of: images, in: executor, for: [0, 3, 5, 7, 9])
      for delta in try #require(result.convergenceDelta) {
        #expect(abs(Double(delta)) < bound, "\(name) from \(kind)")
      }
    }
    // The residual is what the scores say, not what a method claims: counted again in double precision.
    guard kind == .black else { return }
    let oracle = Oracle(network)
    let blank = oracle.logits([[Double](repeating: 0, count: 432)])[0]
    let result = DeepLIFT().attribution(of: images, in: executor, for: [0, 3, 5, 7, 9])
    for (image, target) in [0, 3, 5, 7, 9].enumerated() {
      let logits = oracle.logits([images[image * 432..<(image + 1) * 432].map(Double.init)])[0]
      #expect(abs(sum(result.map(image)) - (logits[target] - blank[target])) < 1e-4)
    }
  }

  @Test(arguments: LRP.Composite.allCases)
  func `relevance is conserved in every layer where no bias takes a share`(
    composite: LRP.Composite
  ) throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(6 * 144, 92)
    let targets = executor.predicted(images)
    let names = network.architecture.entries.map(\.name)
    let trace = LRP(composite).relevance(of: images, in: executor, for: targets, keeping: names)
    for image in 0..<6 {
      let logit = Double(trace.values[image])
      var kept = names.map { name -> Double in
        let relevance = trace.gradients[name] ?? []
        let size = relevance.count / 6
        return sum(relevance[image * size..<(image + 1) * size])
      }
      kept.append(sum(trace.pixels[image * 144..<(image + 1) * 144]))
      // Alpha-beta keeps the sum only where there are contributions of both signs; the bound is looser there.
      let bound = composite == .alpha2Beta1 ? 0.3 : 1e-3
      for value in kept {
        #expect(abs(value - logit) < bound * abs(logit), "\(composite): \(kept)")
      }
    }
  }

  @Test func `an ensemble is passed by in full`() throws {
    let network = try hashedNetwork(
      "ensemble(conv(6,3) relu flatten linear(10) | flatten linear(30) relu linear(10) | flatten linear(10))",
      (1, 12, 12))
    let executor = Executor(network, pool: pool)
    let (images, targets) = (hashed(4 * 144, 96), [0, 3, 5, 7])
    for delta in try #require(
      DeepLIFT().attribution(of: images, in: executor, for: targets).convergenceDelta)
    {
      #expect(abs(delta) < 1e-4)
    }
    // What LRP hands to the members' logits is what arrived at theirs.
    let heads = network.architecture.heads
    let trace = LRP(.epsilon).relevance(
      of: images, in: executor, for: targets, keeping: heads + ["ensemble1"])
    let logits = executor.logits(images)
    for image in 0..<4 {
      let arrived = try #require(trace.gradients["ensemble1"])[image * 10..<(image + 1) * 10]
      let handed = heads.reduce(0.0) { total, head in
        total + sum((trace.gradients[head] ?? [])[image * 10..<(image + 1) * 10])
      }
      let logit = Double(logits[image * 10 + targets[image]])
      #expect(abs(sum(arrived) - logit) < 1e-4 && abs(handed - logit) < 1e-3 * max(1, abs(logit)))
    }
  }

  @Test func `folding batch normalisation changes no logit`() throws {
    let network = try mixedCNN()
    let images = hashed(7 * 432, 93)
    let plain = Executor(network, pool: pool).logits(images)
    let folded = Executor(network.foldingBatchNorm, pool: pool).logits(images)
    for (a, b) in try paired(plain, folded) { #expect(abs(a - b) < 1e-4) }
    #expect(network.foldingBatchNorm != network)
  }

  @Test func `kernel shap of few blocks is the Shapley value`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let image = hashed(144, 94)
    // Four blocks: all sixteen sets by hand.
    func score(_ set: Int) -> Double {
      let part = image.enumerated().map { i, value in
        set >> (i / 72 * 2 + i % 12 / 6) & 1 == 1 ? value : 0
      }
      return Double(executor.logits(part)[4])
    }
    let worth = (0..<16).map(score)
    let exact = (0..<4).map { block -> Double in
      (0..<16).filter { $0 >> block & 1 == 0 }.reduce(0.0) { total, set in
        let others = [1.0, 1, 2, 6]
        let size = set.nonzeroBitCount
        let weight = others[size] * others[3 - size] / 24
        return total + weight * (worth[set | 1 << block] - worth[set])
      }
    }
    let map = KernelSHAP(block: 6, samples: 4000).attribution(of: image, in: executor, for: [4])
    for block in 0..<4 {
      let places = (0..<144).filter { $0 / 72 * 2 + $0 % 12 / 6 == block }
      let value = places.reduce(0.0) { $0 + Double(map.scores[$1]) }
      #expect(abs(value - exact[block]) < 0.05 * abs(exact[block]) + 0.05)
    }
    #expect(abs(sum(map.scores[...]) - (worth[15] - worth[0])) < 1e-4)
  }

  // MARK: Linear networks

  @Test(arguments: [
    "input-x-gradient", "smoothgrad:input-x-gradient", "integrated-gradients", "deeplift",
    "feature-ablation", "guided-backprop", "deconvnet",
  ])
  func `on a linear network everything is weight times input`(name: String) throws {
    let network = try hashedNetwork("flatten linear(4)", (1, 4, 4))
    let executor = Executor(network, pool: pool)
    let images = hashed(32, 95)
    var settings = settings()
    settings.window = 1
    settings.noise = 0
    let weights = try #require(network.tensor("linear1.weight")?.values)
    let result = try AttributionMethods.method(name, settings, for: network.architecture)
      .attribution(of: images, in: executor, for: [2, 3])
    for i in images.indices {
      let weight = weights[(i < 16 ? 2 : 3) * 16 + i % 16]
      let isGradient = name == "guided-backprop" || name == "deconvnet"
      let right = isGradient ? weight : weight * images[i]
      #expect(abs(result.scores[i] - right) < 1e-5, "\(name)")
    }
  }

  @Test(arguments: ["integrated-gradients", "deeplift", "kernel-shap", "gradient"])
  func `pixels that play the same part get the same score`(name: String) throws {
    // Both halves of the image have the same weights and the same pixels.
    var network = try hashedNetwork("flatten linear(6) relu linear(3)", (1, 2, 4))
    network.tensors[0].values = network.tensors[0].values.indices.map {
      network.tensors[0].values[$0 / 4 * 4 % 8 == 0 ? $0 : $0 - 4]
    }
    let half = hashed(4, 96)
    var settings = settings()
    settings.window = 1
    settings.samples = 4000
    let scores = try AttributionMethods.method(name, settings, for: network.architecture)
      .attribution(of: half + half, in: Executor(network, pool: pool), for: [1]).scores
    for i in 0..<4 { #expect(abs(scores[i] - scores[i + 4]) < 1e-3, "\(name): \(scores)") }
  }

  // MARK: Noise, seeds, threads

  @Test(arguments: ["gradient", "integrated-gradients", "guided-backprop", "lrp", "grad-cam"])
  func `smoothgrad without noise is its base`(name: String) throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(3 * 144, 97)
    var settings = settings()
    settings.noise = 0
    func scores(_ name: String) throws -> [Float] {
      try AttributionMethods.method(name, settings, for: network.architecture)
        .attribution(of: images, in: executor, for: [1, 2, 3]).scores
    }
    let base = try scores(name)
    #expect(try scores("smoothgrad:\(name)") == base)
    #expect(try scores("vargrad:\(name)").allSatisfy { abs($0) < 1e-6 })
    for (a, b) in try paired(scores("smoothgrad-squared:\(name)"), base) {
      #expect(abs(a - b * b) <= 1e-6 * max(1, b * b))
    }
  }

  @Test(arguments: AttributionMethods.all.map(\.name))
  func `same seed, same map, on any threads and in any company`(name: String) throws {
    // Rollout follows attention and nothing else.
    let network =
      name == "rollout"
      ? try hashedNetwork(
        "patches(4) linear(8) class-token positions residual(layernorm attention(2)) first linear(10)",
        (3, 12, 12)) : try mixedCNN()
    let images = hashed(20 * 432, 98)
    let targets = (0..<20).map { $0 % 10 }
    let method = try AttributionMethods.method(name, settings(), for: network.architecture)
    let all = method.attribution(
      of: images, in: Executor(network, pool: WorkerPool(threads: 1)), for: targets)
    let again = method.attribution(
      of: images, in: Executor(network, pool: WorkerPool(threads: 3)), for: targets)
    let alone = method.attribution(
      of: Array(images[19 * 432..<20 * 432]), in: Executor(network, pool: pool), for: [9])
    #expect(all.scores == again.scores)
    #expect(Array(all.map(19)) == alone.scores)
    #expect(all.scores.allSatisfy(\.isFinite) && all.scores.contains { $0 != 0 })
  }

  /// On a linear network RISE's limit is known: with masks M and v the weights times the pixels,
  /// map_i = Σ_j v_j Cov(M_i, M_j) / E M, over cells open by chance and every shift.
  @Test func `rise with the paper's grid comes to its limit on a linear network`() throws {
    let network = try hashedNetwork("flatten linear(4)", (1, 28, 28))
    let images = hashed(784, 95)
    let weights = try #require(network.tensor("linear1.weight")?.values)
    let (cell, cells) = (4, 8)
    // How much each row of a shifted mask takes of each row of cells.
    let shares = (0..<cell).map { shift in
      (0..<28).map { y -> [Double] in
        let place = max(0, (Double(y + shift) + 0.5) / Double(cell) - 0.5)
        let low = min(Int(place), cells - 1)
        var share = [Double](repeating: 0, count: cells)
        share[low] += 1 - (place - Double(low))
        share[min(low + 1, cells - 1)] += place - Double(low)
        return share
      }
    }
    let alike = shares.map { rows in
      rows.map { a in rows.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    }
    var limit = [Double](repeating: 0, count: 784)
    for down in alike {
      for across in alike {
        let turned = (0..<784).map { i in
          (0..<28).reduce(0.0) { sum, x in
            let j = i / 28 * 28 + x
            return sum + Double(weights[784 + j] * images[j]) * across[i % 28][x]
          }
        }
        for i in 0..<784 {
          limit[i] += (0..<28).reduce(0.0) { $0 + turned[$1 * 28 + i % 28] * down[i / 28][$1] }
        }
      }
    }
    let map = RISE(cell: cell, samples: 2000).attribution(
      of: images, in: Executor(network, pool: pool), for: [1]
    ).scores
    #expect(correlation(map, limit.map(Float.init)) >= 0.99)
  }

  @Test(arguments: ["smoothgrad", "rise", "kernel-shap", "lime", "gradient-shap"])
  func `another seed gives another map`(name: String) throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let image = hashed(144, 99)
    var settings = settings()
    settings.background = hashed(20 * 144, 90)
    func scores(_ seed: UInt64) throws -> [Float] {
      settings.seed = seed
      return try AttributionMethods.method(name, settings, for: network.architecture)
        .attribution(of: image, in: executor, for: [1]).scores
    }
    #expect(try scores(1) == scores(1))
    #expect(try scores(1) != scores(2))
  }

  // MARK: Traces

  @Test func `a trace gives any layer's activations and their slopes`() throws {
    let network = try mixedCNN()
    let executor = Executor(network, pool: pool)
    let images = hashed(18 * 432, 100)
    let targets = (0..<18).map { $0 % 10 }
    let trace = executor.tracer.trace(
      images, of: .logit(targets), keeping: network.architecture.entries.map(\.name))
    let plain = executor.inputGradients(images, of: .logit(targets))
    // What is looked at goes by other tiles than what is not, see `WinogradSmall.swift`: 2.4e-6 and 1.1e-6 apart.
    func difference(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(difference(trace.outputs, plain.logits) < 1e-5)
    #expect(difference(trace.pixels, plain.pixels) < 1e-5)
    for entry in network.architecture.entries.dropLast() {
      let size = entry.outputShape.count
      let activations = try #require(trace.activations[entry.name])
      let gradients = try #require(trace.gradients[entry.name])
      #expect(activations.count == 18 * size && gradients.count == 18 * size)
      #expect(executor.tracer.logits(activations, from: entry.name, of: []) == trace.outputs)
      // Where the network bends, a small step in a random direction follows the slope of one side only.
      let direction = hashed(size, 101).map { ($0 - 0.5) * 1e-3 }
      var up = Array(activations[17 * size..<18 * size])
      var down = up
      for i in 0..<size {
        up[i] += direction[i]
        down[i] -= direction[i]
      }
      let change =
        executor.tracer.logits(up, from: entry.name, of: [])[targets[17]]
        - executor.tracer.logits(down, from: entry.name, of: [])[targets[17]]
      let expected = (0..<size).reduce(Float(0)) {
        $0 + 2 * direction[$1] * gradients[17 * size + $1]
      }
      #expect(abs(change - expected) < 0.1 * abs(expected) + 2e-4, "\(entry.name)")
    }
  }

  @Test func `an objective may look at any layer`() throws {
    let network = try smallCNN()
    let executor = Executor(network, pool: pool)
    let image = hashed(144, 102)
    // The mean of one channel before the rectifier.
    let objective = Objective { _, values in
      var gradient = [Float](repeating: 0, count: values.count)
      for i in 36..<72 { gradient[i] = 1 / 36 }
      return (values[36..<72].reduce(0, +) / 36, gradient)
    }
    let trace = executor.tracer.trace(image, of: objective, from: "conv2")
    let conv = try #require(executor.tracer.activations(image, of: ["conv2"])["conv2"])
    #expect(trace.outputs == conv)
    #expect(abs(trace.values[0] - conv[36..<72].reduce(0, +) / 36) < 1e-6)
    let step: Float = 1e-3
    let moved = zip(image, trace.pixels).map { $0 + step * $1 }
    let after = executor.tracer.trace(moved, of: objective, from: "conv2").values[0]
    let slope = trace.pixels.reduce(0) { $0 + $1 * $1 }
    #expect(abs((after - trace.values[0]) / step - slope) < 0.05 * slope)
  }

  // MARK: What cannot be

  @Test func `errors say what to do`() throws {
    let flat = try hashedNetwork("flatten linear(8) relu linear(4)", (1, 6, 6)).architecture
    let maps = try smallCNN().architecture
    func reason(_ name: String, _ network: Architecture, layer: String? = nil) -> String {
      var settings = AttributionSettings()
      settings.layer = layer
      do {
        _ = try AttributionMethods.method(name, settings, for: network)
        return ""
      } catch { return error.description }
    }
    #expect(reason("grad-cam", flat).contains("convolution"))
    #expect(reason("grad-cam", flat).contains("integrated-gradients"))
    #expect(reason("grad-cam", maps, layer: "relu9").contains("conv1, relu1, pool1"))
    #expect(reason("grad-cam", maps, layer: "linear1").contains("flat"))
    #expect(reason("magic", maps).contains("integrated-gradients"))
    #expect(reason("lrp:magic", maps).contains("epsilon-plus"))
    #expect(reason("gradient:magic", maps).contains("no variants"))
    #expect(reason("smoothgrad:vargrad", maps).contains("one of them"))
    #expect(reason("expected-gradients", maps).contains("training images"))
    #expect(reason("smoothgrad:lrp:epsilon", maps) == "")
    var settings = AttributionSettings()
    settings.baseline = .mean
    #expect(throws: AttributionError.self) {
      try AttributionMethods.method("deeplift", settings, for: maps)
    }
  }
}

extension Executor {
  /// The predicted class of each image.
  fileprivate func predicted(_ images: [Float]) -> [Int] {
    let classes = network.architecture.outputs
    let logits = logits(images)
    return (0..<logits.count / classes).map { image in
      (0..<classes).max { logits[image * classes + $0] < logits[image * classes + $1] } ?? 0
    }
  }
}
