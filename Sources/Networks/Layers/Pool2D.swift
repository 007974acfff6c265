/// Pooling: each square window of a feature map becomes one number.
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
  public static let summary = "a window's largest number, or mean; stride=S"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "maxpool(2)", "maxpool(3,stride=1)", "avgpool(2)", "avgpool(3,stride=2)",
  ]
  /// What a window becomes.
  public let kind: Kind
  /// Side of the window.
  public let kernel: Int
  /// Step of the window.
  public let stride: Int

  /// Pooling over `kernel` x `kernel` windows that do not overlap unless a stride is given.
  public init(_ kind: Kind, _ kernel: Int, stride: Int? = nil) {
    self.kind = kind
    self.kernel = kernel
    self.stride = stride ?? kernel
  }

  /// Takes the window's side, and by name `stride`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    let kind: Kind = arguments.word == Kind.average.rawValue ? .average : .maximum
    let kernel = try arguments.whole("K", 1...255)
    self.init(kind, kernel, stride: try arguments.whole(named: "stride", 1...255))
  }

  /// The layer as a specification writes it.
  public var text: String {
    stride == kernel
      ? "\(kind.rawValue)(\(kernel))" : "\(kind.rawValue)(\(kernel),stride=\(stride))"
  }

  /// What a person calls it.
  public var noun: String { kind == .maximum ? "max-pooling layer" : "average-pooling layer" }
  /// The window's largest number, or its mean.
  public var family: LayerFamily { .pooling(kind == .maximum ? .maximum : .average) }
  /// Its window.
  public var scope: Scope? { Scope(kernel: kernel, stride: stride, margin: 0) }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError(
        "\(kind.rawValue) needs feature maps, but its input is flat; put it before flatten")
    }
    guard height >= kernel, width >= kernel else {
      throw LayerError(
        "the \(kernel) × \(kernel) window is larger than its input of \(height) × \(width)")
    }
    return .image(
      channels: channels, height: (height - kernel) / stride + 1,
      width: (width - kernel) / stride + 1)
  }
  /// `maxpool` or `avgpool`.
  public func exported(_ tensors: (String) -> [Float]) -> ExportForm? {
    ExportForm(kind.rawValue, scope: scope)
  }
}
