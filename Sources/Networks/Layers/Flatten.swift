/// Feature maps laid out as one list, in the order channel, row, column.
public struct Flatten: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "flatten"
  /// How a person writes it.
  public static let form = "flatten"
  /// What it does, in a line.
  public static let summary = "feature maps as one list"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["flatten"]

  /// A flattening of the whole input.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { "flatten" }

  /// What a person calls it.
  public var noun: String { "flattening" }
  /// The same numbers, without places.
  public var family: LayerFamily { .reshape }
  /// There are no places behind it.
  public var scope: Scope? { nil }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { .vector(input.count) }

  /// A flattening.
  public var exportForm: ExportForm { .flattening }
}
