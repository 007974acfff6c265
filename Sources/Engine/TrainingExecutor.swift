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

  private let pool: WorkerPool
  private let ranks: (any Ranks)?
  private let runner: ShardRunner
  private let input: PixelInput
  private let architecture: Architecture
  private let normalization: Normalization
  private let batchSize: Int
  private let seed: UInt64

  private let collected: Memory
  private let updater: ParameterUpdater
  private let pixels: Memory
  private var statistics: [Int: BatchStatistics] = [:]
  /// One loss and one count for each shard, written by whichever thread runs it.
  private let losses: UnsafeMutableBufferPointer<Double>
  private let corrects: UnsafeMutableBufferPointer<Int>

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

  private var rank: Int { ranks?.rank ?? 0 }

  private func blocks(_ images: Int) -> ShardBlocks {
    ShardBlocks((images + shardSize - 1) / shardSize, ranks: ranks?.count ?? 1)
  }

  // MARK: A step

  /// One step on a mini-batch of classes.
  ///
  /// - Parameters:
  ///   - labels: one class an image; their number is the mini-batch's size.
  ///   - number: counts steps; with the seed it decides dropout's masks.
  ///   - update: what the optimizer does.
  ///   - load: writes the pixels of an image of the mini-batch, in [0, 1] and the order channel, row,
  ///     column. Called from several threads.
  /// - Returns: losses and correct answers of the mini-batch.
  public func step(
    labels: [Int], number: Int, update: ParameterUpdate,
    load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) -> StepResult {
    step(ClassObjective(labels), number: number, update: update, load: load)
  }

  /// One step on a mini-batch.
  ///
  /// - Parameters:
  ///   - objective: what is learned. All its images together count towards the largest mini-batch.
  ///   - number: counts steps; with the seed it decides dropout's masks.
  ///   - update: what the optimizer does.
  ///   - load: writes the pixels of an image of the mini-batch, in [0, 1] and the order channel, row,
  ///     column. Called from several threads.
  /// - Returns: losses and correct answers of the mini-batch.
  public func step(
    _ objective: some TrainingObjective, number: Int, update: ParameterUpdate,
    load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) -> StepResult {
    // What is done between the parallel parts is done by the same arithmetic.
    Denormals.flushed {
      run(objective, number: number, load: load) { images in
        updater.update(images: images, update)
      }
    }
  }

  /// Makes the running statistics of batch normalisations anew, for weights that are not those they were kept beside: the
  /// means over some mini-batches, as PyTorch's `update_bn`, but without dropout, as they are used.
  ///
  /// - Parameters:
  ///   - batches: how many images each mini-batch has.
  ///   - load: writes the pixels of an image of a mini-batch. Called from several threads.
  package func renewStatistics(
    _ batches: [Int],
    load: (_ batch: Int, _ image: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) {
    guard !statistics.isEmpty else { return }
    Denormals.flushed {
      for (number, count) in batches.enumerated() {
        for statistics in statistics.values { statistics.momentum = 1 / Float(number + 1) }
        _ = run(
          ClassObjective(Array(repeating: 0, count: count)), number: 0, isTraining: false,
          load: { load(number, $0, &$1) }, finish: { _ in 0 })
      }
      for statistics in statistics.values { statistics.momentum = nil }
    }
  }

  private func run(
    _ objective: some TrainingObjective, number: Int, isTraining: Bool = true,
    load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void,
    finish: (_ images: Int) -> Double
  ) -> StepResult {
    precondition(
      [1, 2, 4, 8, 16].contains(objective.imagesPerExample),
      "TrainingExecutor: an example of \(objective.imagesPerExample) images would be parted")
    let images = objective.examples * objective.imagesPerExample
    precondition(
      (1...batchSize).contains(images),
      "TrainingExecutor: a mini-batch of \(images) where 1 to \(batchSize) fit")
    let blocks = blocks(images)
    let own = blocks[rank]
    let segments = runner.plan.segments
    var generator = SplitMix64(seed: seed, purpose: "dropout", index: UInt64(number))
    let randomness = generator.next()
    func walk(_ shard: Int, _ worker: Int) -> ShardRunner.Walk {
      ShardRunner.Walk(
        shard: shard, images: min(shardSize, images - shard * shardSize), worker: worker,
        collected: collected.base + shard * runner.plan.collectedCount,
        randomness: isTraining ? randomness &+ UInt64(shard) &* 0xd1b5_4a32_d192_ed03 : nil,
        imagesPerMask: objective.imagesPerExample)
    }
    for (index, segment) in segments.enumerated() {
      if index > 0 { joinStatistics(segment.lowerBound, batchSize: images) }
      let isLast = index == segments.count - 1
      pool.run(own.count) { place, worker in
        let walk = walk(own.lowerBound + place, worker)
        if index == 0 { begin(walk, load) }
        runner.forward(segment, walk)
        if isLast {
          addLoss(walk, objective)
          guard isTraining else { return }
          backward(segment, startsWithNorm: index > 0, walk)
        } else {
          collectStatistics(segments[index + 1].lowerBound, walk)
        }
      }
    }
    for (index, segment) in segments.enumerated().dropLast().reversed() where isTraining {
      let norm = segment.upperBound
      joinGradients(norm, batchSize: images)
      pool.run(own.count) { place, worker in
        let walk = walk(own.lowerBound + place, worker)
        runner.backward(norm..<norm + 1, walk)
        backward(segment, startsWithNorm: index > 0, walk)
      }
    }
    exchangeResults(blocks, isTraining: isTraining)
    let gradientNorm = finish(images)
    ShardTree.join(blocks.shards) { losses[$0] += losses[$1] }
    return StepResult(
      loss: losses[0],
      correct: objective.hasAnswers ? corrects[..<blocks.shards].reduce(0, +) : nil,
      gradientNorm: gradientNorm)
  }

  private func begin(
    _ walk: ShardRunner.Walk, _ load: (Int, inout MutableSpan<Float>) -> Void
  ) {
    walk.collected?.update(repeating: 0, count: runner.plan.collectedCount)
    let count = architecture.inputShape.count
    let buffer = UnsafeMutableBufferPointer(
      start: pixels.base + walk.worker * padded(count), count: count)
    let target = runner.activation(0, walk)
    for image in 0..<walk.images {
      var span = buffer.mutableSpan
      load(walk.shard * shardSize + image, &span)
      input.load(pixels.base + walk.worker * padded(count), to: target[image])
    }
  }

  private func addLoss(_ walk: ShardRunner.Walk, _ objective: some TrainingObjective) {
    let boundary = runner.plan.operations.count
    let (outputs, gradients) = (
      runner.activation(boundary, walk), runner.gradient(boundary, walk)
    )
    let layout = runner.plan.layouts[boundary]
    if layout.positions > 1 {
      for image in 0..<walk.images { layout.clearPadding(gradients[image]) }
    }
    var (loss, correct) = (0.0, 0)
    for first in stride(from: 0, to: walk.images, by: objective.imagesPerExample) {
      let example = (walk.shard * shardSize + first) / objective.imagesPerExample
      let found = objective.evaluate(
        example,
        ExampleRows(
          count: architecture.outputs, share: 1 / Float(objective.examples), layout: layout,
          outputs: outputs, gradients: gradients, kernels: runner.kernels, first: first))
      loss += Double(found.loss)
      correct += found.isCorrect ? 1 : 0
    }
    losses[walk.shard] = loss
    corrects[walk.shard] = correct
  }

  /// Backward through a segment, up to the output of the batch normalisation that it starts with.
  private func backward(
    _ segment: Range<Int>, startsWithNorm: Bool, _ walk: ShardRunner.Walk
  ) {
    let norm = segment.lowerBound
    guard startsWithNorm, let collected = walk.collected else {
      runner.backward(segment, walk)
      return
    }
    runner.backward(norm + 1..<segment.upperBound, walk)
    statistics[norm]?.collectGradient(
      walk.shard, images: walk.images, gradient: runner.gradient(norm + 1, walk),
      input: runner.activation(runner.plan.inputs[norm][0], walk),
      derived: runner.derived.base + runner.plan.derivedOffsets[norm],
      collected: collected + runner.plan.collectedOffsets[norm], kernels: runner.kernels)
  }

  // MARK: Where shards meet

  private func collectStatistics(_ norm: Int, _ walk: ShardRunner.Walk) {
    statistics[norm]?.collect(
      walk.shard, images: walk.images,
      from: runner.activation(runner.plan.inputs[norm][0], walk),
      kernels: runner.kernels)
  }

  private func joinStatistics(_ norm: Int, batchSize: Int) {
    guard let statistics = statistics[norm] else { return }
    ranks?.gather([statistics.rows], blocks(batchSize).all)
    statistics.join(
      batchSize: batchSize,
      parameters: runner.parameters.base + runner.plan.parameterOffsets[norm],
      derived: runner.derived.base + runner.plan.derivedOffsets[norm])
  }

  private func joinGradients(_ norm: Int, batchSize: Int) {
    guard let statistics = statistics[norm] else { return }
    ranks?.gather([statistics.rows], blocks(batchSize).all)
    statistics.joinGradient(
      batchSize: batchSize, derived: runner.derived.base + runner.plan.derivedOffsets[norm])
  }

  /// Gives all ranks what each has found but for the collected gradients: losses, and the inputs and gradients of the linear
  /// layers, whose product over the whole mini-batch is no sum over shards.
  private func exchangeResults(_ blocks: ShardBlocks, isTraining: Bool) {
    guard let ranks else { return }
    var lists = [
      losses.baseAddress.map { Rows($0) }, corrects.baseAddress.map { Rows($0) },
    ].compactMap(\.self)
    if isTraining { lists += updater.linearOperations.flatMap(runner.shardRows) }
    ranks.gather(lists, blocks.all)
  }
}
