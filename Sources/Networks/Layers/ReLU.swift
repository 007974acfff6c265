/// The rectifier: `output = max(input, 0)`.
public struct ReLU: Layer, Hashable {
  public static let stem = "relu"

  /// A rectifier of every number.
  public init() {}

  public var text: String { "relu" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
}
