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
    // Layers so far, as long as each works on places of maps alone.
    var mapLayers: [any Layer]? = background == nil || !fuses ? nil : []
    var blankOperations = 0
    var operations: [any Operation] = []
    var layers: [Range<Int>] = []
    var tensor = 0
    var index = 0
    while index < architecture.entries.count {
      let fused = fuses ? Self.fusible(architecture, at: index) : nil
      let range = index..<index + (fused?.count ?? 1)
      mapLayers = Self.mapLayers(mapLayers, and: architecture.entries[range])
      var reach: InkReach?
      if let mapLayers, let background,
        case .image(_, let height, let width) = architecture.entries[range.upperBound - 1]
          .outputShape
      {
        blankOperations += 1
        reach = InkReach(
          layouts[0], background: background[0], through: mapLayers, to: (height, width))
      }
      let operation = Self.operation(
        for: architecture.entries[
          range.filter { !architecture.entries[$0].parameters.isEmpty }.first ?? index],
        input: layouts[layouts.count - 1], pooled: fused == .pooledConvolution,
        background: fused == .imageLinear ? background : nil, reach: reach,
        tensor: tensor, kernels: kernels)
      operations.append(operation)
      layouts.append(operation.output)
      layers.append(range)
      tensor += operation.parameters.count
      index = range.upperBound
    }
    self.operations = operations
    self.layers = layers
    self.layouts = layouts
    (parameterOffsets, parameterCount) = Self.offsets(
      operations.map { $0.parameters.reduce(0) { $0 + $1.count } })
    (derivedOffsets, derivedCount) = Self.offsets(operations.map(\.derivedCount))
    (collectedOffsets, collectedCount) = Self.offsets(operations.map(\.collectedCount))
    scratchCount = operations.map(\.scratchCount).max() ?? 0
    self.background = background
    self.blankOperations = blankOperations
  }

  /// The layers and further ones, if all of them work on places of maps.
  private static func mapLayers(
    _ layers: [any Layer]?, and entries: ArraySlice<Architecture.Entry>
  ) -> [any Layer]? {
    let all = entries.allSatisfy { $0.layer is Conv2D || $0.layer is ReLU || $0.layer is Pool2D }
    return all ? layers.map { $0 + entries.map(\.layer) } : nil
  }

  /// Layers that one operation can do.
  private enum Fusion {
    /// A convolution, ReLU and 2 x 2 max-pooling that leaves no row or column out.
    case pooledConvolution
    /// The images flattened into a linear layer.
    case imageLinear

    var count: Int { self == .pooledConvolution ? 3 : 2 }
  }

  private static func fusible(_ architecture: Architecture, at index: Int) -> Fusion? {
    let entries = architecture.entries[index...].prefix(3).map { $0 }
    if index == 0, entries.count > 1, entries[0].layer is Flatten, entries[1].layer is Linear {
      return .imageLinear
    }
    guard entries.count == 3, entries[0].layer is Conv2D, entries[1].layer is ReLU,
      let pool = entries[2].layer as? Pool2D, pool.kind == .maximum, pool.kernel == 2,
      pool.stride == 2, case .image(_, let height, let width) = entries[0].outputShape,
      height % 2 == 0, width % 2 == 0
    else { return nil }
    return .pooledConvolution
  }

  private static func operation(
    for entry: Architecture.Entry, input: Layout, pooled: Bool, background: [Float]?,
    reach: InkReach?, tensor: Int, kernels: KernelTable
  ) -> any Operation {
    var (height, width) = (1, 1)
    var isFlat = true
    if case .image(_, let h, let w) = entry.outputShape { (height, width, isFlat) = (h, w, false) }
    switch entry.layer {
    case let layer as Conv2D:
      if WinogradOperation.fits(layer, input: input) {
        return WinogradOperation(
          layer, input: input, result: (height, width), pooled: pooled, reach: reach,
          firstTensor: tensor)
      }
      return ConvolutionOperation(
        layer, input: input, result: (height, width), pooled: pooled, reach: reach,
        firstTensor: tensor)
    case let layer as Linear:
      return LinearOperation(
        layer, input: input, background: background, firstTensor: tensor)
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
