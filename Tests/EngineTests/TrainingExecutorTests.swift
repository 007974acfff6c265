import Engine
import Foundation
import KernelTable
import Networks
import TestSupport
import Testing

/// One step of plain gradient descent with rate 1 shows the gradient: parameters before minus after.
func gradients(
  _ network: Network, _ pixels: [Float], _ labels: [Int], threads: Int = 2
) -> [String: [Float]] {
  let executor = TrainingExecutor(
    network, batchSize: labels.count, seed: 1, pool: WorkerPool(threads: threads))
  _ = step(executor, network, pixels, labels, 0, .init(formula: .momentum(rate: 1, momentum: 0)))
  let after = executor.network
  return Dictionary(
    uniqueKeysWithValues: zip(network.tensors, after.tensors).map { before, after in
      (before.name, zip(before.values, after.values).map { $0 - $1 })
    })
}

func step(
  _ executor: TrainingExecutor, _ network: Network, _ pixels: [Float], _ labels: [Int],
  _ number: Int, _ update: ParameterUpdate
) -> TrainingExecutor.StepResult {
  let size = network.architecture.inputShape.count
  return executor.step(labels: labels, number: number, update: update) { image, target in
    for i in 0..<size { target[i] = pixels[image * size + i] }
  }
}

@Suite struct TrainingExecutorTests {
  @Test(arguments: variousNetworks.indices)
  func `parameter gradients equal finite differences`(index: Int) throws {
    let (text, shape) = variousNetworks[index]
    // Dropout's mask is random; without it the loss has a formula.
    let network = try hashedNetwork(
      text.replacingOccurrences(of: "dropout(0.3)", with: "dropout(0)"), shape)
    let pixels = images(19, of: network)
    let labels = (0..<19).map { ($0 * 7) % network.architecture.outputs }
    let found = gradients(network, pixels, labels)
    let oracle = Oracle(network)
    let batch = rows(pixels, network.architecture.inputShape.count)
    for (name, parameter) in network.architecture.tensors where parameter.isLearned {
      for position in Set([0, parameter.count / 3, parameter.count / 2, parameter.count - 1]) {
        let slope = oracle.slope(name, position, batch, labels)
        let value = Double(try #require(found[name])[position])
        #expect(abs(value - slope) < 2e-5 + 1e-3 * abs(slope), "\(name)[\(position)]")
      }
    }
  }

  @Test(arguments: blankNetworks)
  func `training takes blank parts together without changing a bit`(
    text: String, shape: (Int, Int, Int)
  ) throws {
    let network = try hashedNetwork(text, shape)
    let pixels = partlyBlank(15, of: network)
    let labels = (0..<15).map { $0 % network.architecture.outputs }
    // Room for less than a shard is not worth knowing what a blank image gives.
    let trained = [15, 16].map { room in
      let executor = TrainingExecutor(
        network, batchSize: room, seed: 1, pool: WorkerPool(threads: 2))
      for number in 0..<3 {
        _ = step(
          executor, network, pixels, labels, number,
          .init(formula: .momentum(rate: 0.1, momentum: 0.9)))
      }
      return executor.network.tensors.map(\.values)
    }
    #expect(trained[0] == trained[1])
  }

  @Test(arguments: ["relu maxpool(2)", "maxpool(3,stride=2) relu", "relu maxpool(2) flatten"])
  func `dropout behind a pooling leaves the pooling's gradient alone`(layers: String) throws {
    // A mask that drops next to nothing, but scales by what is no power of two.
    func found(_ dropped: String) throws -> [String: [Float]] {
      let flatten = layers.contains("flatten") ? "" : " flatten"
      let network = try hashedNetwork(
        "conv(5,3) \(layers) dropout(\(dropped))\(flatten) linear(4)", (1, 8, 8))
      let pixels = images(20, of: network)
      return gradients(network, pixels, (0..<20).map { $0 % 4 })
    }
    let (with, without) = (try found("0.00001"), try found("0"))
    for (name, values) in without {
      let scale = values.map(abs).max() ?? 0
      for (a, b) in try paired(#require(with[name]), values) {
        #expect(abs(a - b) < 1e-3 * scale + 1e-6, "\(name)")
      }
    }
  }

  @Test func `mostly blank images give the same parameter gradients`() throws {
    let network = try hashedNetwork(
      "flatten linear(70) relu linear(5)", (1, 8, 9),
      normalization: Normalization(mean: [0.2], standardDeviation: [0.4]))
    let keys = hashed(35 * 72, 77)
    // Mostly blank above, full below: some blocks of rows are sparse and some are not.
    let pixels = zip(images(35, of: network), keys).enumerated().map { index, pair in
      pair.1 < (index % 72 < 50 ? 0.15 : 0.9) ? pair.0 : 0
    }
    let labels = (0..<35).map { ($0 * 3) % 5 }
    let found = gradients(network, pixels, labels)
    let oracle = Oracle(network)
    for (name, parameter) in network.architecture.tensors {
      for position in stride(from: 0, to: parameter.count, by: max(1, parameter.count / 40)) {
        let slope = oracle.slope(name, position, rows(pixels, 72), labels)
        let value = Double(try #require(found[name])[position])
        #expect(abs(value - slope) < 2e-5 + 1e-3 * abs(slope), "\(name)[\(position)]")
      }
    }
  }

  struct Fixture: Decodable {
    struct Run: Decodable {
      let losses: [Double]
      let correct: [Int]
      let parameterSums: [[Double]]
      let logits: [Double]

      enum CodingKeys: String, CodingKey {
        case losses, correct, logits
        case parameterSums = "parameter_sums"
      }
    }

    let script: String
    let torch: String
    let runs: [String: Run]
  }

  static let networks = [
    "mlp": Preset.mlp.specification().description,
    "cnn":
      "conv(32,3) relu maxpool(2) conv(64,3) relu maxpool(2) flatten linear(128) relu linear(10)",
    "mixed":
      "conv(8,5,stride=2,padding=1) norm relu avgpool(2) conv(12,3,padding=2) norm relu"
      + " maxpool(3,stride=2) flatten linear(20) norm relu linear(10)",
  ]

  static func update(_ optimizer: String, step: Int) -> ParameterUpdate {
    let t = Double(step)
    let adam = UpdateTask.Formula.adam(
      rate: Float(0.001 / (1 - pow(0.9, t))), beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
      rootScale: Float(1 / (1 - pow(0.999, t)).squareRoot()))
    var sgd = ParameterUpdate(
      formula: .momentum(rate: 0.05, momentum: 0.9), coupledDecay: 0.001)
    switch optimizer {
    case "sgd-clipped": sgd.longestGradient = 0.5
    case "sgd-lookahead": sgd.slowStep = step.isMultiple(of: 5) ? 0.5 : nil
    default: break
    }
    return switch optimizer {
    case "sgd", "sgd-smoothing", "sgd-mixed", "sgd-clipped", "sgd-lookahead": sgd
    case "sgd-nesterov": ParameterUpdate(formula: .nesterov(rate: 0.05, momentum: 0.9))
    case "sgd-rates": ParameterUpdate(formula: .momentum(rate: 0.05, momentum: 0.9))
    case "adamw": ParameterUpdate(formula: adam, shrink: 1 - 0.001 * 0.1)
    case "adam-decay": ParameterUpdate(formula: adam, coupledDecay: 0.01)
    default: ParameterUpdate(formula: adam)
    }
  }

  static let runs =
    ["mlp", "cnn", "mixed"].flatMap { model in
      ["adam", "adamw", "adam-decay", "sgd"].map { (model, $0) }
    }
    + ["mlp", "mixed"].flatMap { model in
      ["sgd-nesterov", "sgd-smoothing", "sgd-mixed", "sgd-clipped", "sgd-lookahead"].map {
        (model, $0)
      }
    } + [("mixed", "sgd-rates")]

  @Test(arguments: runs)
  func `ten steps agree with PyTorch`(model: String, optimizer: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/training_steps", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.script == "training_steps.py")
    let run = try #require(fixture.runs["\(model) \(optimizer)"])
    let text = try #require(Self.networks[model])
    let normalization = Normalization(mean: [0.25], standardDeviation: [0.5])
    let network = try hashedNetwork(text, normalization: normalization)
    let executor = TrainingExecutor(
      network, batchSize: 40, seed: 1,
      rates: optimizer == "sgd-rates" ? ["conv1": 0.1, "norm1": 0] : [:],
      pool: WorkerPool(threads: 2))
    if optimizer == "sgd-lookahead" { executor.slowWeights = network.tensors }
    for number in 0..<10 {
      let labels = hashed(40, UInt64(2000 + number)).map { Int($0 * 10) }
      let pixels = hashed(40 * 784, UInt64(1000 + number))
      let others =
        optimizer == "sgd-mixed"
        ? zip(hashed(40, UInt64(4000 + number)), hashed(40, UInt64(5000 + number))).map {
          (Int($0 * 10), $1)
        } : []
      let result = executor.step(
        ClassObjective(
          labels, mixedWith: others,
          smoothing: ["sgd-smoothing", "sgd-mixed"].contains(optimizer) ? 0.1 : 0), number: number,
        update: Self.update(optimizer, step: number + 1)
      ) { image, target in for i in 0..<784 { target[i] = pixels[image * 784 + i] } }
      // Adam divides by the gradient's own size, so rounding of tiny gradients shows more.
      #expect(abs(result.loss / 40 - run.losses[number]) < 5e-4)
      // What is right of a mixed image is another question there.
      if others.isEmpty { #expect(abs((result.correct ?? -9) - run.correct[number]) <= 1) }
    }
    let trained = executor.network
    let learned = zip(trained.architecture.tensors, trained.tensors).filter {
      $0.0.parameter.isLearned
    }
    // A bias in front of a batch normalisation has no gradient but rounding, which Adam blows up to
    // full steps; what follows it feels a little of that.
    let isNoisy = model == "mixed" && !optimizer.hasPrefix("sgd")
    let noisy = isNoisy ? ["conv1.bias", "conv2.bias", "linear1.bias"] : []
    for (tensor, sums) in try paired(learned.map(\.1), run.parameterSums)
    where !noisy.contains(tensor.name) {
      let size = tensor.values.reduce(0.0) { $0 + Double(abs($1)) }
      #expect(abs(size - sums[1]) < (isNoisy ? 2e-2 : 1e-3) * sums[1] + 1e-4, "\(tensor.name)")
    }
    let logits = Executor(trained, pool: WorkerPool(threads: 1)).logits(hashed(3 * 784, 3000))
    for (value, exact) in try paired(logits, run.logits) {
      #expect(abs(Double(value) - exact) < 5e-3)
    }
  }

  @Test(arguments: [
    "conv(5,3) relu maxpool(2) flatten linear(12) relu dropout(0.5) linear(10)",
    "conv(6,3) norm relu dropout(0.2) maxpool(2) conv(7,3) norm relu flatten linear(10)",
  ])
  func `any number of threads gives the same bits`(text: String) throws {
    let network = try hashedNetwork(text)
    var reference: (Network, [Tensor])?
    for threads in [1, 2, 3, 4] {
      let executor = TrainingExecutor(
        network, batchSize: 50, seed: 9, pool: WorkerPool(threads: threads))
      for number in 0..<3 {
        _ = step(
          executor, network, hashed(50 * 784, UInt64(number)), (0..<50).map { ($0 + number) % 10 },
          number, Self.update("adam", step: number + 1))
      }
      let result = (executor.network, executor.moments.second)
      if let reference {
        #expect(result.0 == reference.0)
        #expect(result.1 == reference.1)
      } else {
        reference = result
      }
    }
  }

  @Test func `a frozen layer stays to the bit, its running statistics too`() throws {
    let network = try hashedNetwork(
      "conv(5,3) norm relu residual(conv(5,3) norm) flatten linear(10)")
    let frozen = ["conv1", "norm1", "norm2"]
    let executor = TrainingExecutor(
      network, batchSize: 20, seed: 1,
      rates: Dictionary(uniqueKeysWithValues: frozen.map { ($0, 0) }), pool: WorkerPool(threads: 2))
    for number in 0..<3 {
      var update = Self.update("adamw", step: number + 1)
      update.longestGradient = 1
      update.slowStep = 0.5
      update.averageStep = 0.5
      _ = step(
        executor, network, hashed(20 * 784, UInt64(number)), (0..<20).map { $0 % 10 }, number,
        update)
    }
    let after = executor.network
    #expect(after.tensors.count == network.tensors.count)
    for (old, new) in try paired(network.tensors, after.tensors) {
      let isFrozen = frozen.contains { new.name.hasPrefix($0) }
      #expect((old == new) == isFrozen, "\(new.name)")
    }
  }

  @Test func `single tensors have rates of their own, and none is zero`() throws {
    let network = try hashedNetwork(
      "conv(5,3) relu norm conv(6,3) relu flatten linear(9) relu linear(10)")
    func after(_ rates: [String: Float]) -> [Tensor] {
      let executor = TrainingExecutor(
        network, batchSize: 20, seed: 1, rates: rates, pool: WorkerPool(threads: 2))
      var update = Self.update("sgd", step: 1)
      update.coupledDecay = 0
      _ = step(executor, network, hashed(20 * 784, 1), (0..<20).map { $0 % 10 }, 0, update)
      return executor.network.tensors
    }
    let rates: [String: Float] = [
      "conv1.weight": 0, "norm1.weight": 0, "norm1.bias": 4, "conv2": 0, "conv2.bias": 2,
      "linear1.weight": 2, "linear2.bias": 0,
    ]
    let (usual, own) = (after([:]), after(rates))
    #expect(usual.count == network.tensors.count && own.count == network.tensors.count)
    for (place, start) in network.tensors.enumerated() where !start.name.contains("running") {
      let layer = String(start.name.prefix { $0 != "." })
      let rate = rates[start.name] ?? rates[layer] ?? 1
      #expect(usual[place] != start, "\(start.name) does not move by itself")
      #expect((own[place] == start) == (rate == 0), "\(start.name)")
      for (i, before) in start.values.enumerated() {
        let expected = before + rate * (usual[place].values[i] - before)
        #expect(abs(own[place].values[i] - expected) <= 1e-6 + 1e-5 * abs(before), "\(start.name)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `weight decay has factors by layer and tensor, added to the gradient or apart from it`(
    isCoupled: Bool
  ) throws {
    let network = try hashedNetwork("conv(5,3) relu norm flatten linear(9) relu linear(10)")
    func after(decay: Float, _ decays: [String: Float]) -> [Tensor] {
      let executor = TrainingExecutor(
        network, batchSize: 20, seed: 1, decays: decays, pool: WorkerPool(threads: 2))
      var update = Self.update("sgd", step: 1)
      (update.coupledDecay, update.shrink) = isCoupled ? (decay, 1) : (0, 1 - 0.1 * decay)
      _ = step(executor, network, hashed(20 * 784, 1), (0..<20).map { $0 % 10 }, 0, update)
      return executor.network.tensors
    }
    let factors: [String: Float] = [
      "conv1.bias": 0, "norm1": 3, "linear1": 0, "linear1.weight": 0.5, "linear2.weight": 0,
    ]
    let (none, whole) = (after(decay: 0, [:]), after(decay: 0.3, [:]))
    let own = after(decay: 0.3, factors)
    #expect(none.count == network.tensors.count && own.count == none.count)
    for (place, start) in network.tensors.enumerated() where !start.name.contains("running") {
      let layer = String(start.name.prefix { $0 != "." })
      let factor = factors[start.name] ?? factors[layer] ?? 1
      if start.values.contains(where: { $0 != 0 }) {
        #expect(whole[place] != none[place], "\(start.name) does not decay by itself")
      }
      for i in start.values.indices {
        let expected =
          none[place].values[i] + factor * (whole[place].values[i] - none[place].values[i])
        #expect(abs(own[place].values[i] - expected) <= 2e-6, "\(start.name)")
      }
    }
  }

  @Test func `the average follows the weights, and statistics are made anew for it`() throws {
    let network = try hashedNetwork("conv(5,3) norm relu flatten linear(10)")
    let executor = TrainingExecutor(
      network, batchSize: 40, seed: 1, pool: WorkerPool(threads: 2))
    executor.averagedWeights = network.tensors
    func learned(_ network: Network) -> [Tensor] {
      zip(network.architecture.tensors, network.tensors).filter { $0.0.parameter.isLearned }
        .map(\.1)
    }
    var expected = learned(network).map { $0.values.map(Double.init) }
    for number in 0..<4 {
      var update = Self.update("sgd", step: number + 1)
      update.averageStep = number == 2 ? nil : 0.25
      _ = step(
        executor, network, hashed(40 * 784, UInt64(number)), (0..<40).map { $0 % 10 }, number,
        update)
      if number == 2 { continue }
      for (tensor, weights) in learned(executor.network).enumerated() {
        for i in weights.values.indices {
          expected[tensor][i] += 0.25 * (Double(weights.values[i]) - expected[tensor][i])
        }
      }
    }
    let averaged = executor.averagedWeights
    #expect(averaged.count == expected.count)
    for (tensor, exact) in try paired(averaged, expected) {
      #expect(tensor.values.count == exact.count)
      for (a, b) in try paired(tensor.values, exact) { #expect(abs(Double(a) - b) < 1e-6) }
    }
    // Over two mini-batches: the mean of their means, and of their unbiased variances.
    let pixels = hashed(80 * 784, 9)
    executor.renewStatistics([40, 40]) { batch, image, target in
      for i in 0..<784 { target[i] = pixels[(batch * 40 + image) * 784 + i] }
    }
    let renewed = executor.network
    let maps = try #require(
      Executor(renewed, pool: WorkerPool(threads: 1)).tracer.activations(pixels, of: ["conv1"])[
        "conv1"])
    let (means, variances) = (
      try #require(renewed.tensor("norm1.running_mean")),
      try #require(renewed.tensor("norm1.running_var"))
    )
    for channel in 0..<5 {
      let halves = (0..<2).map { half in
        (0..<40).flatMap { image -> ArraySlice<Float> in
          let start = ((half * 40 + image) * 5 + channel) * 784
          return maps[start..<start + 784]
        }.map(Double.init)
      }
      let centers = halves.map { $0.reduce(0, +) / Double($0.count) }
      let spreads = zip(halves, centers).map { half, center in
        half.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(half.count - 1)
      }
      #expect(abs(Double(means.values[channel]) - (centers[0] + centers[1]) / 2) < 1e-5)
      #expect(abs(Double(variances.values[channel]) - (spreads[0] + spreads[1]) / 2) < 1e-5)
    }
  }

  @Test func `dropout drops the share it is told, and scales the rest`() throws {
    var network = try hashedNetwork("flatten dropout(0.25) linear(2)", (1, 20, 20))
    network.tensors[0].values = Array(repeating: 0, count: 800)
    network.tensors[1].values = [0, 0]
    // With weights 0 the gradient of class 0's weights is -½ mask / (1 - p) for an image of ones.
    let found = try #require(
      gradients(network, [Float](repeating: 1, count: 400), [0])["linear1.weight"])
    let kept = found[..<400].filter { $0 != 0 }
    #expect(abs(Double(kept.count) - 300) < 35)  // four standard deviations
    for value in kept { #expect(abs(value + 0.5 / 0.75) < 1e-6) }
  }

  @Test func `moments that are read and set again change nothing`() throws {
    let text = "conv(5,3) norm relu flatten linear(10)"
    let network = try hashedNetwork(text)
    func run(restoring: Bool) -> Network {
      var executor = TrainingExecutor(
        network, batchSize: 20, seed: 1, pool: WorkerPool(threads: 2))
      for number in 0..<4 {
        if number == 2, restoring {
          let moments = executor.moments
          executor = TrainingExecutor(
            executor.network, batchSize: 20, seed: 1, pool: WorkerPool(threads: 1))
          executor.moments = moments
        }
        _ = step(
          executor, network, hashed(20 * 784, UInt64(number)), (0..<20).map { $0 % 10 }, number,
          Self.update("adam", step: number + 1))
      }
      return executor.network
    }
    #expect(run(restoring: true) == run(restoring: false))
  }
}
