/// Layer normalisation: the channels of each place, the features of each place of a sequence, or all numbers of a flat
/// list, are brought to mean 0 and variance 1, then scaled and shifted.
///
/// `output = weight · (input - mean) / √(variance + epsilon) + bias`, the same in training and at prediction. On feature
/// maps it is PyTorch's `LayerNorm` over the channels of the permuted maps.
///
/// Reference: Ba, Kiros, Hinton, Layer Normalization (2016).
public struct LayerNorm: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "layernorm"
  /// How a person writes it.
  public static let form = "layernorm(epsilon=E)"
  /// What it does, in a line.
  public static let summary = "normalization of each place's channels"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["layernorm", "layernorm(epsilon=0.001)"]
  /// Added to the variance.
  public let epsilon: Float

  /// A normalisation of every place.
  public init(epsilon: Float = VarianceFloor.usual) { self.epsilon = epsilon }

  /// Takes what is added to the variance.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(epsilon: try VarianceFloor.taken(from: &arguments))
  }

  /// The layer as a specification writes it.
  public var text: String {
    VarianceFloor.written(epsilon).first.map { "\(Self.stem)(\($0))" } ?? Self.stem
  }
  /// What a person calls it.
  public var noun: String { "layer normalization" }
  /// By the image's own numbers.
  public var family: LayerFamily { .normalization(isAffineAtPrediction: false) }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The input's.
  ///
  /// - Throws: `LayerError` for a single channel, which would leave nothing.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard input.channels > 1 else {
      throw LayerError("layernorm of a single channel leaves nothing of it; take it out")
    }
    return input
  }

  /// The tensors that it learns, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    ParameterShape.scale(input.channels)
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { 2 * input.count }

  /// A layer normalisation.
  public var exportForm: ExportForm { .layerNormalization(epsilon: epsilon) }
}
