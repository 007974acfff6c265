/// A convolution: every filter looks at a small window of all channels, the same weights everywhere.
///
/// `output[o][y][x] = bias[o] + Σ weight[o][i][r][s] input[i][y·stride + r - p][x·stride + s - p]`
public struct Conv2D: Layer, Hashable {
  /// Zeros around the image.
  public enum Padding: Hashable, Sendable {
    /// As many as keep the size (at stride 1); an even kernel has one more behind than before.
    case same
    /// This many on each side.
    case exactly(Int)
  }

  /// The stem of the layer's name.
  public static let stem = "conv"
  /// How a person writes it.
  public static let form = "conv(CHANNELS,KERNEL)"
  /// What it does, in a line.
  public static let summary = "stride=, padding=, groups=, bias=no, init=NAME"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "conv(5,3)", "conv(4,5,stride=2)", "conv(3,2,padding=0)", "conv(6,4,stride=3,padding=2)",
    "conv(3,1)", "conv(4,3,groups=2)", "conv(6,3,stride=2,groups=2,bias=no)",
    "conv(5,3,bias=no,init=kaiming)",
  ]
  /// Number of filters, the output's channels.
  public let filters: Int
  /// Side of the window.
  public let kernel: Int
  /// Step of the window.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding
  /// Parts of the channels that are convolved apart; as many as channels make it depthwise.
  public let groups: Int
  /// False to add nothing to the sums.
  public let hasBias: Bool
  /// How the weights start; PyTorch's default if `nil`.
  public let initialization: Initialization?

  /// A convolution of `filters` windows of `kernel` x `kernel`.
  public init(
    _ filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .same, groups: Int = 1,
    hasBias: Bool = true, initialization: Initialization? = nil
  ) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.groups = groups
    self.hasBias = hasBias
    self.initialization = initialization
  }

  /// Takes the number of filters and the kernel, and by name `stride`, `padding`, `groups`, `bias` and `init`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    let filters = try arguments.whole("CHANNELS", 1...65_536)
    let kernel = try arguments.whole("KERNEL", 1...255)
    let stride = try arguments.whole(named: "stride", 1...255) ?? 1
    let padding = try arguments.whole(named: "padding", 0...255)
    self.init(
      filters, kernel: kernel, stride: stride, padding: padding.map { .exactly($0) } ?? .same,
      groups: try arguments.whole(named: "groups", 1...65_536) ?? 1,
      hasBias: try arguments.isOn("bias"),
      initialization: try arguments.choice(named: "init", of: Initialization.choices))
  }

  /// Zeros before the first row and column, and behind the last.
  public var margins: (before: Int, after: Int) {
    switch padding {
    case .same: ((kernel - 1) / 2, kernel - 1 - (kernel - 1) / 2)
    case .exactly(let count): (count, count)
    }
  }

  /// The layer as a specification writes it.
  public var text: String {
    var parts = ["\(filters)", "\(kernel)"]
    if stride != 1 { parts.append("stride=\(stride)") }
    if case .exactly(let count) = padding { parts.append("padding=\(count)") }
    if groups != 1 { parts.append("groups=\(groups)") }
    if !hasBias { parts.append("bias=no") }
    if let initialization { parts.append("init=\(initialization.rawValue)") }
    return "conv(\(parts.joined(separator: ",")))"
  }

  /// What a person calls it.
  public var noun: String { "convolution layer" }
  /// Weights, the same at every place.
  public var family: LayerFamily { .affine }
  /// Its window.
  public var scope: Scope? { Scope(kernel: kernel, stride: stride, margin: margins.before) }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError("conv needs feature maps, but its input is flat; put it before flatten")
    }
    let padded = margins.before + margins.after
    guard height + padded >= kernel, width + padded >= kernel else {
      throw LayerError(
        "the \(kernel) × \(kernel) window is larger than its input of \(height) × \(width)")
    }
    guard channels.isMultiple(of: groups), filters.isMultiple(of: groups) else {
      throw LayerError(
        "\(channels) channels and \(filters) filters cannot be parted into \(groups) groups")
    }
    return .image(
      channels: filters,
      height: (height + padded - kernel) / stride + 1,
      width: (width + padded - kernel) / stride + 1)
  }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    ParameterShape.affine(
      [filters, input.channels / groups, kernel, kernel], hasBias: hasBias, initialization,
      groups: groups)
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int {
    guard let output = try? outputShape(for: input) else { return 0 }
    return output.count * (input.channels / groups) * kernel * kernel
  }

  /// The same filters with a bias each.
  public var withBias: any Layer {
    Conv2D(
      filters, kernel: kernel, stride: stride, padding: padding, groups: groups,
      initialization: initialization)
  }

  /// A convolution.
  public var exportForm: ExportForm {
    .convolution(
      .init(side: kernel, stride: stride, before: margins.before, after: margins.after),
      groups: groups, hasBias: hasBias)
  }
}
