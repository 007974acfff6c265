import KernelTable
import Networks

/// The last part of a training step: gradients are joined over the shards, and every learned parameter moves.
///
/// The work is parted into fixed blocks of parameters; a block's gradient is used while it is in the cache.
final class ParameterUpdater {
  private let runner: ShardRunner
  private let pool: WorkerPool
  private let ranks: (any Ranks)?
  /// The shards' gradients, shard after shard.
  private let collected: Memory
  /// The optimizer's moments.
  let first: Memory
  let second: Memory
  /// For each operation, true if something of it is not frozen.
  let moves: [Bool]
  /// The slow weights of Lookahead, and the average; made when they are first asked for.
  private(set) lazy var slow = copyOfParameters()
  private(set) lazy var average = copyOfParameters()
  /// All gradients at once, for steps that need to know their length first.
  private lazy var whole = Memory(count: runner.plan.parameterCount)
  private let blocks: [Block]
  private let blockGradients: Memory
  private let blockScratch: Memory
  /// Each block's squared gradients, written by whichever thread runs it.
  private let squares: UnsafeMutableBufferPointer<Double>

  /// A piece of the parameters of an operation that one task updates.
  private struct Block {
    let operation: Int
    let part: Part
    let factors: Factors

    enum Part {
      /// Some rows of the weights of a linear layer, and what works their gradient out.
      case weights(WeightGradient)
      /// Collected parameters.
      case collected(Range<Int>)
    }
  }

  /// What a tensor's steps have of their own.
  private struct Factors: Hashable {
    /// On the learning rate; 0 if it is frozen.
    var rate: Float
    /// On the weight decay.
    var decay: Float
  }

  /// Parameters of a block that lie together: where, and where their gradient is.
  private struct Piece {
    let offset: Int
    let count: Int
    let gradient: UnsafeMutablePointer<Float>
  }

  /// Numbers in a block: small enough to balance, large enough to be worth a task.
  private static let blockSize = 8192
  /// Keeps PyTorch's division by the gradient's length finite.
  private static let clipEpsilon = 1e-6

  init(
    _ runner: ShardRunner, collected: Memory, batchSize: Int, rates: [String: Float],
    decays: [String: Float], pool: WorkerPool, ranks: (any Ranks)?
  ) {
    self.runner = runner
    self.pool = pool
    self.ranks = ranks
    self.collected = collected
    let plan = runner.plan
    first = Memory(count: plan.parameterCount)
    second = Memory(count: plan.parameterCount)
    let all = Self.blocks(plan, rates: rates, decays: decays)
    blocks = all.filter { $0.factors.rate != 0 }
    moves = plan.operations.indices.map { index in
      let learned = plan.operations[index].parameters.filter(\.isLearned).map(\.tensor)
      return (learned.isEmpty ? [nil] : learned).contains {
        Self.factor(of: $0, in: index, plan, rates) != 0
      }
    }
    blockGradients = Memory(count: Self.gradientCount(all) * pool.threads)
    blockScratch = Memory(
      count: Self.scratchCount(all, batchSize: batchSize) * pool.threads)
    squares = .allocate(capacity: blocks.count)
  }

  deinit { squares.deallocate() }

  /// Numbers of memory that a plan's updates need, moments included.
  static func count(_ plan: Plan, batchSize: Int, threads: Int) -> Int {
    let blocks = blocks(plan, rates: [:], decays: [:])
    return 2 * plan.parameterCount
      + (gradientCount(blocks) + scratchCount(blocks, batchSize: batchSize)) * threads
  }

  private func copyOfParameters() -> Memory {
    let copy = Memory(count: runner.plan.parameterCount)
    copy.base.update(from: runner.parameters.base, count: copy.count)
    return copy
  }

  // MARK: Blocks

  private static func blocks(
    _ plan: Plan, rates: [String: Float], decays: [String: Float]
  ) -> [Block] {
    func pieces(_ range: Range<Int>, of size: Int) -> [Range<Int>] {
      stride(from: range.lowerBound, to: range.upperBound, by: size).map {
        $0..<min($0 + size, range.upperBound)
      }
    }
    return plan.operations.enumerated().flatMap { index, operation in
      func factors(_ tensor: Int?) -> Factors {
        Factors(
          rate: factor(of: tensor, in: index, plan, rates),
          decay: factor(of: tensor, in: index, plan, decays))
      }
      let learned = operation.parameters.filter(\.isLearned)
      let weights = (operation as? LinearOperation)?.weightOffset
      let parts = learned.filter { $0.offset != weights }.map {
        (range: $0.offset..<$0.offset + $0.count, factors: factors($0.tensor))
      }
      // What moves alike is cut as one, padding and all.
      let isOne = Set(parts.map(\.factors)).count < 2
      let whole = [
        (range: 0..<operation.updatedCount, factors: parts.first?.factors ?? factors(nil))
      ]
      var blocks = (isOne ? whole : parts).flatMap { range, own in
        pieces(range, of: blockSize).map {
          Block(operation: index, part: .collected($0), factors: own)
        }
      }
      if let linear = operation as? LinearOperation {
        // Whole runs of 16 rows, as `InkList` counts them.
        let rows = max(16, blockSize / linear.output.step / 16 * 16)
        let own = factors(learned.first { $0.offset == weights }?.tensor)
        blocks += pieces(0..<linear.input.count, of: rows).map {
          Block(
            operation: index,
            part: .weights(WeightGradient(linear, rows: $0, kernels: plan.kernels)), factors: own)
        }
      }
      return blocks
    }
  }

  /// The factor of a tensor of an operation: its own, or else that of its layer.
  private static func factor(
    of tensor: Int?, in operation: Int, _ plan: Plan, _ factors: [String: Float]
  ) -> Float {
    let own = tensor.flatMap { factors[plan.architecture.tensors[$0].name] }
    let layer = plan.architecture.entries[plan.layers[operation]].first { !$0.parameters.isEmpty }
    return own ?? layer.flatMap { factors[$0.name] } ?? 1
  }

  private static func scratchCount(_ blocks: [Block], batchSize: Int) -> Int {
    let counts = blocks.map { block in
      switch block.part {
      case .weights(let weights): weights.scratchCount(batchSize: batchSize)
      case .collected: 0
      }
    }
    return padded(counts.max() ?? 0)
  }

  private static func gradientCount(_ blocks: [Block]) -> Int {
    let counts = blocks.map { block in
      switch block.part {
      case .weights(let weights): weights.count
      case .collected(let range): range.count
      }
    }
    return padded(counts.max() ?? 0)
  }

  /// Operations with weights that move by a product over the whole mini-batch.
  var linearOperations: [Int] {
    var found: [Int] = []
    for block in blocks {
      if case .weights = block.part, found.last != block.operation { found.append(block.operation) }
    }
    return found
  }

  // MARK: Updating

  /// Moves every parameter that is not frozen, and works out what hangs on them.
  ///
  /// - Returns: the gradient's Euclidean norm, before it is clipped.
  func update(images: Int, _ update: ParameterUpdate) -> Double {
    squares.update(repeating: 0)
    sumOverRanks(images: images)
    // Other weights start from where the parameters stood before the step.
    let slow = update.slowStep.map { (self.slow, $0) }
    let average = update.averageStep.map { (self.average, $0) }
    let updates = blocks.map { update.scaled(by: $0.factors.rate, decay: $0.factors.decay) }
    let norm: Double
    if let longest = update.longestGradient {
      // Made here, and not by several threads at once.
      let whole = self.whole
      forEachPiece(images) { block, piece in
        (whole.base + piece.offset).update(from: piece.gradient, count: piece.count)
        squares[block] += (0..<piece.count).reduce(0.0) {
          $0 + Double(piece.gradient[$1]) * Double(piece.gradient[$1])
        }
      }
      norm = squares.reduce(0, +).squareRoot()
      let factor = Float(min(1, Double(longest) / (norm + Self.clipEpsilon)))
      forEachPiece(nil) { block, piece in
        let gradient = whole.base + piece.offset
        for i in 0..<piece.count { gradient[i] *= factor }
        _ = apply(updates[block], piece.offset, piece.count, gradient)
      }
    } else {
      forEachPiece(images) { block, piece in
        squares[block] += apply(updates[block], piece.offset, piece.count, piece.gradient)
      }
      norm = squares.reduce(0, +).squareRoot()
    }
    if let (weights, step) = slow { follow(weights, step, isTakenOver: true) }
    if let (weights, step) = average { follow(weights, step, isTakenOver: false) }
    deriveAll()
    return norm
  }

  /// Calls `body` for every piece of parameters, on all threads, block by block; with their gradients if the number of the
  /// mini-batch's images is given.
  private func forEachPiece(_ images: Int?, _ body: (_ block: Int, _ piece: Piece) -> Void) {
    let plan = runner.plan
    pool.run(blocks.count) { index, worker in
      let gradient = blockGradients.base + worker * (blockGradients.count / pool.threads)
      let operation = blocks[index].operation
      switch blocks[index].part {
      case .weights(let weights):
        if let images {
          weights.compute(
            images, input: runner.batchActivation(plan.inputs[operation][0]),
            kept: runner.batchKept(operation), gradient: runner.batchGradient(operation + 1),
            to: gradient,
            scratch: blockScratch.base + worker * (blockScratch.count / pool.threads))
        }
        let rows = weights.rows
        let first = plan.parameterOffsets[operation] + weights.linear.weightOffset
        for strip in 0..<weights.linear.strips {
          body(
            index,
            Piece(
              offset: first + strip * weights.linear.stripCount + 16 * rows.lowerBound,
              count: 16 * rows.count, gradient: gradient + 16 * strip * rows.count))
        }
      case .collected(let range):
        if let images { sumOverShards(operation, range, images: images, to: gradient) }
        body(
          index,
          Piece(
            offset: plan.parameterOffsets[operation] + range.lowerBound, count: range.count,
            gradient: gradient))
      }
    }
  }

  /// The optimizer on a run of parameters; returns the sum of the squared gradients.
  private func apply(
    _ update: ParameterUpdate, _ offset: Int, _ count: Int, _ gradient: UnsafePointer<Float>
  ) -> Double {
    runner.kernels.update(
      UpdateTask(
        parameters: runner.parameters.base + offset, gradient: gradient,
        first: first.base + offset, second: second.base + offset, count: count,
        coupledDecay: update.coupledDecay, shrink: update.shrink, formula: update.formula))
  }

  /// Other weights go some way towards the parameters, which become them if they are taken over.
  private func follow(_ other: Memory, _ step: Float, isTakenOver: Bool) {
    forEachPiece(nil) { _, piece in
      let (weights, parameters) = (
        other.base + piece.offset, runner.parameters.base + piece.offset
      )
      for i in 0..<piece.count { weights[i] += step * (parameters[i] - weights[i]) }
      if isTakenOver { parameters.update(from: weights, count: piece.count) }
    }
  }

  /// Adds up what all ranks have collected, into the first shard's place.
  private func sumOverRanks(images: Int) {
    guard let ranks else { return }
    RankSum(
      ranks: ranks,
      blocks: ShardBlocks((images + shardSize - 1) / shardSize, ranks: ranks.count),
      kernels: runner.kernels, pool: pool, base: collected.base, count: runner.plan.collectedCount
    ).compute()
  }

  /// The collected gradients, added up over the shards unless the ranks have done so.
  private func sumOverShards(
    _ index: Int, _ range: Range<Int>, images: Int, to result: UnsafeMutablePointer<Float>
  ) {
    let plan = runner.plan
    let start = plan.collectedOffsets[index] + range.lowerBound
    func part(_ shard: Int) -> UnsafeMutablePointer<Float> {
      collected.base + shard * plan.collectedCount + start
    }
    ShardTree.join(ranks == nil ? (images + shardSize - 1) / shardSize : 1) { shard, other in
      runner.kernels.addRows(part(other), 1, range.count, part(shard))
    }
    result.update(from: part(0), count: range.count)
  }

  private func deriveAll() {
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
}
