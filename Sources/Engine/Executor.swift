public import Networks

/// Runs a network as it predicts: logits, gradients with respect to the pixels, and traces.
///
/// Images are pixels in [0, 1], one after the other, each in the order channel, row, column. Batches of any
/// size are cut into shards of 16 that run on the pool's threads; an image's numbers do not depend on its
/// neighbours or on the number of threads.
public final class Executor {
  /// The network that is run.
  public private(set) var network: Network
  /// The threads that run it.
  public let pool: WorkerPool
  /// Looks inside the same network.
  public var tracer: Tracer {
    if let madeTracer { return madeTracer }
    let tracer = Tracer(network, pool: pool)
    madeTracer = tracer
    return tracer
  }
  private var madeTracer: Tracer?
  let predictor: ShardRunner
  /// Keeps what gradients need; made when they are first asked for.
  private lazy var differentiator = ShardRunner(
    sharing: predictor, purpose: .inputGradient, workers: pool.threads)
  let input: PixelInput
  private let watcher: UnitWatcher
  private let plan: Plan

  /// If true, the units that ReLU layers never switch on are counted while images run.
  package var watchesUnits = false

  /// Images run so far, with or without a gradient: what attacks count as queries.
  public internal(set) var queries = 0

  /// For each ReLU layer, how many of its units (channels) were zero on every image watched so far.
  package var silentUnits: [String: Int] { watcher.silentUnits }

  /// Counts as watched what other ranks have run, too.
  package func shareWatched(with ranks: any Ranks) { watcher.share(with: ranks) }

  /// An executor of a network on a pool of threads.
  public init(_ network: Network, pool: WorkerPool) {
    self.network = network
    self.pool = pool
    plan = Plan(
      network.architecture, normalization: network.normalization, fuses: true)
    predictor = ShardRunner(plan, purpose: .prediction, workers: pool.threads)
    input = PixelInput(network.architecture.inputShape, network.normalization)
    watcher = UnitWatcher(plan, workers: pool.threads)
    predictor.load(network)
  }

  /// Takes the parameters of a network of the same architecture and normalisation, such as the same one a training step later.
  public func load(_ network: Network) {
    precondition(
      network.tensors.map(\.shape) == self.network.tensors.map(\.shape),
      "Executor: a network of another architecture cannot be loaded")
    self.network = network
    madeTracer = nil
    predictor.load(network)
  }

  private var imageCount: Int { network.architecture.inputShape.count }
  private var classes: Int { network.architecture.outputs }

  /// The logits of each image, `[N][K]`.
  public func logits(_ images: [Float]) -> [Float] {
    run(images, logitsOf: nil).logits
  }

  /// What `inputGradients(_:of:)` returns.
  public struct Gradients: Sendable {
    /// The logits of each image, `[N][K]`.
    public var logits: [Float]
    /// The objective's value for each image.
    public var values: [Float]
    /// Its gradient with respect to the pixels, `[N][C][H][W]`.
    public var pixels: [Float]
  }

  /// The gradient of an objective with respect to each image's pixels; no parameter gradient is computed.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - objective: a number worked out from an image's logits.
  ///   - rectifiers: what rectifiers let through.
  /// - Returns: the gradients, and the logits and values on the way.
  public func inputGradients(
    _ images: [Float], of objective: Objective, rectifiers: RectifierGradient = .ordinary
  ) -> Gradients {
    run(images, logitsOf: objective, rectifiers: rectifiers)
  }

  private func run(
    _ images: [Float], logitsOf objective: Objective?, rectifiers: RectifierGradient = .ordinary
  ) -> Gradients {
    let count = images.count / imageCount
    precondition(
      images.count == count * imageCount,
      "Executor: \(images.count) numbers are no whole number of images of \(imageCount)")
    queries += count
    var result = Gradients(
      logits: [Float](repeating: 0, count: count * classes),
      values: [Float](repeating: 0, count: objective == nil ? 0 : count),
      pixels: [Float](repeating: 0, count: objective == nil ? 0 : images.count))
    // The watcher looks between layers, where predictions keep one image only.
    let runner = objective == nil && !watchesUnits ? predictor : differentiator
    // Large shards, but the same work for every thread.
    let units = (count + shardSize - 1) / shardSize
    let most = runner.purpose.shardSize
    let fewest = (units * shardSize + most - 1) / most
    let shards = min(units, (fewest + pool.threads - 1) / pool.threads * pool.threads)
    func start(of shard: Int) -> Int { min(count, shard * units / shards * shardSize) }
    images.withUnsafeBufferPointer { images in
      result.logits.withUnsafeMutableBufferPointer { logits in
        result.values.withUnsafeMutableBufferPointer { values in
          result.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let images = images.baseAddress, let logits = logits.baseAddress else { return }
            let target = paired(values.baseAddress, pixels.baseAddress)
            pool.run(shards) { shard, worker in
              let first = start(of: shard)
              let walk = ShardRunner.Walk(
                shard: 0, images: start(of: shard + 1) - first, worker: worker,
                wantsInputGradient: objective != nil, rectifiers: rectifiers)
              runShard(
                first: first, walk, runner, images, logits: logits, objective: objective,
                target)
            }
          }
        }
      }
    }
    return result
  }

  private typealias Targets = (
    values: UnsafeMutablePointer<Float>, pixels: UnsafeMutablePointer<Float>
  )

  private func paired(
    _ values: UnsafeMutablePointer<Float>?, _ pixels: UnsafeMutablePointer<Float>?
  ) -> Targets? {
    guard let values, let pixels else { return nil }
    return (values, pixels)
  }

  private func runShard(
    first: Int, _ walk: ShardRunner.Walk, _ runner: ShardRunner, _ images: UnsafePointer<Float>,
    logits: UnsafeMutablePointer<Float>, objective: Objective?, _ targets: Targets?
  ) {
    let whole = runner.plan.operations.indices
    let source = runner.activation(0, walk)
    for image in 0..<walk.images {
      input.load(images + (first + image) * imageCount, to: source[image])
    }
    if watchesUnits {
      watcher.forward(runner, walk)
    } else {
      runner.forward(whole, walk)
    }
    let output = runner.activation(whole.upperBound, walk)
    let layout = runner.plan.layouts[whole.upperBound]
    for image in 0..<walk.images {
      layout.unpack(output[image], to: logits + (first + image) * classes)
    }
    guard let objective, let targets else { return }
    let outputGradient = runner.gradient(whole.upperBound, walk)
    for image in 0..<walk.images {
      let row = Array(
        UnsafeBufferPointer(start: logits + (first + image) * classes, count: classes))
      let (value, gradient) = objective.evaluate(first + image, row)
      targets.values[first + image] = value
      let target = outputGradient[image]
      target.update(repeating: 0, count: layout.count)
      layout.pack(gradient, to: target)
    }
    runner.backward(whole, walk)
    let inputGradient = runner.gradient(0, walk)
    for image in 0..<walk.images {
      input.unload(
        gradient: inputGradient[image], to: targets.pixels + (first + image) * imageCount)
    }
  }
}
