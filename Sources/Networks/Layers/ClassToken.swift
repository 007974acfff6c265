/// A learned list set before the first place of a sequence: the place at which a transformer gathers its answer.
///
/// Reference: Dosovitskiy et al., An Image is Worth 16x16 Words (2021).
public struct ClassToken: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "token"
  /// The word that begins it in a specification.
  public static let words = ["class-token"]
  /// How a person writes it.
  public static let form = "class-token"
  /// What it does, in a line.
  public static let summary = "a learned place before a sequence's first"
  /// Layers of the kind as a specification writes them.
  public static let examples = words

  /// A token as wide as the sequence.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { Self.words[0] }
  /// What a person calls it.
  public var noun: String { "class token" }
  /// A list that is the same for every image.
  public var family: LayerFamily { .constants }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// One place more.
  ///
  /// - Throws: `LayerError` for what is no sequence.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    let (length, width) = try input.places(for: text)
    return .sequence(length: length + 1, width: width)
  }

  /// `weight` `[D]`, at first zero.
  public func parameters(for input: Shape) -> [ParameterShape] {
    [ParameterShape(name: "weight", shape: [input.channels], role: .constant(0))]
  }

  /// A class token.
  public var exportForm: ExportForm { .classToken }
}
