import KernelTable
public import Networks
import Randomness

/// Trains a network: one call is one step on a mini-batch.
///
/// A step is two kinds of parallel work. Over shards of 16 images: forward, loss, and the gradients of
/// activations and of the parameters that are summed shard by shard. Then over fixed blocks of parameters: the
/// linear layers' weight gradients as products over the whole mini-batch, the sums over shards as `ShardTree` has them,
/// and the optimizer on each block. Batch normalisation adds points where the shards wait for each other. Every
/// sum has a fixed order, so the number of threads does not change a bit.
///
/// Several ranks may share a step: each has the shards of a block, and all exchange what the second kind of work needs, which
/// every one of them does. So all have the same network after a step, and it is the one that a single process has.
public final class TrainingExecutor {
  /// What a step found.
  public struct StepResult: Sendable {
    /// Sum of the examples' losses.
    public var loss: Double
    /// Examples that were right; `nil` for an objective without answers.
    public var correct: Int?
    /// Euclidean norm of the gradient of the mean loss.
    public var gradientNorm: Double
  }

  /// A mini-batch on its way through the network.
  struct MiniBatch {
    let images: Int
    let imagesPerMask: Int
    let blocks: ShardBlocks
    /// The shards of this rank.
    let own: Range<Int>
    /// Seeds dropout; `nil` outside training.
    let randomness: UInt64?
  }

  let pool: WorkerPool
  let ranks: (any Ranks)?
  let runner: ShardRunner
  let input: PixelInput
  let architecture: Architecture
  private let normalization: Normalization
  let batchSize: Int
  let seed: UInt64
  /// The plan's operations between the points where shards meet.
  let segments: [Range<Int>]
  /// The mini-batch whose outputs were asked for, as long as no step was made of it.
  var pending: MiniBatch?

  let collected: Memory
  let updater: ParameterUpdater
  let pixels: Memory
  var statistics: [Int: BatchStatistics] = [:]
  /// One loss and one count for each shard, written by whichever thread runs it.
  let losses: UnsafeMutableBufferPointer<Double>
  let corrects: UnsafeMutableBufferPointer<Int>

  /// An executor for mini-batches of at most `batchSize` images.
  ///
  /// - Parameters:
  ///   - network: where training starts.
  ///   - batchSize: the largest mini-batch, at least 1.
  ///   - seed: for dropout.
  ///   - rates: factors on the learning rate of layers, or of single tensors such as `conv1.weight`, by name; with 0 they
  ///     are frozen and stay to the bit, and a batch normalisation of which nothing moves goes by its running statistics.
  ///   - decays: factors on the weight decay, by the same names.
  ///   - pool: the threads.
  ///   - ranks: those that share each step; `nil` for none.
  public init(
    _ network: Network, batchSize: Int, seed: UInt64, rates: [String: Float] = [:],
    decays: [String: Float] = [:], pool: WorkerPool, ranks: (any Ranks)? = nil
  ) {
    self.pool = pool
    self.ranks = ranks
    self.batchSize = batchSize
    self.seed = seed
    architecture = network.architecture
    normalization = network.normalization
    input = PixelInput(network.architecture.inputShape, network.normalization)
    let plan = Plan(
      network.architecture, normalization: network.normalization, fuses: true)
    segments = plan.segments
    runner = ShardRunner(
      plan, purpose: .training(batchSize: batchSize), workers: pool.threads)
    let shards = (batchSize + shardSize - 1) / shardSize
    collected = Memory(count: plan.collectedCount * shards)
    updater = ParameterUpdater(
      runner, collected: collected, batchSize: batchSize, rates: rates, decays: decays, pool: pool,
      ranks: ranks)
    for (index, operation) in plan.operations.enumerated() {
      if let norm = operation as? NormOperation, updater.moves[index] {
        statistics[index] = BatchStatistics(norm, shards: shards)
      }
    }
    pixels = Memory(count: padded(architecture.inputShape.count) * pool.threads)
    losses = .allocate(capacity: shards)
    corrects = .allocate(capacity: shards)
    runner.load(network)
  }

  deinit {
    losses.deallocate()
    corrects.deallocate()
  }

  /// Bytes of memory that training plans, parameters and moments included; nothing is allocated to find out.
  ///
  /// - Parameters:
  ///   - architecture: what is trained.
  ///   - batchSize: the largest mini-batch.
  ///   - threads: how many.
  ///   - copies: how many more numbers each parameter has: one each for Lookahead, an average, and clipping.
  /// - Returns: the bytes.
  package static func byteCount(
    _ architecture: Architecture, batchSize: Int, threads: Int, copies: Int = 0
  ) -> Int {
    let plan = Plan(
      architecture, normalization: .identity(channels: architecture.inputShape.channels),
      fuses: true)
    let shards = (batchSize + shardSize - 1) / shardSize
    let memory = MemoryPlan(plan, purpose: .training(batchSize: batchSize), workers: threads)
    return MemoryLayout<Float>.stride
      * (memory.count + plan.collectedCount * shards + (1 + copies) * plan.parameterCount
        + plan.derivedCount
        + ShardRunner.blankCount(plan)
        + ParameterUpdater.count(plan, batchSize: batchSize, threads: threads)
        + (padded(plan.scratchCount) + padded(architecture.inputShape.count)) * threads)
  }

  /// The images that it reads.
  public var inputShape: ImageShape { architecture.inputShape }

  /// The network as it stands.
  public var network: Network {
    Network(
      architecture: architecture, normalization: normalization,
      tensors: runner.plan.unpack(runner.parameters))
  }

  /// The optimizer's two moments, in the names and shapes of the learned tensors.
  public var moments: (first: [Tensor], second: [Tensor]) {
    get {
      (
        runner.plan.unpack(updater.first, learnedOnly: true),
        runner.plan.unpack(updater.second, learnedOnly: true)
      )
    }
    set {
      runner.plan.pack(newValue.first, to: updater.first)
      runner.plan.pack(newValue.second, to: updater.second)
    }
  }

  /// The slow weights of Lookahead, learned tensors alone; unless they are set, they start where the parameters are before
  /// the first step that moves them.
  public var slowWeights: [Tensor] {
    get { runner.plan.unpack(updater.slow, learnedOnly: true) }
    set { runner.plan.pack(newValue, to: updater.slow) }
  }

  /// The average of the weights, learned tensors alone; unless it is set, it starts where the parameters are before the
  /// first step that it sees.
  public var averagedWeights: [Tensor] {
    get { runner.plan.unpack(updater.average, learnedOnly: true) }
    set { runner.plan.pack(newValue, to: updater.average) }
  }

  /// The images of a mini-batch of which this rank loads the pixels.
  package func ownImages(of images: Int) -> Range<Int> {
    let own = blocks(images)[rank]
    return min(images, own.lowerBound * shardSize)..<min(images, own.upperBound * shardSize)
  }

  var rank: Int { ranks?.rank ?? 0 }

  func blocks(_ images: Int) -> ShardBlocks {
    ShardBlocks((images + shardSize - 1) / shardSize, ranks: ranks?.count ?? 1)
  }
}
