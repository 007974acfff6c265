/// Dropout: in training each number is set to zero with a probability, the others are scaled up.
///
/// Reference: Srivastava et al., Dropout (2014), in the inverted form that needs nothing at prediction.
public struct Dropout: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "dropout"
  /// How a person writes it.
  public static let form = "dropout(P)"
  /// What it does, in a line.
  public static let summary = "in training, zero with probability P"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["dropout(0.3)", "dropout(0.0)"]
  /// Probability of zero, in 0..<1.
  public let probability: Float

  /// Dropout of a share of the numbers.
  public init(_ probability: Float) { self.probability = probability }

  /// Takes the probability.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number(
        "a probability, as in dropout(0.5)", "the probability must be at least 0 and below 1"
      ) { (0..<1).contains($0) })
  }

  /// The layer as a specification writes it.
  public var text: String { "dropout(\(probability))" }

  /// What a person calls it.
  public var noun: String { "dropout layer" }
  /// Nothing at prediction.
  public var family: LayerFamily { .noise }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  /// Nothing is left of it at prediction.
  public var exportForm: ExportForm { .dropout(probability: probability) }
}
