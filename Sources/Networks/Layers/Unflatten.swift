/// A list as feature maps, in the order channel, row, column: the inverse of `flatten`.
public struct Unflatten: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "unflatten"
  /// How a person writes it.
  public static let form = "unflatten(C,H,W)"
  /// What it does, in a line.
  public static let summary = "a list as C feature maps of H x W"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["unflatten(3,2,1)", "unflatten(2,1,3)"]
  /// The maps `[C, H, W]`.
  public let shape: ImageShape

  /// Maps of a shape.
  public init(_ shape: ImageShape) { self.shape = shape }

  /// Takes how many maps there are, their rows and their columns.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      ImageShape(
        channels: try arguments.whole("C", 1...65_535),
        height: try arguments.whole("H", 1...65_535),
        width: try arguments.whole("W", 1...65_535)))
  }

  /// The layer as a specification writes it.
  public var text: String { "unflatten(\(shape.channels),\(shape.height),\(shape.width))" }
  /// What a person calls it.
  public var noun: String { "unflattening" }
  /// The same numbers in another shape.
  public var family: LayerFamily { .reshape }
  /// There are no places before it.
  public var scope: Scope? { nil }

  /// The maps.
  ///
  /// - Throws: `LayerError` for what is no list of as many numbers.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard input == .vector(shape.count) else {
      throw LayerError("\(text) needs a list of \(shape.count) numbers, but gets \(input)")
    }
    return .image(channels: shape.channels, height: shape.height, width: shape.width)
  }

  /// An unflattening.
  public var exportForm: ExportForm { .unflattening }
}
