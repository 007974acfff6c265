import KernelTable
import Networks

/// Images in a shard: the unit of work, and the number of lanes.
let shardSize = 16

/// How an architecture is executed: its operations, where their parameters lie, and which memory each
/// boundary between them gets. Boundary 0 is the input, boundary i + 1 the output of operation i.
struct Plan: Sendable {
  let architecture: Architecture
  let kernels: KernelTable
  let operations: [any Operation]
  /// The layers that each operation does: one, or several if they are fused.
  let layers: [Range<Int>]
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

  /// - Parameters:
  ///   - architecture: what is executed.
  ///   - fuses: whether a convolution does the ReLU and pooling after it in the same operation; what lies
  ///     between them then cannot be looked at.
  ///   - kernels: what executes it.
  init(
    _ architecture: Architecture, fuses: Bool = false,
    kernels: KernelTable = InstructionSet.selected
  ) {
    self.architecture = architecture
    self.kernels = kernels
    var layouts = [Layout(input: architecture.inputShape)]
    var operations: [any Operation] = []
    var layers: [Range<Int>] = []
    var tensor = 0
    var index = 0
    while index < architecture.entries.count {
      let pooled = fuses && Self.isPooledConvolution(architecture, at: index)
      let operation = Self.operation(
        for: architecture.entries[index], input: layouts[layouts.count - 1], pooled: pooled,
        tensor: tensor, kernels: kernels)
      operations.append(operation)
      layouts.append(operation.output)
      layers.append(index..<index + (pooled ? 3 : 1))
      tensor += architecture.entries[index].parameters.count
      index = layers[layers.count - 1].upperBound
    }
    self.operations = operations
    self.layers = layers
    self.layouts = layouts
    (parameterOffsets, parameterCount) = Self.offsets(
      operations.map { $0.parameters.reduce(0) { $0 + $1.count } })
    (derivedOffsets, derivedCount) = Self.offsets(operations.map(\.derivedCount))
    (collectedOffsets, collectedCount) = Self.offsets(operations.map(\.collectedCount))
    scratchCount = operations.map(\.scratchCount).max() ?? 0
  }

  /// A convolution, ReLU and 2 x 2 max-pooling that leaves no row or column out.
  private static func isPooledConvolution(_ architecture: Architecture, at index: Int) -> Bool {
    let entries = architecture.entries.dropFirst(index).prefix(3).map { $0 }
    guard entries.count == 3, entries[0].layer is Conv2D, entries[1].layer is ReLU,
      let pool = entries[2].layer as? Pool2D, case .image(_, let height, let width) = entries[0].outputShape
    else { return false }
    return pool.kind == .maximum && pool.kernel == 2 && pool.stride == 2 && height % 2 == 0
      && width % 2 == 0
  }

  private static func operation(
    for entry: Architecture.Entry, input: Layout, pooled: Bool, tensor: Int, kernels: KernelTable
  ) -> any Operation {
    var (height, width) = (1, 1)
    var isFlat = true
    if case .image(_, let h, let w) = entry.outputShape { (height, width, isFlat) = (h, w, false) }
    switch entry.layer {
    case let layer as Conv2D:
      if WinogradOperation.fits(layer, input: input) {
        return WinogradOperation(
          layer, input: input, result: (height, width), pooled: pooled, firstTensor: tensor,
          lanes: kernels.lanes)
      }
      return ConvolutionOperation(
        layer, input: input, result: (height, width), pooled: pooled, firstTensor: tensor)
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
        derived: derived.base + derivedOffsets[index], kernels: kernels)
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
