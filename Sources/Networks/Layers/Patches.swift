/// An image cut into squares, as a sequence: left to right and top to bottom, each square's numbers in the order channel,
/// row, column. With `linear(N)` behind it, it is the patch embedding of a vision transformer.
///
/// Reference: Dosovitskiy et al., An Image is Worth 16x16 Words (2021).
public struct Patches: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "patches"
  /// How a person writes it.
  public static let form = "patches(K)"
  /// What it does, in a line.
  public static let summary = "an image as the sequence of its K x K squares"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["patches(1)"]
  /// Rows and columns of a square.
  public let side: Int

  /// Squares of `side` x `side` numbers.
  public init(_ side: Int) { self.side = side }

  /// Takes the side of a square.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(try arguments.whole("K", 1...255))
  }

  /// The layer as a specification writes it.
  public var text: String { "patches(\(side))" }
  /// What a person calls it.
  public var noun: String { "sequence of patches" }
  /// The same numbers in another shape.
  public var family: LayerFamily { .reshape }
  /// A square's places are taken together.
  public var scope: Scope? { nil }

  /// A place for each square.
  ///
  /// - Throws: `LayerError` for what has no rows and columns, or cannot be cut without a rest.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, let height, let width) = input else {
      throw LayerError("patches needs an image or feature maps, but gets \(input)")
    }
    guard height.isMultiple(of: side), width.isMultiple(of: side) else {
      throw LayerError(
        "\(height) x \(width) cannot be cut into squares of \(side) x \(side) without a rest")
    }
    return .sequence(
      length: height / side * (width / side), width: channels * side * side)
  }

  /// Patches.
  public var exportForm: ExportForm { .patches(side: side) }
}
