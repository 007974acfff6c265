/// Dropout: in training each number is set to zero with a probability, the others are scaled up.
///
/// Reference: Srivastava et al., Dropout (2014), in the inverted form that needs nothing at prediction.
public struct Dropout: Layer, Hashable {
  public static let stem = "dropout"
  /// Probability of zero, in 0..<1.
  public let probability: Float

  /// Dropout of a share of the numbers.
  public init(_ probability: Float) { self.probability = probability }

  public var text: String { "dropout(\(probability))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
}
