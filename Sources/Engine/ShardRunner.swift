import KernelTable
import Networks

/// The memory of one way of running a plan, and the walk of one shard through its operations.
final class ShardRunner: @unchecked Sendable {
  let plan: Plan
  let purpose: MemoryPlan.Purpose
  let parameters: Memory
  let derived: Memory
  /// What the plan's first maps of a blank image are, boundary after boundary; empty where nobody asks.
  private let blanks: Memory
  private let memoryPlan: MemoryPlan
  private let arena: Memory
  private let scratch: Memory
  /// Every worker's own copies.
  private let operations: [[any Operation]]
  private let isPerImage: [Bool]
  private let way: BackwardWay
  /// Operations that have a rectifier in them, whose gradient from above is the rectifier's up to pooling.
  private let rectifies: [Bool]

  var kernels: KernelTable { plan.kernels }

  /// One walk's circumstances.
  struct Walk {
    let shard: Int
    let images: Int
    let worker: Int
    /// The shard's collected gradients; `nil` outside training.
    var collected: UnsafeMutablePointer<Float>?
    /// Seeds dropout; `nil` outside training.
    var randomness: UInt64?
    /// Neighbouring images from which dropout takes the same units.
    var imagesPerMask = 1
    var wantsInputGradient = false
    var rectifiers = RectifierGradient.ordinary
    /// The way back, if it does not begin at the network's output.
    var way: BackwardWay?
  }

  convenience init(_ plan: Plan, purpose: MemoryPlan.Purpose, workers: Int) {
    self.init(
      plan, purpose: purpose, workers: workers,
      parameters: Memory(count: plan.parameterCount), derived: Memory(count: plan.derivedCount),
      blanks: Memory(count: purpose.takesBlanks ? Self.blankCount(plan) : 0))
  }

  /// Another way of running the same network: the parameters and what is derived from them are shared.
  convenience init(sharing other: ShardRunner, purpose: MemoryPlan.Purpose, workers: Int) {
    self.init(
      other.plan, purpose: purpose, workers: workers,
      parameters: other.parameters, derived: other.derived, blanks: other.blanks)
  }

  private init(
    _ plan: Plan, purpose: MemoryPlan.Purpose, workers: Int, parameters: Memory, derived: Memory,
    blanks: Memory
  ) {
    self.plan = plan
    self.purpose = purpose
    self.parameters = parameters
    self.derived = derived
    self.blanks = blanks
    memoryPlan = MemoryPlan(plan, purpose: purpose, workers: workers)
    arena = Memory(count: memoryPlan.count)
    scratch = Memory(count: padded(plan.scratchCount) * workers)
    operations = (0..<workers).map { _ in plan.operations.map(\.copy) }
    isPerImage = plan.operations.map(\.isPerImage)
    way = BackwardWay(plan, from: plan.operations.count - 1)
    rectifies = plan.layers.map {
      $0.contains { plan.architecture.entries[$0].layer.family.isRectifier }
    }
  }

  func activation(_ boundary: Int, _ walk: Walk) -> ShardStrip {
    view(memoryPlan.activations[boundary], walk)
  }

  func gradient(_ boundary: Int, _ walk: Walk) -> ShardStrip {
    view(memoryPlan.gradients[boundary], walk)
  }

  /// A boundary's activations of the whole mini-batch (training only).
  func batchActivation(_ boundary: Int) -> ShardStrip { batch(memoryPlan.activations[boundary]) }

  /// A boundary's gradients of the whole mini-batch (training only, beside a linear layer).
  func batchGradient(_ boundary: Int) -> ShardStrip { batch(memoryPlan.gradients[boundary]) }

  /// What an operation kept of the whole mini-batch (training only).
  func batchKept(_ operation: Int) -> ShardStrip { batch(memoryPlan.kept[operation]) }

  /// What the weight gradient of a linear operation reads of the whole mini-batch, shard after shard (training only).
  func shardRows(of operation: Int) -> [Rows] {
    [
      memoryPlan.activations[plan.inputs[operation][0]], memoryPlan.kept[operation],
      memoryPlan.gradients[operation + 1],
    ].map { Rows(arena.base + $0.offset, numbers: $0.shardStep) }
  }

  private func batch(_ strip: Strip) -> ShardStrip {
    ShardStrip(base: arena.base + strip.offset, imageStep: strip.imageStep)
  }

  private func view(_ strip: Strip, _ walk: Walk) -> ShardStrip {
    ShardStrip(
      base: arena.base + strip.offset + walk.worker * strip.workerStep
        + walk.shard * strip.shardStep,
      imageStep: strip.imageStep)
  }

  // MARK: Blank images

  /// Numbers of the maps of a blank image.
  static func blankCount(_ plan: Plan) -> Int {
    (0..<plan.blankOperations).reduce(0) { $0 + padded(plan.layouts[$1 + 1].count) }
  }

  /// Takes a network's parameters, and works out what hangs on them.
  func load(_ network: Network) {
    plan.pack(network, to: parameters)
    plan.derive(parameters, to: derived)
    renewBlanks()
  }

  /// Works out again what the first maps of a blank image are, after the parameters have changed.
  func renewBlanks() {
    guard blanks.count > 0, var input = plan.background else { return }
    input.withUnsafeMutableBufferPointer { image in
      guard var input = image.baseAddress else { return }
      for index in 0..<plan.blankOperations {
        let output = blank(index)
        plan.operations[index].forward(
          0..<1,
          Pass(
            kernels: kernels, parameters: parameters.base + plan.parameterOffsets[index],
            derived: derived.base + plan.derivedOffsets[index], scratch: scratch.base,
            kept: ShardStrip(base: output, imageStep: 0),
            input: ShardStrip(base: input, imageStep: 0),
            output: ShardStrip(base: output, imageStep: 0), inputGradient: nil,
            outputGradient: ShardStrip(base: output, imageStep: 0), parameterGradient: nil,
            randomness: nil))
        input = output
      }
    }
  }

  private func blank(_ operation: Int) -> UnsafeMutablePointer<Float> {
    blanks.base + (0..<operation).reduce(0) { $0 + padded(plan.layouts[$1 + 1].count) }
  }

  /// What an operation reaches in a walk.
  func pass(_ index: Int, _ walk: Walk) -> Pass {
    let inputs = plan.inputs[index]
    var pass = Pass(
      kernels: kernels,
      parameters: parameters.base + plan.parameterOffsets[index],
      derived: derived.base + plan.derivedOffsets[index],
      scratch: scratch.base + walk.worker * padded(plan.scratchCount),
      kept: view(memoryPlan.kept[index], walk),
      input: activation(inputs[0], walk),
      output: activation(index + 1, walk),
      inputGradient: inputGradient(index, 0, walk),
      outputGradient: gradient(index + 1, walk),
      parameterGradient: walk.collected.map { $0 + plan.collectedOffsets[index] },
      randomness: walk.randomness.map { $0 &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15 },
      imagesPerMask: walk.imagesPerMask,
      blank: index < plan.blankOperations && blanks.count > 0
        ? Blank(pixels: activation(0, walk), output: blank(index)) : nil)
    if inputs.count > 1 {
      pass.others = inputs.indices.dropFirst().map {
        Joined(input: activation(inputs[$0], walk), inputGradient: inputGradient(index, $0, walk))
      }
    }
    return pass
  }

  /// Where an operation writes the gradient of one of its inputs: in its place, or beside it if others have written there.
  private func inputGradient(_ index: Int, _ position: Int, _ walk: Walk) -> ShardStrip? {
    let boundary = plan.inputs[index][position]
    guard purpose != .prediction, boundary > 0 || walk.wantsInputGradient else { return nil }
    return (walk.way ?? way).adds[index][position]
      ? view(memoryPlan.parts[index][position], walk) : gradient(boundary, walk)
  }

  /// Adds the gradients that an operation has written beside those of other readers to them: last reader first, so that
  /// the order of every sum is fixed.
  func addParts(of index: Int, _ images: Range<Int>, _ walk: Walk) {
    let adds = (walk.way ?? way).adds[index]
    for (position, boundary) in plan.inputs[index].enumerated() where adds[position] {
      guard let part = inputGradient(index, position, walk) else { continue }
      let sum = gradient(boundary, walk)
      for image in images {
        kernels.addRows(part[image], 1, plan.layouts[boundary].count, sum[image])
      }
    }
  }

  /// An operation in a walk, put together once for all images.
  private struct Step {
    let index: Int
    let operation: any Operation
    let pass: Pass
    let isGuided: Bool
    let adds: Bool
  }

  private func steps(_ group: some Sequence<Int>, _ walk: Walk, _ way: BackwardWay) -> [Step] {
    let own = operations[walk.worker]
    return group.map {
      Step(
        index: $0, operation: own[$0], pass: pass($0, walk),
        isGuided: walk.rectifiers == .positive && rectifies[$0],
        adds: way.adds[$0].contains(true))
    }
  }

  /// Forward through some operations.
  func forward(_ range: Range<Int>, _ walk: Walk) {
    let way = walk.way ?? way
    var start = range.lowerBound
    while start < range.upperBound {
      let group = start..<groupEnd(after: start, before: range.upperBound)
      let steps = steps(group, walk, way)
      forEachSlice(of: walk.images, isPerImage[start]) { images in
        let steps = steps.span
        for i in steps.indices { steps[i].operation.forward(images, steps[i].pass) }
      }
      start = group.upperBound
    }
  }

  /// Backward through some operations, last to first.
  func backward(_ range: Range<Int>, _ walk: Walk) {
    let way = walk.way ?? way
    var end = range.upperBound
    while end > range.lowerBound {
      let group = groupStart(before: end, after: range.lowerBound)..<end
      let steps = steps(group.reversed().filter { way.reaches[$0] }, walk, way)
      forEachSlice(of: walk.images, isPerImage[end - 1]) { images in
        let steps = steps.span
        for i in steps.indices { backward(steps[i], images, walk) }
      }
      end = group.lowerBound
    }
  }

  private func backward(_ step: Step, _ images: Range<Int>, _ walk: Walk) {
    if step.isGuided {
      for image in images {
        let gradient = step.pass.outputGradient[image]
        kernels.relu(gradient, gradient, plan.layouts[step.index + 1].count)
      }
    }
    step.operation.backward(images, step.pass)
    if step.adds { addParts(of: step.index, images, walk) }
  }

  // Neighbours that go image by image run together, so that an image stays in the cache.

  private func groupEnd(after start: Int, before limit: Int) -> Int {
    var end = start + 1
    while end < limit, isPerImage[end] == isPerImage[start] { end += 1 }
    return end
  }

  private func groupStart(before end: Int, after limit: Int) -> Int {
    var start = end - 1
    while start > limit, isPerImage[start - 1] == isPerImage[end - 1] { start -= 1 }
    return start
  }

  private func forEachSlice(of images: Int, _ perImage: Bool, _ body: (Range<Int>) -> Void) {
    if perImage {
      for image in 0..<images { body(image..<image + 1) }
    } else {
      body(0..<images)
    }
  }
}
