/// An image as the sequence of its rows, from top to bottom: each row's numbers in the order channel, column.
public struct ImageRows: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "rows"
  /// How a person writes it.
  public static let form = "rows"
  /// What it does, in a line.
  public static let summary = "an image as the sequence of its rows"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["rows"]

  /// The rows of the whole image.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { Self.stem }
  /// What a person calls it.
  public var noun: String { "sequence of rows" }
  /// The same numbers in another shape.
  public var family: LayerFamily { .reshape }
  /// A row's columns are taken together.
  public var scope: Scope? { nil }

  /// A place for each row.
  ///
  /// - Throws: `LayerError` for what has no rows.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError("rows needs an image or feature maps, but gets \(input)")
    }
    return .sequence(length: height, width: channels * width)
  }

  /// Rows.
  public var exportForm: ExportForm { .rows }
}
