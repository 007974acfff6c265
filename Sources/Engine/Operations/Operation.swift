import KernelTable
import Networks

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
  /// Numbers that are worked out from the parameters whenever they change.
  var derivedCount: Int { get }
  /// Numbers that forward leaves for each image, until the mini-batch's update is done.
  var keptCount: Int { get }
  /// Scratch numbers that one worker needs.
  var scratchCount: Int { get }
  /// True if images are independent and small enough to be run one after the other through several
  /// layers, while they are in the cache.
  var isPerImage: Bool { get }
  /// True if forward may write over its input, and backward over the output's gradient.
  var isElementwise: Bool { get }

  /// Works the derived numbers out.
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable)
  /// Computes the output of some of the shard's images.
  func forward(_ images: Range<Int>, _ pass: Pass)
  /// Computes the input's gradient if the pass wants it, and adds to the parameters' if it collects them.
  func backward(_ images: Range<Int>, _ pass: Pass)
}

extension Operation {
  var parameters: [ParameterBlock] { [] }
  var collectedCount: Int { 0 }
  var derivedCount: Int { 0 }
  var keptCount: Int { 0 }
  var scratchCount: Int { 0 }
  var isPerImage: Bool { true }
  var isElementwise: Bool { false }
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {}
}

/// What an operation can reach while it works on one shard.
struct Pass {
  let kernels: KernelTable
  /// The parameters of the operation.
  let parameters: UnsafeMutablePointer<Float>
  /// Its derived numbers.
  let derived: UnsafeMutablePointer<Float>
  /// The worker's scratch memory, shared by all operations.
  let scratch: UnsafeMutablePointer<Float>
  /// What the operation keeps for each image.
  let kept: ShardStrip
  let input: ShardStrip
  let output: ShardStrip
  /// `nil` where nobody wants it.
  let inputGradient: ShardStrip?
  let outputGradient: ShardStrip
  /// The shard's own gradient of the operation's collected parameters; `nil` outside training.
  let parameterGradient: UnsafeMutablePointer<Float>?
  /// For dropout: distinct for each step, layer and shard; `nil` outside training.
  let randomness: UInt64?
  /// Neighbouring images from which dropout takes the same units.
  var imagesPerMask = 1
  /// What saves work where an image is blank, if it is known: see `InkReach`.
  var blank: Blank?
}

/// The images, and an operation's output for a blank one.
struct Blank {
  /// The normalised images.
  let pixels: ShardStrip
  let output: UnsafePointer<Float>
}

/// One tensor of an operation in memory.
struct ParameterBlock: Sendable {
  /// Index among the network's tensors.
  let tensor: Int
  /// Position within the operation's parameters.
  let offset: Int
  /// Numbers in memory, padding included: a multiple of 16.
  let count: Int
  /// For each number in memory, its index in PyTorch's order, or -1 for padding.
  let order: [Int32]
  /// What padding holds.
  let padding: Float
  let isLearned: Bool

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
