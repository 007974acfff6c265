public import Networks

/// Runs a network with every activation and gradient kept apart, on the general kernels, to be looked at.
///
/// No layers are fused here, so that a trace's numbers equal those of `Executor` up to rounding; they do not depend
/// on the number of threads.
public final class Tracer {
  /// The network that is run.
  public let network: Network
  private let pool: WorkerPool
  private let runner: ShardRunner
  private let input: PixelInput
  /// Runs what the images are compared with, for rules that ask for it.
  private lazy var referenceRunner = makeRunner()

  /// A tracer of a network on a pool of threads.
  public init(_ network: Network, pool: WorkerPool) {
    self.network = network
    self.pool = pool
    input = PixelInput(network.architecture.inputShape, network.normalization)
    runner = Self.makeRunner(network, pool)
  }

  private func makeRunner() -> ShardRunner { Self.makeRunner(network, pool) }

  private static func makeRunner(_ network: Network, _ pool: WorkerPool) -> ShardRunner {
    let plan = Plan(network.architecture)
    let runner = ShardRunner(plan, purpose: .trace, workers: pool.threads)
    runner.load(network)
    return runner
  }

  private var entries: [Architecture.Entry] { network.architecture.entries }
  private var imageSize: Int { network.architecture.inputShape.count }

  /// The outputs of some layers, `[N]` times each layer's shape in the order channel, row, column.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - layers: names of layers; all if `nil`. A name that does not exist is left out of the result.
  /// - Returns: the numbers by layer name.
  public func activations(_ images: [Float], of layers: [String]? = nil) -> [String: [Float]] {
    let wanted = entries.indices.filter { layers?.contains(entries[$0].name) ?? true }
    let kept = Kept(wanted, runner.plan, count: images.count / imageSize)
    forEachShard(of: images) { walk, first in
      runner.forward(0..<((wanted.last ?? -1) + 1), walk)
      kept.keep(from: runner.activation, walk, first: first)
    }
    return kept.byName(entries)
  }

  /// What a layer of a sequence works with inside, one image after the other.
  ///
  /// Of attention, how much each place looks at each other: `[N][heads][T][T]`, each row adding up to 1. Of a recurrent layer,
  /// for each place its gates behind their functions, in PyTorch's order, and then the memory of a cell that has one:
  /// `[N][T][lists][units]`; the memory is an LSTM's cell, and what the state says to a GRU's new state.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - layer: the layer's name.
  /// - Returns: the numbers; `nil` for a layer of another kind.
  public func inner(_ images: [Float], of layer: String) -> [Float]? {
    let place = index(layer)
    guard let operation = runner.plan.operations[place] as? any InnerOperation else { return nil }
    let result = Memory(count: images.count / imageSize * operation.innerCount)
    forEachShard(of: images) { walk, first in
      runner.forward(0..<place + 1, walk)
      for image in 0..<walk.images {
        operation.copyInner(
          of: image, runner.pass(place, walk),
          to: result.base + (first + image) * operation.innerCount)
      }
    }
    return result.array
  }

  /// What `trace(_:of:)` returns.
  public struct Trace: Sendable {
    /// The output of the layer that the objective looked at, `[N]` times its shape; by default the logits.
    public var outputs: [Float]
    /// The objective's value for each image.
    public var values: [Float]
    /// Its gradient with respect to the pixels, or what a rule puts in the gradient's place, `[N][C][H][W]`.
    public var pixels: [Float]
    /// The outputs of the layers asked for, `[N]` times each layer's shape.
    public var activations: [String: [Float]]
    /// The gradients with respect to them, in the same shapes.
    public var gradients: [String: [Float]]
  }

  /// Follows an objective back from a layer's output to the pixels.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - objective: a number worked out from the output of `origin`, in the order channel, row, column.
  ///   - origin: the layer where the way back begins; the last one if `nil`.
  ///   - layers: layers whose outputs and gradients are kept. Those on which `origin` does not hang are left out.
  ///   - rule: what takes the place of the gradient in some layers.
  ///   - references: images that the rule compares with: one for all, or one for each image.
  /// - Returns: the trace.
  public func trace(
    _ images: [Float], of objective: Objective, from origin: String? = nil,
    keeping layers: [String] = [], by rule: (any BackwardRule)? = nil, references: [Float]? = nil
  ) -> Trace {
    let last = origin.map(index) ?? entries.count - 1
    let size = entries[last].outputShape.count
    let count = images.count / imageSize
    let way = BackwardWay(runner.plan, from: last)
    let wanted = entries.indices.filter { way.reaches[$0] && layers.contains(entries[$0].name) }
    let activations = Kept(wanted, runner.plan, count: count)
    let gradients = Kept(wanted, runner.plan, count: count)
    let outputs = Memory(count: count * size)
    let values = Memory(count: count)
    let pixels = Memory(count: images.count)
    let compared = references.map { ($0, referenceRunner) }
    forEachShard(of: images) { walk, first in
      var walk = walk
      walk.way = way
      let comparison = compared.map { run($0.0, $0.1, walk, first: first, to: last) }
      runner.forward(0..<last + 1, walk)
      let layout = runner.plan.layouts[last + 1]
      let (output, gradient) = (
        runner.activation(last + 1, walk), runner.gradient(last + 1, walk)
      )
      for image in 0..<walk.images {
        let place = outputs.base + (first + image) * size
        layout.unpack(output[image], to: place)
        let row = Array(UnsafeBufferPointer(start: place, count: size))
        let (value, slope) = objective.evaluate(first + image, row)
        values.base[first + image] = value
        gradient[image].update(repeating: 0, count: layout.count)
        slope.withUnsafeBufferPointer { slope in
          if let slope = slope.baseAddress { layout.pack(slope, to: gradient[image]) }
        }
      }
      for layer in (0...last).reversed() where way.reaches[layer] {
        let pass = LayerPass(
          layer: entries[layer], index: layer, runner: runner, walk: walk, comparison: comparison)
        if Self.applies(rule, to: pass) {
          runner.addParts(of: layer, 0..<walk.images, walk)
        } else {
          runner.backward(layer..<layer + 1, walk)
        }
      }
      activations.keep(from: runner.activation, walk, first: first)
      gradients.keep(from: runner.gradient, walk, first: first)
      let inputGradient = runner.gradient(0, walk)
      for image in 0..<walk.images {
        input.unload(
          gradient: inputGradient[image], to: pixels.base + (first + image) * imageSize)
      }
    }
    return Trace(
      outputs: outputs.array, values: values.array, pixels: pixels.array,
      activations: activations.byName(entries), gradients: gradients.byName(entries))
  }

  /// True if a rule has written the gradients of a layer's inputs.
  private static func applies(_ rule: (any BackwardRule)?, to pass: LayerPass) -> Bool {
    guard let rule else { return false }
    if pass.layer.inputs.count > 1 {
      guard let changed = rule.inputGradients(ofJoint: pass) else { return false }
      pass.replaceInputGradients(changed)
      return true
    }
    if rule.rewritesInputGradient(of: pass) { return true }
    guard let changed = rule.inputGradient(of: pass) else { return false }
    pass.replaceInputGradients([changed])
    return true
  }

  /// The logits that follow from a layer's output, `[N][K]`: what the rest of the network makes of it.
  ///
  /// - Parameters:
  ///   - activations: the layer's output, changed or not, `[N]` times its shape.
  ///   - layer: the layer's name.
  ///   - image: the image `[C][H][W]` whose other values go on beside a layer that stands in a branch.
  /// - Returns: the logits.
  public func logits(_ activations: [Float], from layer: String, of image: [Float]) -> [Float] {
    let start = index(layer) + 1
    let isAlone = network.architecture.isPassedByAll(start - 1)
    let size = entries[start - 1].outputShape.count
    let classes = network.architecture.outputs
    let logits = Memory(count: activations.count / size * classes)
    forEachShard(of: activations, size: size) { walk, first, source in
      let layout = runner.plan.layouts[start]
      let target = runner.activation(start, walk)
      if !isAlone {
        let pixels = runner.activation(0, walk)
        for place in 0..<walk.images { load(image, to: pixels[place]) }
        runner.forward(0..<start, walk)
      }
      for image in 0..<walk.images {
        layout.pack(source + (first + image) * size, to: target[image])
      }
      runner.forward(start..<entries.count, walk)
      let output = runner.activation(entries.count, walk)
      for image in 0..<walk.images {
        (logits.base + (first + image) * classes).update(from: output[image], count: classes)
      }
    }
    return logits.array
  }

  /// The parameters of a network of the same architecture, for rules that pass a layer with other weights.
  public func parameters(of network: Network) -> LayerParameters {
    LayerParameters(network, runner.plan)
  }

  private func index(_ name: String) -> Int {
    guard let index = network.architecture.index(of: name) else {
      preconditionFailure("Tracer: no layer “\(name)” in \(network.architecture.specification)")
    }
    return index
  }

  private func load(_ image: [Float], to target: UnsafeMutablePointer<Float>) {
    image.withUnsafeBufferPointer { pixels in
      if let pixels = pixels.baseAddress { input.load(pixels, to: target) }
    }
  }

  // MARK: Shards

  /// Brings each shard of images into the input's memory and calls `body`, on all threads.
  private func forEachShard(
    of images: [Float], _ body: (_ walk: ShardRunner.Walk, _ first: Int) -> Void
  ) {
    forEachShard(of: images, size: imageSize) { walk, first, source in
      let target = runner.activation(0, walk)
      for image in 0..<walk.images {
        input.load(source + (first + image) * imageSize, to: target[image])
      }
      body(walk, first)
    }
  }

  private func forEachShard(
    of rows: [Float], size: Int,
    _ body: (_ walk: ShardRunner.Walk, _ first: Int, _ rows: UnsafePointer<Float>) -> Void
  ) {
    let count = rows.count / size
    precondition(
      rows.count == count * size,
      "Tracer: \(rows.count) numbers are no whole number of rows of \(size)")
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      pool.run((count + shardSize - 1) / shardSize) { shard, worker in
        let first = shard * shardSize
        let walk = ShardRunner.Walk(
          shard: 0, images: min(shardSize, count - first), worker: worker, wantsInputGradient: true)
        body(walk, first, rows)
      }
    }
  }

  /// Runs a shard's references forward; one for all images is run once.
  private func run(
    _ references: [Float], _ runner: ShardRunner, _ walk: ShardRunner.Walk, first: Int, to last: Int
  ) -> LayerPass.Comparison {
    let isShared = references.count == imageSize
    let images = isShared ? 1 : walk.images
    let own = ShardRunner.Walk(shard: 0, images: images, worker: walk.worker)
    let target = runner.activation(0, own)
    references.withUnsafeBufferPointer { references in
      guard let base = references.baseAddress else { return }
      for image in 0..<images {
        let place = isShared ? 0 : first + image
        input.load(base + place * imageSize, to: target[image])
      }
    }
    runner.forward(0..<last + 1, own)
    return LayerPass.Comparison(runner: runner, walk: own)
  }
}

/// Boundaries copied out of a walk in PyTorch's order, for all images.
private struct Kept: Sendable {
  let layers: [Int]
  let layouts: [Layout]
  let results: [Memory]

  init(_ layers: [Int], _ plan: Plan, count: Int) {
    self.layers = layers
    layouts = layers.map { plan.layouts[$0 + 1] }
    results = layers.map { Memory(count: count * plan.architecture.entries[$0].outputShape.count) }
  }

  func keep(
    from strip: (_ boundary: Int, _ walk: ShardRunner.Walk) -> ShardStrip, _ walk: ShardRunner.Walk,
    first: Int
  ) {
    for ((layer, layout), result) in zip(zip(layers, layouts), results) {
      let source = strip(layer + 1, walk)
      let length = layout.positions * layout.channels
      for image in 0..<walk.images {
        layout.unpack(source[image], to: result.base + (first + image) * length)
      }
    }
  }

  func byName(_ entries: [Architecture.Entry]) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: zip(layers, results).map { (entries[$0].name, $1.array) })
  }
}

extension Memory {
  fileprivate var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
