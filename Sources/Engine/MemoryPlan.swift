import Networks

/// Which memory each boundary's activations and gradients get.
struct MemoryPlan {
  /// What the memory is for.
  enum Purpose: Equatable {
    /// Forward only, in large shards. What lies between layers that go image by image is kept for one image.
    case prediction
    /// Forward and backward to the input; each worker keeps one shard.
    case inputGradient
    /// The same, every activation and gradient kept apart to be looked at.
    case trace
    /// A training step; activations of the whole mini-batch are kept.
    case training(batchSize: Int)

    /// Images in a shard, at most.
    var shardSize: Int { self == .prediction ? 64 : Engine.shardSize }

    /// True if the maps of a blank image are worth being worked out whenever the parameters change.
    var takesBlanks: Bool {
      switch self {
      case .prediction, .inputGradient: true
      case .trace: false
      case .training(let batchSize): batchSize >= Engine.shardSize
      }
    }
  }

  private(set) var activations: [Strip]
  private(set) var gradients: [Strip]
  /// What each operation keeps.
  private(set) var kept: [Strip]
  private(set) var count: Int
  let workers: Int

  init(_ plan: Plan, purpose: Purpose, workers: Int) {
    self.workers = workers
    activations = []
    gradients = []
    kept = []
    count = 0
    let last = plan.layouts.count - 1
    for boundary in 0...last {
      let operation = boundary > 0 ? plan.operations[boundary - 1] : nil
      // Nothing writes over the images.
      let sharesInput = operation?.overwritesInput == true && boundary > 1 && purpose != .trace
      if sharesInput {
        activations.append(activations[boundary - 1])
      } else if purpose == .prediction, isPassing(boundary, plan) {
        activations.append(takeOne(plan.layouts[boundary].count))
      } else {
        activations.append(take(plan.layouts[boundary].count, purpose))
      }
    }
    kept = plan.operations.map { take($0.keptCount, purpose) }
    gradients = Array(repeating: Strip(), count: last + 1)
    if purpose == .prediction { return }
    for boundary in stride(from: last, through: 0, by: -1) {
      if boundary < last, plan.operations[boundary].isElementwise, purpose != .trace {
        gradients[boundary] = gradients[boundary + 1]
      } else {
        gradients[boundary] = gradient(plan, boundary, purpose)
      }
    }
  }

  private mutating func gradient(_ plan: Plan, _ boundary: Int, _ purpose: Purpose) -> Strip {
    let size = plan.layouts[boundary].count
    // The gradient travels past elementwise operations in the same memory: look at both ends.
    var consumer = boundary
    var producer = boundary - 1
    while producer >= 0, plan.operations[producer].isElementwise { producer -= 1 }
    while consumer < plan.operations.count, plan.operations[consumer].isElementwise {
      consumer += 1
    }
    let ends = [producer, consumer].filter { plan.operations.indices.contains($0) }
    // A batch normalisation needs it for the whole mini-batch, a linear layer for its weight gradient.
    let meets = ends.contains {
      plan.operations[$0].meetsShards || !plan.operations[$0].isPerImage
    }
    if ends.count == 2, !meets, purpose != .trace, producer >= 0 {
      return takeOne(size)
    }
    return take(size, purpose)
  }

  /// True if both the layer before and the one after go image by image, elementwise ones apart, which go on
  /// in the same memory.
  private func isPassing(_ boundary: Int, _ plan: Plan) -> Bool {
    guard boundary > 0, plan.operations[boundary - 1].isPerImage,
      let consumer = plan.operations[boundary...].first(where: { !$0.isElementwise })
    else { return false }
    return consumer.isPerImage
  }

  /// Memory for one image at a time.
  private mutating func takeOne(_ size: Int) -> Strip {
    let strip = Strip(offset: count, workerStep: padded(size))
    count += padded(size) * workers
    return strip
  }

  private mutating func take(_ size: Int, _ purpose: Purpose) -> Strip {
    let start = count
    if case .training(let batchSize) = purpose {
      let shards = (batchSize + shardSize - 1) / shardSize
      count += padded(size * shards * shardSize)
      return Strip(offset: start, shardStep: size * shardSize, imageStep: size)
    }
    let shard = padded(size * purpose.shardSize)
    count += shard * workers
    return Strip(offset: start, workerStep: shard, imageStep: size)
  }
}
