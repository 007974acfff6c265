import KernelTable
import Networks

/// Images in a shard: the unit of work, and the number of lanes.
let shardSize = 16

/// How an architecture is executed: its operations, where their parameters lie, and which memory each
/// boundary between them gets. Boundary 0 is the input, boundary i + 1 the output of operation i; operations stand in an
/// order in which each reads boundaries of those before it.
///
/// A class, so that to hand it on copies one reference: threads that copy many to the same objects wait for each other.
final class Plan: Sendable {
  let architecture: Architecture
  let kernels: KernelTable
  let operations: [any Operation]
  /// The layers that each operation does: one, or several if they are fused.
  let layers: [Range<Int>]
  /// The boundaries that each operation reads.
  let inputs: [[Int]]
  /// The operations that read each boundary, first to last.
  let readers: [[Int]]
  /// Memory layout of each boundary.
  let layouts: [Layout]
  /// Where each operation's parameters start, and their total.
  let parameterOffsets: [Int]
  let parameterCount: Int
  /// Where each operation's derived numbers start, and their total.
  let derivedOffsets: [Int]
  let derivedCount: Int
  /// Where each operation's collected gradient starts, and the total.
  let collectedOffsets: [Int]
  let collectedCount: Int
  /// Scratch numbers a worker needs.
  let scratchCount: Int
  /// A blank image in memory, if it is known what one is.
  let background: [Float]?
  /// How many operations, from the first on, make maps of which `InkReach` can tell what a blank image leaves alone.
  let blankOperations: Int

  /// - Parameters:
  ///   - architecture: what is executed.
  ///   - normalization: of the images, if the plan may take blank pixels together: see `LinearOperation` and
  ///     `InkReach`.
  ///   - fuses: whether neighbouring layers may become one operation; what lies between them then cannot be
  ///     looked at.
  ///   - kernels: what executes it.
  init(
    _ architecture: Architecture, normalization: Normalization? = nil, fuses: Bool = false,
    kernels: KernelTable = InstructionSet.selected
  ) {
    self.architecture = architecture
    self.kernels = kernels
    let background = normalization.map { PixelInput(architecture.inputShape, $0).background }
    var layouts = [Layout(input: architecture.inputShape)]
    // What a place has read so far, as long as each layer works on places of maps alone.
    var scope: Scope? = background == nil || !fuses ? nil : .place
    var blankOperations = 0
    var operations: [any Operation] = []
    var layers: [Range<Int>] = []
    var inputs: [[Int]] = []
    // The boundary that holds each of the architecture's values; those within an operation have none.
    var boundaries = [0: 0]
    let readerCounts = architecture.readerCounts
    var tensor = 0
    var index = 0
    while index < architecture.entries.count {
      let entry = architecture.entries[index]
      let rest = Self.run(architecture, from: index, readerCounts)
      let sources = entry.inputs.compactMap { boundaries[$0] }
      precondition(
        sources.count == entry.inputs.count, "Plan: \(entry.name) reads what is not kept")
      if sources != [operations.count] { scope = nil }
      let site = OperationSite(
        entries: fuses ? rest : rest.prefix(1), inputs: sources.map { layouts[$0] }, fuses: fuses,
        firstTensor: tensor, kernels: kernels, background: fuses && index == 0 ? background : nil,
        reach: { [layouts, scope] count in
          guard let background, let scope = Self.scope(scope, through: rest.prefix(count)),
            case .image(_, let height, let width) = rest[index + count - 1].outputShape
          else { return nil }
          return InkReach(layouts[0], background: background[0], scope, to: (height, width))
        })
      let (operation, count) = entry.operation(at: site)
      scope = Self.scope(scope, through: rest.prefix(count))?.followed(by: operation.blur)
      if scope != nil { blankOperations += 1 }
      operations.append(operation)
      layouts.append(operation.output)
      layers.append(index..<index + count)
      inputs.append(sources)
      tensor += operation.parameters.count { $0.tensor != nil }
      index += count
      boundaries[index] = operations.count
    }
    self.operations = operations
    self.layers = layers
    self.inputs = inputs
    readers = layouts.indices.map { boundary in
      inputs.indices.filter { inputs[$0].contains(boundary) }
    }
    self.layouts = layouts
    (parameterOffsets, parameterCount) = Self.offsets(
      operations.map { $0.parameters.reduce(0) { $0 + $1.count } })
    (derivedOffsets, derivedCount) = Self.offsets(operations.map(\.derivedCount))
    (collectedOffsets, collectedCount) = Self.offsets(operations.map(\.collectedCount))
    scratchCount = operations.map(\.scratchCount).max() ?? 0
    self.background = background
    self.blankOperations = blankOperations
  }

  /// A layer and those that follow it one by one, each read by nobody but the next.
  private static func run(
    _ architecture: Architecture, from start: Int, _ readerCounts: [Int]
  ) -> ArraySlice<Architecture.Entry> {
    let entries = architecture.entries
    var end = start + 1
    while end < entries.count, entries[end].inputs == [end], readerCounts[end] == 1 { end += 1 }
    return entries[start..<end]
  }

  /// The scope through further layers, if all of them work on places of maps, the same in training and at prediction.
  private static func scope(
    _ scope: Scope?, through entries: ArraySlice<Architecture.Entry>
  ) -> Scope? {
    entries.reduce(scope) { scope, entry in
      switch entry.layer.family {
      case .affine, .activation, .pooling:
        entry.layer.scope.flatMap { scope?.followed(by: $0) }
      case .normalization, .reshape, .selection, .constants, .memory, .noise, .joint: nil
      }
    }
  }

  /// Each part starts on a cache line.
  private static func offsets(_ counts: [Int]) -> ([Int], Int) {
    var offsets: [Int] = []
    var total = 0
    for count in counts {
      offsets.append(total)
      total += padded(count)
    }
    return (offsets, total)
  }

  // MARK: Parameters

  func pack(_ network: Network, to parameters: Memory) {
    for (operation, offset) in zip(operations, parameterOffsets) {
      for block in operation.parameters {
        block.pack(network, to: parameters.base + offset)
      }
    }
  }

  /// Packs the tensors that are given; the rest of the memory stays.
  func pack(_ tensors: [Tensor], to memory: Memory) {
    let names = architecture.tensors.map(\.name)
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values) })
    for (operation, offset) in zip(operations, parameterOffsets) {
      for block in operation.parameters {
        guard let tensor = block.tensor, let values = byName[names[tensor]] else { continue }
        block.pack(values, to: memory.base + offset)
      }
    }
  }

  func unpack(_ parameters: Memory, learnedOnly: Bool = false) -> [Tensor] {
    var tensors: [Tensor] = []
    let all = architecture.tensors
    for (operation, offset) in zip(operations, parameterOffsets) {
      let named = operation.parameters.compactMap { block in
        block.tensor.map { (tensor: $0, block: block) }
      }.sorted { $0.tensor < $1.tensor }
      for (tensor, block) in named where block.isLearned || !learnedOnly {
        let (name, shape) = all[tensor]
        tensors.append(
          Tensor(
            name: name, shape: shape.shape,
            values: block.unpack(parameters.base + offset, count: shape.count)))
      }
    }
    return tensors
  }

  func derive(_ parameters: Memory, to derived: Memory) {
    for (index, operation) in operations.enumerated() {
      operation.derive(
        parameters: parameters.base + parameterOffsets[index],
        derived: derived.base + derivedOffsets[index], kernels: kernels)
    }
  }

  // MARK: Order of execution

  /// The operations cut before each batch normalisation, where shards have to meet in training; the
  /// first part is empty if the network begins with one.
  var segments: [Range<Int>] {
    let norms = operations.indices.filter { operations[$0].meetsShards }
    var start = 0
    return (norms + [operations.count]).map { cut in
      defer { start = cut }
      return start..<cut
    }
  }
}
