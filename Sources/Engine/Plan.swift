import Networks

/// Images in a shard: the unit of work, and the number of lanes.
let shardSize = 16

/// How an architecture is executed: its operations, where their parameters lie, and which memory each
/// layer boundary gets. Boundary 0 is the input, boundary i + 1 the output of operation i.
struct Plan: Sendable {
  let architecture: Architecture
  let operations: [any Operation]
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

  init(_ architecture: Architecture) {
    self.architecture = architecture
    var layouts = [Layout(input: architecture.inputShape)]
    var operations: [any Operation] = []
    var tensor = 0
    for entry in architecture.entries {
      let operation = Self.operation(for: entry, input: layouts[layouts.count - 1], tensor: tensor)
      operations.append(operation)
      layouts.append(operation.output)
      tensor += entry.parameters.count
    }
    self.operations = operations
    self.layouts = layouts
    (parameterOffsets, parameterCount) = Self.offsets(
      operations.map { $0.parameters.reduce(0) { $0 + $1.count } })
    (derivedOffsets, derivedCount) = Self.offsets(operations.map(\.derivedCount))
    (collectedOffsets, collectedCount) = Self.offsets(operations.map(\.collectedCount))
    scratchCount = operations.map(\.scratchCount).max() ?? 0
  }

  private static func operation(
    for entry: Architecture.Entry, input: Layout, tensor: Int
  ) -> any Operation {
    var (height, width) = (1, 1)
    var isFlat = true
    if case .image(_, let h, let w) = entry.outputShape { (height, width, isFlat) = (h, w, false) }
    switch entry.layer {
    case let layer as Conv2D:
      return ConvolutionOperation(
        layer, input: input,
        output: Layout(height: height, width: width, channels: layer.filters),
        firstTensor: tensor)
    case let layer as Linear:
      return LinearOperation(layer, input: input, firstTensor: tensor)
    case let layer as Pool2D:
      return PoolOperation(layer, input: input, outputHeight: height, outputWidth: width)
    case is BatchNorm: return NormOperation(input: input, isFlat: isFlat, firstTensor: tensor)
    case is ReLU: return ReLUOperation(output: input)
    case let layer as Dropout:
      return DropoutOperation(probability: layer.probability, output: input)
    case is Flatten: return FlattenOperation(output: input)
    default: preconditionFailure("Plan: no operation executes \(entry.layer.text)")
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
        block.pack(network.tensors[block.tensor].values, to: parameters.base + offset)
      }
    }
  }

  func unpack(_ parameters: Memory, learnedOnly: Bool = false) -> [Tensor] {
    var tensors: [Tensor] = []
    for (operation, offset) in zip(operations, parameterOffsets) {
      let named = operation.parameters.sorted { $0.tensor < $1.tensor }
      for block in named where block.isLearned || !learnedOnly {
        let (name, shape) = architecture.tensors[block.tensor]
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
        derived: derived.base + derivedOffsets[index])
    }
  }

  // MARK: Order of execution

  /// The operations cut before each batch normalisation, where shards have to meet in training; the
  /// first part is empty if the network begins with one.
  var segments: [Range<Int>] {
    let norms = operations.indices.filter { operations[$0] is NormOperation }
    var start = 0
    return (norms + [operations.count]).map { cut in
      defer { start = cut }
      return start..<cut
    }
  }
}
