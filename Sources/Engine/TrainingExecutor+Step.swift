import KernelTable
import Networks
import Randomness

extension TrainingExecutor {
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

  // MARK: A step in two parts

  /// The network's outputs for a mini-batch as training has them: batch normalisation by the mini-batch's statistics, of
  /// which the running ones take their share, and with dropout. `step(_:update:)` may follow, with what was made of them.
  ///
  /// - Parameters:
  ///   - images: how many, at most the largest mini-batch.
  ///   - number: counts steps; with the seed it decides dropout's masks.
  ///   - load: writes the pixels of an image of the mini-batch. Called from several threads.
  /// - Returns: the outputs `[N][K]`.
  package func outputs(
    of images: Int, number: Int, load: (_ image: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) -> [Float] {
    precondition(ranks == nil, "TrainingExecutor: ranks share whole steps alone")
    let batch = miniBatch(of: images, number: number)
    let count = architecture.outputs
    let layout = runner.plan.layouts[runner.plan.operations.count]
    return [Float](unsafeUninitializedCapacity: images * count) { result, filled in
      guard let base = result.baseAddress else { return }
      Denormals.flushed {
        forward(batch, load: load) { walk in
          let outputs = runner.activation(runner.plan.operations.count, walk)
          for image in 0..<walk.images {
            layout.unpack(
              outputs[image], to: base + (walk.shard * shardSize + image) * count)
          }
        }
      }
      (filled, pending) = (images * count, batch)
    }
  }

  /// The step of the mini-batch whose outputs were asked for last; together they are a whole step, to the bit.
  ///
  /// - Parameters:
  ///   - objective: what is learned, an image each example.
  ///   - update: what the optimizer does.
  /// - Returns: losses and correct answers of the mini-batch.
  package func step(
    _ objective: some TrainingObjective, update: ParameterUpdate
  ) -> StepResult {
    guard let batch = pending else {
      preconditionFailure("TrainingExecutor: a step from no outputs")
    }
    precondition(
      objective.examples == batch.images && objective.imagesPerExample == 1,
      "TrainingExecutor: \(objective.examples) examples for \(batch.images) outputs")
    pending = nil
    return Denormals.flushed {
      pool.run(batch.own.count) { place, worker in
        let walk = walk(batch.own.lowerBound + place, worker, batch)
        addLoss(walk, objective)
        backwardToLastMeeting(walk)
      }
      return end(batch, objective) { updater.update(images: $0, update) }
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
    let batch = miniBatch(
      of: objective.examples * objective.imagesPerExample, number: number, isTraining: isTraining,
      imagesPerMask: objective.imagesPerExample)
    pending = nil
    // Each shard goes on backward while it is in the cache.
    forward(batch, load: load) { walk in
      addLoss(walk, objective)
      if isTraining { backwardToLastMeeting(walk) }
    }
    return end(batch, objective, finish: finish)
  }

  private func miniBatch(
    of images: Int, number: Int, isTraining: Bool = true, imagesPerMask: Int = 1
  ) -> MiniBatch {
    precondition(
      (1...batchSize).contains(images),
      "TrainingExecutor: a mini-batch of \(images) where 1 to \(batchSize) fit")
    let blocks = blocks(images)
    var generator = SplitMix64(seed: seed, purpose: "dropout", index: UInt64(number))
    return MiniBatch(
      images: images, imagesPerMask: imagesPerMask, blocks: blocks, own: blocks[rank],
      randomness: isTraining ? generator.next() : nil)
  }

  private func walk(_ shard: Int, _ worker: Int, _ batch: MiniBatch) -> ShardRunner.Walk {
    ShardRunner.Walk(
      shard: shard, images: min(shardSize, batch.images - shard * shardSize), worker: worker,
      collected: collected.base + shard * runner.plan.collectedCount,
      randomness: batch.randomness.map { $0 &+ UInt64(shard) &* 0xd1b5_4a32_d192_ed03 },
      imagesPerMask: batch.imagesPerMask)
  }

  /// Forward through the network; `end` is called for each shard that is through, on all threads.
  private func forward(
    _ batch: MiniBatch, load: (Int, inout MutableSpan<Float>) -> Void,
    end: (ShardRunner.Walk) -> Void
  ) {
    for (index, segment) in segments.enumerated() {
      if index > 0 { joinStatistics(segment.lowerBound, batchSize: batch.images) }
      pool.run(batch.own.count) { place, worker in
        let walk = walk(batch.own.lowerBound + place, worker, batch)
        if index == 0 { begin(walk, load) }
        runner.forward(segment, walk)
        if index == segments.count - 1 {
          end(walk)
        } else {
          collectStatistics(segments[index + 1].lowerBound, walk)
        }
      }
    }
  }

  /// A shard's way back from the network's outputs to where shards last met.
  private func backwardToLastMeeting(_ walk: ShardRunner.Walk) {
    guard let last = segments.last else { return }
    backward(last, startsWithNorm: segments.count > 1, walk)
  }

  /// The rest of the way back, and what the step found.
  private func end(
    _ batch: MiniBatch, _ objective: some TrainingObjective, finish: (_ images: Int) -> Double
  ) -> StepResult {
    let isTraining = batch.randomness != nil
    for (index, segment) in segments.enumerated().dropLast().reversed() where isTraining {
      let norm = segment.upperBound
      joinGradients(norm, batchSize: batch.images)
      pool.run(batch.own.count) { place, worker in
        let walk = walk(batch.own.lowerBound + place, worker, batch)
        runner.backward(norm..<norm + 1, walk)
        backward(segment, startsWithNorm: index > 0, walk)
      }
    }
    exchangeResults(batch.blocks, isTraining: isTraining)
    let gradientNorm = finish(batch.images)
    let shards = batch.blocks.shards
    ShardTree.join(shards) { losses[$0] += losses[$1] }
    return StepResult(
      loss: losses[0], correct: objective.hasAnswers ? corrects[..<shards].reduce(0, +) : nil,
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
