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
public final class TrainingExecutor {
  /// What a step found.
  public struct StepResult: Sendable {
    /// Sum of the images' cross-entropies.
    public var loss: Double
    /// Images whose largest logit was the label's.
    public var correct: Int
    /// Euclidean norm of the gradient of the mean loss.
    public var gradientNorm: Double
  }

  private let pool: WorkerPool
  private let runner: ShardRunner
  private let input: PixelInput
  private let architecture: Architecture
  private let normalization: Normalization
  private let batchSize: Int
  private let seed: UInt64

  private let first: Memory
  private let second: Memory
  private let collected: Memory
  private let blockGradients: Memory
  private let blockScratch: Memory
  private let pixels: Memory
  private var statistics: [Int: BatchStatistics] = [:]
  private let blocks: [Block]
  private var squares: [Double]
  /// One loss and one count for each shard, written by whichever thread runs it.
  private let losses: UnsafeMutableBufferPointer<Double>
  private let corrects: UnsafeMutableBufferPointer<Int>

  /// A piece of the parameters that one task updates.
  private enum Block {
    /// Rows of the weights of a linear layer.
    case weights(operation: Int, rows: Range<Int>)
    /// Collected parameters of an operation.
    case collected(operation: Int, range: Range<Int>)
  }

  /// Numbers in a block: small enough to balance, large enough to be worth a task.
  private static let blockSize = 8192

  /// An executor for mini-batches of at most `batchSize` images.
  ///
  /// - Parameters:
  ///   - network: where training starts.
  ///   - batchSize: the largest mini-batch, at least 1.
  ///   - seed: for dropout.
  ///   - pool: the threads.
  public init(_ network: Network, batchSize: Int, seed: UInt64, pool: WorkerPool) {
    self.pool = pool
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
    first = Memory(count: plan.parameterCount)
    second = Memory(count: plan.parameterCount)
    collected = Memory(count: plan.collectedCount * shards)
    for (index, operation) in plan.operations.enumerated() {
      if let norm = operation as? NormOperation {
        statistics[index] = BatchStatistics(norm, shards: shards)
      }
    }
    blocks = Self.blocks(plan)
    let largest = blocks.map { Self.count($0, plan) }.max() ?? 0
    blockGradients = Memory(count: padded(largest) * pool.threads)
    blockScratch = Memory(
      count: Self.blockScratchCount(blocks, plan, batchSize: batchSize) * pool.threads)
    pixels = Memory(count: padded(architecture.inputShape.count) * pool.threads)
    squares = Array(repeating: 0, count: blocks.count)
    losses = .allocate(capacity: shards)
    corrects = .allocate(capacity: shards)
    runner.load(network)
  }

  deinit {
    losses.deallocate()
    corrects.deallocate()
  }

  /// Bytes of memory that training plans, parameters and moments included; nothing is allocated to find out.
  public static func byteCount(
    _ architecture: Architecture, batchSize: Int, threads: Int
  ) -> Int {
    let plan = Plan(
      architecture, normalization: .identity(channels: architecture.inputShape.channels),
      fuses: true)
    let blocks = blocks(plan)
    let shards = (batchSize + shardSize - 1) / shardSize
    let memory = MemoryPlan(plan, purpose: .training(batchSize: batchSize), workers: threads)
    let largest = blocks.map { count($0, plan) }.max() ?? 0
    return MemoryLayout<Float>.stride
      * (memory.count + plan.collectedCount * shards + 3 * plan.parameterCount + plan.derivedCount
        + ShardRunner.blankCount(plan)
        + (padded(plan.scratchCount) + padded(largest) + padded(architecture.inputShape.count)
          + blockScratchCount(blocks, plan, batchSize: batchSize))
          * threads)
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
        runner.plan.unpack(first, learnedOnly: true), runner.plan.unpack(second, learnedOnly: true)
      )
    }
    set {
      restore(newValue.first, to: first)
      restore(newValue.second, to: second)
    }
  }

  private func restore(_ tensors: [Tensor], to memory: Memory) {
    let plan = runner.plan
    let names = architecture.tensors.map(\.name)
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values) })
    for (operation, offset) in zip(plan.operations, plan.parameterOffsets) {
      for block in operation.parameters {
        guard let tensor = block.tensor, let values = byName[names[tensor]] else { continue }
        block.pack(values, to: memory.base + offset)
      }
    }
  }

  // MARK: A step

  /// One step on a mini-batch.
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
    step(
      labels, number: number, update: update, load: load,
      addLoss: { self.addLoss($0, labels) })
  }

  /// One step on pairs of images, by the loss of TRADES: the clean images' cross-entropy, and β times the divergence
  /// of the changed images' probabilities from theirs.
  ///
  /// - Parameters:
  ///   - labels: one class a pair; two images of each pair count towards the largest mini-batch.
  ///   - beta: weight of the divergence.
  ///   - number: counts steps; with the seed it decides dropout's masks.
  ///   - update: what the optimizer does.
  ///   - loadClean: writes the clean pixels of a pair, in [0, 1] and the order channel, row, column.
  ///   - loadChanged: writes the changed ones. Both are called from several threads.
  /// - Returns: losses of the pairs and correct answers to their clean images.
  public func step(
    pairsOf labels: [Int], beta: Float, number: Int, update: ParameterUpdate,
    loadClean: (_ pair: Int, _ pixels: inout MutableSpan<Float>) -> Void,
    loadChanged: (_ pair: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) -> StepResult {
    // Clean, changed, clean, changed: shards are of an even number of images, so no pair is parted. Dropout takes
    // the same units from both, so that nothing but the change tells their answers apart.
    let doubled = labels.flatMap { [$0, $0] }
    let loss = TradeOff(beta: beta, count: architecture.outputs)
    return step(
      doubled, number: number, imagesPerMask: 2, update: update,
      load: { image, pixels in
        if image.isMultiple(of: 2) {
          loadClean(image / 2, &pixels)
        } else {
          loadChanged(image / 2, &pixels)
        }
      },
      addLoss: { self.addLoss($0, doubled, pairedBy: loss) })
  }

  private func step(
    _ labels: [Int], number: Int, imagesPerMask: Int = 1, update: ParameterUpdate,
    load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void,
    addLoss: (ShardRunner.Walk) -> Void
  ) -> StepResult {
    // What is done between the parallel parts is done by the same arithmetic.
    Denormals.flushed {
      run(
        labels, number: number, imagesPerMask: imagesPerMask, update: update, load: load,
        addLoss: addLoss)
    }
  }

  private func run(
    _ labels: [Int], number: Int, imagesPerMask: Int, update: ParameterUpdate,
    load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void,
    addLoss: (ShardRunner.Walk) -> Void
  ) -> StepResult {
    precondition(
      (1...batchSize).contains(labels.count),
      "TrainingExecutor: a mini-batch of \(labels.count) where 1 to \(batchSize) fit")
    let shards = (labels.count + shardSize - 1) / shardSize
    let segments = runner.plan.segments
    var generator = SplitMix64(seed: seed, purpose: "dropout", index: UInt64(number))
    let randomness = generator.next()
    func walk(_ shard: Int, _ worker: Int) -> ShardRunner.Walk {
      ShardRunner.Walk(
        shard: shard, images: min(shardSize, labels.count - shard * shardSize), worker: worker,
        collected: collected.base + shard * runner.plan.collectedCount,
        randomness: randomness &+ UInt64(shard) &* 0xd1b5_4a32_d192_ed03,
        imagesPerMask: imagesPerMask)
    }
    for (index, segment) in segments.enumerated() {
      if index > 0 { joinStatistics(segment.lowerBound, batchSize: labels.count) }
      let isLast = index == segments.count - 1
      pool.run(shards) { shard, worker in
        let walk = walk(shard, worker)
        if index == 0 { begin(walk, load) }
        runner.forward(segment, walk)
        if isLast {
          addLoss(walk)
          backward(segment, startsWithNorm: index > 0, walk)
        } else {
          collectStatistics(segments[index + 1].lowerBound, walk)
        }
      }
    }
    for (index, segment) in segments.enumerated().dropLast().reversed() {
      let norm = segment.upperBound
      joinGradients(norm, batchSize: labels.count)
      pool.run(shards) { shard, worker in
        let walk = walk(shard, worker)
        runner.backward(norm..<norm + 1, walk)
        backward(segment, startsWithNorm: index > 0, walk)
      }
    }
    updateParameters(batchSize: labels.count, update)
    ShardTree.join(shards) { losses[$0] += losses[$1] }
    return StepResult(
      loss: losses[0], correct: corrects[..<shards].reduce(0, +),
      gradientNorm: squares.reduce(0, +).squareRoot())
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

  private func addLoss(_ walk: ShardRunner.Walk, _ labels: [Int]) {
    let boundary = runner.plan.operations.count
    let (logits, gradient) = (
      runner.activation(boundary, walk), runner.gradient(boundary, walk)
    )
    var (loss, correct) = (0.0, 0)
    for image in 0..<walk.images {
      let label = labels[walk.shard * shardSize + image]
      let row = logits[image]
      correct += best(row) == label ? 1 : 0
      loss += Double(
        CrossEntropy.gradient(
          row, count: architecture.outputs, label: label, scale: 1 / Float(labels.count),
          to: gradient[image]))
    }
    losses[walk.shard] = loss
    corrects[walk.shard] = correct
  }

  private func addLoss(_ walk: ShardRunner.Walk, _ labels: [Int], pairedBy loss: TradeOff) {
    let boundary = runner.plan.operations.count
    let (logits, gradient) = (
      runner.activation(boundary, walk), runner.gradient(boundary, walk)
    )
    var (sum, correct) = (0.0, 0)
    for clean in stride(from: 0, to: walk.images, by: 2) {
      let label = labels[walk.shard * shardSize + clean]
      correct += best(logits[clean]) == label ? 1 : 0
      sum += Double(
        loss.gradient(
          clean: logits[clean], changed: logits[clean + 1], label: label,
          scale: 2 / Float(labels.count), to: gradient[clean], gradient[clean + 1]))
    }
    losses[walk.shard] = sum
    corrects[walk.shard] = correct
  }

  private func best(_ logits: UnsafePointer<Float>) -> Int {
    var best = 0
    for k in 1..<architecture.outputs where logits[k] > logits[best] { best = k }
    return best
  }

  /// Backward through a segment, up to the output of the batch normalisation that it starts with.
  private func backward(
    _ segment: Range<Int>, startsWithNorm: Bool, _ walk: ShardRunner.Walk
  ) {
    let norm = segment.lowerBound
    guard startsWithNorm, let statistics = statistics[norm], let collected = walk.collected else {
      runner.backward(segment, walk)
      return
    }
    runner.backward(norm + 1..<segment.upperBound, walk)
    statistics.collectGradient(
      walk.images, gradient: runner.gradient(norm + 1, walk),
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
    statistics[norm]?.join(
      batchSize: batchSize,
      parameters: runner.parameters.base + runner.plan.parameterOffsets[norm],
      derived: runner.derived.base + runner.plan.derivedOffsets[norm])
  }

  private func joinGradients(_ norm: Int, batchSize: Int) {
    let plan = runner.plan
    statistics[norm]?.joinGradient(
      batchSize: batchSize,
      collected: { shard in
        self.collected.base + shard * plan.collectedCount + plan.collectedOffsets[norm]
      },
      derived: runner.derived.base + plan.derivedOffsets[norm])
  }

  // MARK: Updating

  private static func blocks(_ plan: Plan) -> [Block] {
    func pieces(_ count: Int, of size: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
    return plan.operations.enumerated().flatMap { index, operation in
      var blocks = pieces(operation.updatedCount, of: blockSize).map {
        Block.collected(operation: index, range: $0)
      }
      if let linear = operation as? LinearOperation {
        // Whole runs of 16 rows, as `Ink` counts them.
        let rows = max(16, blockSize / linear.output.step / 16 * 16)
        blocks += pieces(linear.input.count, of: rows).map {
          Block.weights(operation: index, rows: $0)
        }
      }
      return blocks
    }
  }

  private static func blockScratchCount(_ blocks: [Block], _ plan: Plan, batchSize: Int) -> Int {
    let counts = blocks.map { block in
      guard case .weights(let index, let rows) = block,
        let linear = plan.operations[index] as? LinearOperation
      else { return 0 }
      return WeightGradient.scratchCount(linear, rows: rows.count, batchSize: batchSize)
    }
    return padded(counts.max() ?? 0)
  }

  private static func count(_ block: Block, _ plan: Plan) -> Int {
    switch block {
    case .weights(let operation, let rows):
      rows.count * plan.operations[operation].output.step
    case .collected(_, let range): range.count
    }
  }

  private func updateParameters(batchSize: Int, _ update: ParameterUpdate) {
    squares.withUnsafeMutableBufferPointer { squares in
      pool.run(blocks.count) { index, worker in
        let gradient = blockGradients.base + worker * (blockGradients.count / pool.threads)
        switch blocks[index] {
        case .weights(let operation, let rows):
          squares[index] = updateWeights(
            operation, rows, batchSize: batchSize, update, gradient: gradient,
            scratch: blockScratch.base + worker * (blockScratch.count / pool.threads))
        case .collected(let operation, let range):
          let offset = sumOverShards(operation, range, batchSize: batchSize, to: gradient)
          squares[index] = apply(update, gradient, at: offset, count: range.count)
        }
      }
    }
    let plan = runner.plan
    func derive(_ index: Int) {
      plan.operations[index].derive(
        parameters: runner.parameters.base + plan.parameterOffsets[index],
        derived: runner.derived.base + plan.derivedOffsets[index], kernels: plan.kernels)
    }
    let deriving = plan.operations.indices.filter { plan.operations[$0].derivedCount > 0 }
    // Waking the threads for a single task would take longer than the task.
    if deriving.count == 1 {
      derive(deriving[0])
    } else {
      pool.run(deriving.count) { index, _ in derive(deriving[index]) }
    }
    runner.renewBlanks()
  }

  /// The optimizer on a run of parameters; returns the sum of the squared gradients.
  private func apply(
    _ update: ParameterUpdate, _ gradient: UnsafePointer<Float>, at offset: Int, count: Int
  ) -> Double {
    runner.kernels.update(
      UpdateTask(
        parameters: runner.parameters.base + offset, gradient: gradient,
        first: first.base + offset, second: second.base + offset, count: count,
        coupledDecay: update.coupledDecay, shrink: update.shrink, formula: update.formula))
  }

  /// Gradient and optimizer of some rows of a linear layer's weights, while the gradient is in the cache.
  private func updateWeights(
    _ index: Int, _ rows: Range<Int>, batchSize: Int, _ update: ParameterUpdate,
    gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) -> Double {
    let plan = runner.plan
    guard let linear = plan.operations[index] as? LinearOperation else { return 0 }
    WeightGradient(linear: linear, rows: rows, kernels: runner.kernels).compute(
      batchSize, input: runner.batchActivation(plan.inputs[index][0]), kept: runner.batchKept(index),
      gradient: runner.batchGradient(index + 1), to: gradient, scratch: scratch)
    let first = plan.parameterOffsets[index] + linear.weightOffset + 16 * rows.lowerBound
    return (0..<linear.strips).reduce(0) { squares, strip in
      squares
        + apply(
          update, gradient + 16 * strip * rows.count, at: first + strip * linear.stripCount,
          count: 16 * rows.count)
    }
  }

  /// The collected gradients, added up over the shards; returns the range's position.
  private func sumOverShards(
    _ index: Int, _ range: Range<Int>, batchSize: Int, to result: UnsafeMutablePointer<Float>
  ) -> Int {
    let plan = runner.plan
    let start = plan.collectedOffsets[index] + range.lowerBound
    func part(_ shard: Int) -> UnsafeMutablePointer<Float> {
      collected.base + shard * plan.collectedCount + start
    }
    ShardTree.join((batchSize + shardSize - 1) / shardSize) { shard, other in
      runner.kernels.addRows(part(other), 1, range.count, part(shard))
    }
    result.update(from: part(0), count: range.count)
    return plan.parameterOffsets[index] + range.lowerBound
  }
}
