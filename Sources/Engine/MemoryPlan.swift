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

  let activations: [Strip]
  let gradients: [Strip]
  /// What each operation keeps.
  let kept: [Strip]
  /// Where the gradients of each operation's inputs are put before they are added to what other readers gave.
  let parts: [[Strip]]
  let count: Int
  let workers: Int

  init(_ plan: Plan, purpose: Purpose, workers: Int) {
    self.workers = workers
    var arena = Arena(purpose: purpose, workers: workers)
    // First, for what is kept lives on beside activations that are forgotten.
    kept = plan.operations.map { arena.take($0.keptCount) }
    activations = Self.activations(plan, &arena)
    gradients =
      purpose == .prediction
      ? Array(repeating: Strip(), count: plan.layouts.count) : Self.gradients(plan, &arena)
    parts = purpose == .prediction ? [] : Self.parts(plan, &arena)
    count = arena.count
  }

  private static func activations(_ plan: Plan, _ arena: inout Arena) -> [Strip] {
    let groups = Groups(plan, segments: [plan.operations.indices])
    // Nobody reads what comes after the network, and nothing writes over the images.
    var strips = [arena.take(plan.layouts[0].count)]
    var sharing = [0]
    for (index, operation) in plan.operations.enumerated() {
      let (source, boundary) = (plan.inputs[index][0], index + 1)
      let size = plan.layouts[boundary].count
      let isFree =
        source > 0 && plan.readers[source] == [index]
        && Set(plan.inputs[index]).count == plan.inputs[index].count
        && !(operation.leavesOutputsRead && plan.operations[source - 1].readsOutput)
      if operation.overwritesInput, isFree, arena.purpose != .trace {
        strips.append(strips[source])
        sharing.append(sharing[source])
      } else {
        let isPassing =
          arena.purpose == .prediction && groups.isWithinGroup(boundary)
        strips.append(isPassing ? arena.takeOne(size) : arena.take(size))
        sharing.append(boundary)
      }
      guard arena.purpose == .prediction else { continue }
      // What nobody reads any more makes room.
      for source in Set(plan.inputs[index]).sorted() where sharing[source] > 0 {
        let members = sharing.indices.filter { sharing[$0] == sharing[source] }
        if members.allSatisfy({ plan.readers[$0].allSatisfy { $0 <= index } && $0 <= index }) {
          arena.free(strips[source])
        }
      }
    }
    return strips
  }

  private static func gradients(_ plan: Plan, _ arena: inout Arena) -> [Strip] {
    let groups = Groups(plan, segments: plan.segments)
    let last = plan.layouts.count - 1
    var strips: [Strip?] = Array(repeating: nil, count: last + 1)
    strips[last] = arena.take(plan.layouts[last].count)
    for index in plan.operations.indices.reversed() {
      let operation = plan.operations[index]
      guard let own = strips[index + 1] else {
        preconditionFailure("MemoryPlan: nobody reads what operation \(index) gives")
      }
      var goesOn = false
      for (position, source) in plan.inputs[index].enumerated() where strips[source] == nil {
        let size = plan.layouts[source].count
        let mayShare = operation.isElementwise || operation.handsGradientOn && position == 0
        if mayShare, plan.readers[source] == [index], arena.purpose != .trace {
          strips[source] = own
          goesOn = true
        } else if arena.purpose != .trace, source > 0, groups.isWithinGroup(source) {
          strips[source] = arena.takeOne(size)
        } else {
          strips[source] = arena.take(size)
        }
      }
      if !goesOn, !operation.updatesFromGradient, arena.purpose != .trace { arena.free(own) }
    }
    return strips.map { $0 ?? Strip() }
  }

  /// All in the same place: each is added and forgotten before the next operation runs.
  private static func parts(_ plan: Plan, _ arena: inout Arena) -> [[Strip]] {
    var largest = 0
    let start = arena.count
    let parts = plan.operations.indices.map { index -> [Strip] in
      let images =
        plan.operations[index].isPerImage && arena.purpose != .trace ? 1 : shardSize
      var used = 0
      return plan.inputs[index].map { source in
        guard plan.readers[source].count > 1 || plan.inputs[index].count > 1 else { return Strip() }
        defer { used += padded(plan.layouts[source].count * images) }
        largest = max(largest, used + padded(plan.layouts[source].count * images))
        return Strip(
          offset: start + used, imageStep: images == 1 ? 0 : plan.layouts[source].count)
      }
    }
    arena.takeBehind(largest)
    return parts.map {
      $0.map { strip in
        var strip = strip
        strip.workerStep = largest
        return strip
      }
    }
  }
}

/// Which operations run image by image without anything else between them.
private struct Groups {
  private let plan: Plan
  /// For each operation the number of its group; `nil` if it takes a shard at once, or meets others there.
  private let numbers: [Int?]
  /// For each boundary the group of all that reads it; `nil` if they are of several, or of none.
  private let behind: [Int?]

  init(_ plan: Plan, segments: [Range<Int>]) {
    self.plan = plan
    var numbers: [Int?] = []
    var number = 0
    for (place, segment) in segments.enumerated() {
      for index in segment {
        let meets = place > 0 && index == segment.lowerBound
        if meets || !plan.operations[index].isPerImage {
          numbers.append(nil)
          number += 1
        } else {
          numbers.append(number)
        }
      }
      number += 1
    }
    self.numbers = numbers
    // Those that go on in the same memory have readers of their own: the last boundary comes first.
    var behind = [Int?](repeating: nil, count: plan.layouts.count)
    for boundary in plan.layouts.indices.reversed() {
      guard let first = plan.readers[boundary].first, let group = numbers[first] else { continue }
      let isOne = plan.readers[boundary].allSatisfy {
        numbers[$0] == group && (!Self.mayShare(plan.operations[$0]) || behind[$0 + 1] == group)
      }
      behind[boundary] = isOne ? group : nil
    }
    self.behind = behind
  }

  /// True if everything that touches a boundary's memory is of one group. Elementwise operations may go on in the same
  /// memory, so those behind them are looked at as well.
  func isWithinGroup(_ boundary: Int) -> Bool {
    guard let group = numbers[boundary - 1], behind[boundary] == group else { return false }
    var operation = boundary - 1
    while Self.mayShare(plan.operations[operation]) {
      // The images and their gradients are looked at from outside.
      let source = plan.inputs[operation][0]
      guard source > 0, numbers[source - 1] == group else { return false }
      operation = source - 1
    }
    return true
  }

  /// True if an operation's output and its first input may lie in the same memory.
  private static func mayShare(_ operation: any Operation) -> Bool {
    operation.isElementwise || operation.overwritesInput
  }
}

/// Memory that is handed out.
private struct Arena {
  let purpose: MemoryPlan.Purpose
  let workers: Int
  private(set) var count = 0
  /// Strips that are free again.
  private var spare: [(size: Int, strip: Strip)] = []
  private var sizes: [Int: Int] = [:]

  init(purpose: MemoryPlan.Purpose, workers: Int) {
    self.purpose = purpose
    self.workers = workers
  }

  /// Memory for one image at a time.
  mutating func takeOne(_ size: Int) -> Strip {
    take(padded(size), Strip(workerStep: padded(size)), times: workers)
  }

  /// Memory for a shard a worker, or in training for all shards of the mini-batch.
  mutating func take(_ size: Int) -> Strip {
    if case .training(let batchSize) = purpose {
      let shards = (batchSize + shardSize - 1) / shardSize
      return take(
        padded(size * shards * shardSize), Strip(shardStep: size * shardSize, imageStep: size),
        times: 1)
    }
    let shard = padded(size * purpose.shardSize)
    return take(shard, Strip(workerStep: shard, imageStep: size), times: workers)
  }

  /// Memory for each worker that begins where all that was handed out ends.
  mutating func takeBehind(_ size: Int) { count += size * workers }

  /// Takes memory back; a strip of the very same form may get it.
  mutating func free(_ strip: Strip) {
    guard let size = sizes[strip.offset] else { return }
    spare.append((size, strip))
  }

  private mutating func take(_ size: Int, _ form: Strip, times: Int) -> Strip {
    var strip = form
    let match = spare.lastIndex { other in
      strip.offset = other.strip.offset
      return other.size == size && other.strip == strip
    }
    if let match {
      spare.remove(at: match)
      return strip
    }
    strip.offset = count
    sizes[count] = size
    count += size * times
    return strip
  }
}
