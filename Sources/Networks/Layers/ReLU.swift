/// The rectifier: `output = max(input, 0)`.
public struct ReLU: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "relu"

  /// A rectifier of every number.
  public init() {}

  /// The layer as a specification writes it.
  public var text: String { "relu" }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
}
