public import Networks

/// Runs a network with every activation kept apart, on the general kernels, to be looked at.
///
/// A trace's numbers equal those of `Executor` bit for bit.
public final class Tracer {
  private let network: Network
  private let pool: WorkerPool
  private let runner: ShardRunner
  private let input: PixelInput

  /// A tracer of a network on a pool of threads.
  public init(_ network: Network, pool: WorkerPool) {
    self.network = network
    self.pool = pool
    let plan = Plan(network.architecture)
    runner = ShardRunner(
      plan, purpose: .trace, workers: pool.threads, kernels: InstructionSet.selected)
    input = PixelInput(network.architecture.inputShape, network.normalization)
    plan.pack(network, to: runner.parameters)
    plan.derive(runner.parameters, to: runner.derived)
  }

  /// The outputs of some layers, `[N]` times each layer's shape in the order channel, row, column.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - layers: names of layers; all if `nil`. A name that does not exist is left out of the result.
  /// - Returns: the numbers by layer name.
  public func activations(_ images: [Float], of layers: [String]? = nil) -> [String: [Float]] {
    let architecture = network.architecture
    let size = architecture.inputShape.count
    let count = images.count / size
    let wanted = architecture.entries.indices.filter {
      layers?.contains(architecture.entries[$0].name) ?? true
    }
    let results = wanted.map { Memory(count: count * architecture.entries[$0].outputShape.count) }
    images.withUnsafeBufferPointer { images in
      guard let images = images.baseAddress else { return }
      pool.run((count + shardSize - 1) / shardSize) { shard, worker in
        let first = shard * shardSize
        let walk = ShardRunner.Walk(
          shard: 0, images: min(shardSize, count - first), worker: worker)
        let source = runner.activation(0, walk)
        for image in 0..<walk.images {
          input.load(images + (first + image) * size, to: source[image])
        }
        runner.forward(runner.plan.operations.indices, walk)
        for (index, result) in zip(wanted, results) {
          let layout = runner.plan.layouts[index + 1]
          let output = runner.activation(index + 1, walk)
          let length = architecture.entries[index].outputShape.count
          for image in 0..<walk.images {
            layout.unpack(output[image], to: result.base + (first + image) * length)
          }
        }
      }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(wanted, results).map { index, result in
        (
          architecture.entries[index].name,
          Array(UnsafeBufferPointer(start: result.base, count: result.count))
        )
      })
  }
}
