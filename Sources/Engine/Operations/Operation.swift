import KernelTable
import Networks

/// A layer that the engine executes; each kind conforms beside its operation. Activations need not: see
/// `ActivationOperation`.
protocol ExecutableLayer: Layer {
  /// The layer's operation, and how many layers it does: more than one where it takes those that follow along.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int)
}

/// Where a layer stands, for it to choose how it is executed.
struct OperationSite {
  /// The layer, and those that follow if its operation may do them in the same pass.
  let entries: ArraySlice<Architecture.Entry>
  /// What it reads, in the order of the layer's inputs.
  let inputs: [Layout]
  /// Whether what lies between layers is not looked at, so that they may be taken together.
  let fuses: Bool
  /// The first of its tensors among the network's.
  let firstTensor: Int
  /// What will execute it.
  let kernels: KernelTable
  /// A blank image, if the layer reads the images and blank pixels may be taken together: see `LinearOperation`.
  let background: [Float]?
  /// Where the images' ink is seen behind some of the layers, if that is known.
  let reach: (_ layers: Int) -> InkReach?

  private var entry: Architecture.Entry { entries[entries.startIndex] }
  /// What it reads, or reads first.
  var input: Layout { inputs[0] }
  /// The layers that follow, if they may be taken along.
  var following: [any Layer] { entries.dropFirst().map(\.layer) }
  /// Height and width of the layer's output; 1 for a flat one.
  var result: (height: Int, width: Int) {
    if case .image(_, let height, let width) = entry.outputShape { (height, width) } else { (1, 1) }
  }
  /// True if the layer reads a sequence, which a flattened one is no longer though it lies as before.
  var readsSequence: Bool { entry.inputShape.isSequence }
  /// True if the layer gives a flat list.
  var isFlat: Bool { entry.outputShape.dimensions.count == 1 }
}

extension Architecture.Entry {
  /// The layer's operation, and how many layers it does.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    if let layer = layer as? any ExecutableLayer { return layer.operation(at: site) }
    if let layer = layer as? any ActivationLayer {
      return (ActivationOperation(layer, at: site), 1)
    }
    preconditionFailure("Engine: no operation executes \(layer.text)")
  }
}

/// How one layer is executed on a shard of at most 16 images.
///
/// Operations hold no activations: everything is reached through the `Pass`.
protocol Operation: Sendable {
  /// Memory layout of what it gives for one image.
  var output: Layout { get }
  /// Tensors in memory: where they lie and how they map to PyTorch's order.
  var parameters: [ParameterBlock] { get }
  /// How many of its first parameters have their gradient collected shard by shard.
  var collectedCount: Int { get }
  /// How many of these the optimizer changes; the others are not learned.
  var updatedCount: Int { get }
  /// Numbers that are worked out from the parameters whenever they change.
  var derivedCount: Int { get }
  /// Numbers that forward leaves for each image, until the mini-batch's update is done.
  var keptCount: Int { get }
  /// Scratch numbers that one worker needs.
  var scratchCount: Int { get }
  /// True if images are independent and small enough to be run one after the other through several
  /// layers, while they are in the cache.
  var isPerImage: Bool { get }
  /// True if every number of the output hangs on the same number of the input alone: backward may write over the
  /// output's gradient.
  var isElementwise: Bool { get }
  /// True if forward may write over its input, or its first.
  var overwritesInput: Bool { get }
  /// True if it may do so only where the operation before it never looks at its own output again.
  var leavesOutputsRead: Bool { get }
  /// True if backward looks at the operation's own output.
  var readsOutput: Bool { get }
  /// True if backward leaves the output's gradient as it is and may hand it on as that of its first input.
  var handsGradientOn: Bool { get }
  /// True if its output's gradient is read once more at the end of the step, where its weights are updated.
  var updatesFromGradient: Bool { get }
  /// True if shards have to meet before it in training: see `BatchStatistics`.
  var meetsShards: Bool { get }
  /// The places of the output that are worked out together, seen from one of them: what one reads may touch the last bits
  /// of the others.
  var blur: Scope { get }

  /// Works the derived numbers out.
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable)
  /// The same operation, with the same parameters in memory, on a crop of its input that brings its margins along; `nil`
  /// if it does not work place by place.
  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)?
  /// Computes the output of some of the shard's images.
  func forward(_ images: Range<Int>, _ pass: Pass)
  /// Computes the input's gradient if the pass wants it, and adds to the parameters' if it collects them.
  func backward(_ images: Range<Int>, _ pass: Pass)
}

extension Operation {
  var parameters: [ParameterBlock] { [] }
  var collectedCount: Int { 0 }
  var updatedCount: Int { collectedCount }
  var derivedCount: Int { 0 }
  var keptCount: Int { 0 }
  var scratchCount: Int { 0 }
  var isPerImage: Bool { true }
  var isElementwise: Bool { false }
  var overwritesInput: Bool { false }
  var leavesOutputsRead: Bool { false }
  var readsOutput: Bool { true }
  var handsGradientOn: Bool { false }
  var updatesFromGradient: Bool { false }
  var meetsShards: Bool { false }
  var blur: Scope { .place }
  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? { nil }
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {}

  /// The same operation in a box of its own, whose count of references is no other thread's.
  var copy: any Operation { self }
}

/// An operation that keeps more of an image than it hands on, which is worth being looked at.
protocol InnerOperation: Operation {
  /// Numbers that there are for one image.
  var innerCount: Int { get }
  /// Copies them, without padding, after forward has run; see `Tracer.inner(_:of:)`.
  func copyInner(of image: Int, _ pass: Pass, to result: UnsafeMutablePointer<Float>)
}

/// What an operation can reach while it works on one shard.
struct Pass {
  /// Owned by the plan, which outlives the pass.
  unowned(unsafe) let kernels: KernelTable
  /// The parameters of the operation.
  let parameters: UnsafeMutablePointer<Float>
  /// Its derived numbers.
  let derived: UnsafeMutablePointer<Float>
  /// The worker's scratch memory, shared by all operations.
  let scratch: UnsafeMutablePointer<Float>
  /// What the operation keeps for each image.
  let kept: ShardStrip
  var input: ShardStrip
  var output: ShardStrip
  /// `nil` where nobody wants it.
  var inputGradient: ShardStrip?
  /// Of an operation that joins several inputs, those behind the first.
  var others: [Joined] = []
  var outputGradient: ShardStrip
  /// The shard's own gradient of the operation's collected parameters; `nil` outside training.
  let parameterGradient: UnsafeMutablePointer<Float>?
  /// For dropout: distinct for each step, layer and shard; `nil` outside training.
  let randomness: UInt64?
  /// Neighbouring images from which dropout takes the same units.
  var imagesPerMask = 1
  /// What saves work where an image is blank, if it is known: see `InkReach`.
  var blank: Blank?

  /// The same pass with other inputs, and other places for their gradients.
  func reading(_ inputs: [ShardStrip], gradients: [ShardStrip]) -> Pass {
    var pass = self
    (pass.input, pass.inputGradient) = (inputs[0], gradients[0])
    pass.others = zip(inputs, gradients).dropFirst().map {
      Joined(input: $0, inputGradient: $1)
    }
    return pass
  }
}

/// A further input of an operation that joins several.
struct Joined {
  let input: ShardStrip
  /// `nil` where nobody wants it.
  let inputGradient: ShardStrip?
}

/// The images, and an operation's output for a blank one.
struct Blank {
  /// The normalised images.
  let pixels: ShardStrip
  let output: UnsafePointer<Float>
}

/// One tensor of an operation in memory.
struct ParameterBlock: Sendable {
  /// Index among the network's tensors; `nil` for numbers that the layer leaves out.
  let tensor: Int?
  /// Position within the operation's parameters.
  let offset: Int
  /// Numbers in memory, padding included: a multiple of 16.
  let count: Int
  /// For each number in memory, its index in PyTorch's order, or -1 for padding.
  let order: [Int32]
  /// What padding holds.
  let padding: Float
  let isLearned: Bool
  /// What stands for numbers that the layer leaves out.
  var constant: Float = 0

  /// The bias of each output, or zeros if the layer has none.
  static func bias(of outputs: Int, at offset: Int, tensor: Int?) -> ParameterBlock {
    let order = (0..<padded(outputs)).map { $0 < outputs ? Int32($0) : -1 }
    return ParameterBlock(
      tensor: tensor, offset: offset, count: order.count, order: order, padding: 0,
      isLearned: tensor != nil)
  }

  func pack(_ network: Network, to parameters: UnsafeMutablePointer<Float>) {
    if let tensor { return pack(network.tensors[tensor].values, to: parameters) }
    for (position, index) in order.enumerated() {
      parameters[offset + position] = index < 0 ? padding : constant
    }
  }

  func pack(_ values: [Float], to parameters: UnsafeMutablePointer<Float>) {
    for (position, index) in order.enumerated() {
      parameters[offset + position] = index < 0 ? padding : values[Int(index)]
    }
  }

  func unpack(_ parameters: UnsafePointer<Float>, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    for (position, index) in order.enumerated() where index >= 0 {
      values[Int(index)] = parameters[offset + position]
    }
    return values
  }
}
