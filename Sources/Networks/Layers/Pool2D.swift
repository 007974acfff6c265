/// Pooling: each square window of a feature map becomes one number.
///
/// Windows that reach over the edge, by `padding` or `ceil=yes`, take what is there; a mean counts the padding as zeros
/// unless told not to. The arguments and sizes are those of PyTorch's `MaxPool2d` and `AvgPool2d`.
public struct Pool2D: Layer, Hashable {
  /// What a window becomes.
  public enum Kind: String, Sendable {
    /// Its largest number.
    case maximum = "maxpool"
    /// Its mean.
    case average = "avgpool"
  }

  /// The stem of the layer's name.
  public static let stem = "pool"
  /// `maxpool` and `avgpool`.
  public static let words = [Kind.maximum, .average].map(\.rawValue)
  /// How a person writes it.
  public static let form = "maxpool(K), avgpool(K)"
  /// What it does, in a line.
  public static let summary =
    "a window's largest, or mean; stride=, padding=, ceil=yes, include-pad=no"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "maxpool(2)", "maxpool(3,stride=1)", "avgpool(2)", "avgpool(3,stride=2)",
    "maxpool(3,stride=2,padding=1)", "maxpool(2,ceil=yes)", "avgpool(3,stride=2,padding=1)",
    "avgpool(3,stride=2,padding=1,ceil=yes,include-pad=no)",
  ]
  /// What a window becomes.
  public let kind: Kind
  /// Side of the window.
  public let kernel: Int
  /// Step of the window.
  public let stride: Int

  /// Rows and columns around the maps that windows reach into; at most half a window.
  public let padding: Int
  /// True for a last window that reaches over the edge, where places would be left out otherwise.
  public let roundsUp: Bool
  /// True for a mean that counts the padding as zeros.
  public let countsPadding: Bool

  /// Pooling over `kernel` x `kernel` windows that do not overlap unless a stride is given.
  public init(
    _ kind: Kind, _ kernel: Int, stride: Int? = nil, padding: Int = 0, roundsUp: Bool = false,
    countsPadding: Bool = true
  ) {
    precondition(padding * 2 <= kernel, "Pool2D: a padding of \(padding) for windows of \(kernel)")
    self.kind = kind
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.roundsUp = roundsUp
    self.countsPadding = countsPadding
  }

  /// Takes the window's side, and by name `stride`, `padding`, `ceil` and, for a mean, `include-pad`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    let kind: Kind = arguments.word == Kind.average.rawValue ? .average : .maximum
    let kernel = try arguments.whole("K", 1...255)
    self.init(
      kind, kernel, stride: try arguments.whole(named: "stride", 1...255),
      padding: try arguments.whole(named: "padding", 0...kernel / 2) ?? 0,
      roundsUp: try arguments.isOn("ceil", default: false),
      countsPadding: kind == .maximum ? true : try arguments.isOn("include-pad"))
  }

  /// The layer as a specification writes it.
  public var text: String {
    var parts = ["\(kernel)"]
    if stride != kernel { parts.append("stride=\(stride)") }
    if padding != 0 { parts.append("padding=\(padding)") }
    if roundsUp { parts.append("ceil=yes") }
    if !countsPadding { parts.append("include-pad=no") }
    return "\(kind.rawValue)(\(parts.joined(separator: ",")))"
  }

  /// True if windows may reach over the edge of the maps.
  package var reachesBeyond: Bool { padding > 0 || roundsUp }

  /// What a person calls it.
  public var noun: String { kind == .maximum ? "max-pooling layer" : "average-pooling layer" }
  /// The window's largest number, or its mean.
  public var family: LayerFamily { .pooling(kind == .maximum ? .maximum : .average) }
  /// Its window.
  public var scope: Scope? { Scope(kernel: kernel, stride: stride, margin: padding) }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError(
        "\(kind.rawValue) needs feature maps, but its input is flat; put it before flatten")
    }
    guard height + 2 * padding >= kernel, width + 2 * padding >= kernel else {
      throw LayerError(
        "the \(kernel) × \(kernel) window is larger than its input of \(height) × \(width)")
    }
    return .image(channels: channels, height: windows(in: height), width: windows(in: width))
  }

  /// Windows along an axis; the last one begins in the maps or in the padding before them.
  private func windows(in size: Int) -> Int {
    let room = size + 2 * padding - kernel
    guard roundsUp else { return room / stride + 1 }
    let count = (room + stride - 1) / stride + 1
    return (count - 1) * stride >= size + padding ? count - 1 : count
  }

  /// A pooling.
  public var exportForm: ExportForm {
    .pooling(
      kind == .maximum ? .maximum : .average,
      .init(side: kernel, stride: stride, before: padding, after: padding), roundsUp: roundsUp,
      countsPadding: countsPadding)
  }
}
