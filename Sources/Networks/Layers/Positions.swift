/// A learned number added to each of a sequence, without which attention could not tell one place from another.
///
/// Reference: Dosovitskiy et al., An Image is Worth 16x16 Words (2021).
public struct Positions: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "positions"
  /// How a person writes it.
  public static let form = "positions"
  /// What it does, in a line.
  public static let summary = "learned numbers that tell a sequence's places apart"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["positions"]
  /// The deviation that the numbers start with, as torchvision's vision transformers have it.
  static let deviation: Float = 0.02

  /// Position embeddings for the whole sequence.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { Self.stem }
  /// What a person calls it.
  public var noun: String { "position embedding" }
  /// Numbers that are the same for every image.
  public var family: LayerFamily { .constants }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// The input's.
  ///
  /// - Throws: `LayerError` for what is no sequence.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    _ = try input.places(for: Self.stem)
    return input
  }

  /// `weight` `[T, D]`.
  public func parameters(for input: Shape) -> [ParameterShape] {
    [
      ParameterShape(
        name: "weight", shape: input.dimensions, role: .normal(deviation: Self.deviation))
    ]
  }

  /// Position embeddings.
  public var exportForm: ExportForm { .positions }
}
