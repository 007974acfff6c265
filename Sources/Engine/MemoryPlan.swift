import Networks

/// Which memory each boundary's activations and gradients get.
struct MemoryPlan {
  /// What the memory is for.
  enum Purpose: Equatable {
    /// Forward only, or forward and the input's gradient; each worker keeps one shard.
    case evaluation
    /// The same, every activation and gradient kept apart to be looked at.
    case trace
    /// A training step; activations of the whole mini-batch are kept.
    case training(batchSize: Int)
  }

  private(set) var activations: [Strip]
  private(set) var gradients: [Strip]
  private(set) var count: Int
  let workers: Int

  init(_ plan: Plan, purpose: Purpose, workers: Int) {
    self.workers = workers
    activations = []
    gradients = []
    count = 0
    let last = plan.layouts.count - 1
    for boundary in 0...last {
      let operation = boundary > 0 ? plan.operations[boundary - 1] : nil
      // A rectifier may write over what it reads, but never over the images.
      let sharesInput = operation?.isElementwise == true && boundary > 1 && purpose != .trace
      activations.append(
        sharesInput ? activations[boundary - 1] : take(plan.layouts[boundary].count, purpose))
    }
    gradients = Array(repeating: Strip(), count: last + 1)
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
      plan.operations[$0] is NormOperation || !plan.operations[$0].isPerImage
    }
    if ends.count == 2, !meets, purpose != .trace, producer >= 0 {
      let strip = Strip(offset: count, workerStep: size)
      count += size * workers
      return strip
    }
    return take(size, purpose)
  }

  private mutating func take(_ size: Int, _ purpose: Purpose) -> Strip {
    let start = count
    if case .training(let batchSize) = purpose {
      let shards = (batchSize + shardSize - 1) / shardSize
      count += padded(size * shards * shardSize)
      return Strip(offset: start, shardStep: size * shardSize, imageStep: size)
    }
    count += padded(size * shardSize) * workers
    return Strip(offset: start, workerStep: padded(size * shardSize), imageStep: size)
  }
}
