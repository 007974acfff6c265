/// Feature maps laid out as one list, in the order channel, row, column.
public struct Flatten: Layer, Hashable {
  public static let stem = "flatten"

  /// A flattening of the whole input.
  public init() {}

  public var text: String { "flatten" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { .vector(input.count) }
}
