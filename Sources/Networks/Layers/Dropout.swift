/// Dropout: in training each number is set to zero with a probability, the others are scaled up.
///
/// Reference: Srivastava et al., Dropout (2014), in the inverted form that needs nothing at prediction.
public struct Dropout: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "dropout"
  /// Probability of zero, in 0..<1.
  public let probability: Float

  /// Dropout of a share of the numbers.
  public init(_ probability: Float) { self.probability = probability }

  /// The layer as a specification writes it.
  public var text: String { "dropout(\(probability))" }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
}
