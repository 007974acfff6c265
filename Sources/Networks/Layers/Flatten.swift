/// Feature maps laid out as one list, in the order channel, row, column.
public struct Flatten: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "flatten"

  /// A flattening of the whole input.
  public init() {}

  /// The layer as a specification writes it.
  public var text: String { "flatten" }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { .vector(input.count) }
}
