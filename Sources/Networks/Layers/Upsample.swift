/// Feature maps made larger by a whole number along both axes: each place takes the number of the nearest one of the input,
/// which becomes a square. It is PyTorch's `Upsample` in its mode `nearest`.
public struct Upsample: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "upsample"
  /// How a person writes it.
  public static let form = "upsample(K)"
  /// What it does, in a line.
  public static let summary = "each number as a square of K x K"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["upsample(2)", "upsample(3)"]
  /// Rows and columns of a square.
  public let factor: Int

  /// Squares of `factor` x `factor`.
  public init(_ factor: Int) { self.factor = factor }

  /// Takes the side of a square.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(try arguments.whole("K", 1...255))
  }

  /// The layer as a specification writes it.
  public var text: String { "upsample(\(factor))" }
  /// What a person calls it.
  public var noun: String { "upsampling layer" }
  /// The same numbers, each several times.
  public var family: LayerFamily { .reshape }
  /// A window of the output reads what hangs on where it lies, which no `Scope` can say.
  public var scope: Scope? { nil }

  /// Maps of `factor` times the rows and columns.
  ///
  /// - Throws: `LayerError` for what has no rows and columns.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError("\(text) needs an image or feature maps, but gets \(input)")
    }
    return .image(channels: channels, height: height * factor, width: width * factor)
  }

  /// An upsampling.
  public var exportForm: ExportForm { .upsampling(factor: factor) }
}
