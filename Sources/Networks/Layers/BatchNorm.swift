/// Batch normalisation: each channel is brought to mean 0 and variance 1, then scaled and shifted.
///
/// `output = weight · (input - mean) / √(variance + 1e-5) + bias`, with the mini-batch's statistics in
/// training and the running ones (momentum 0.1) otherwise.
///
/// Reference: Ioffe, Szegedy, Batch Normalization (2015); constants as PyTorch has them.
public struct BatchNorm: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "norm"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["norm"]
  /// Added to the variance.
  public static let epsilon: Float = 1e-5
  /// Share of the running statistics that each mini-batch replaces.
  public static let momentum: Float = 0.1

  /// A normalisation of every channel.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout LayerArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { "norm" }
  /// A factor and a number added for each channel, at prediction.
  public var family: LayerFamily { .normalization(isAffineAtPrediction: true) }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    let shape = [input.channels]
    return [
      ParameterShape(name: "weight", shape: shape, role: .constant(1)),
      ParameterShape(name: "bias", shape: shape, role: .constant(0)),
      ParameterShape(name: "running_mean", shape: shape, role: .statistic(0)),
      ParameterShape(name: "running_var", shape: shape, role: .statistic(1)),
    ]
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { input.count }

  /// 1 for the scale and the variance, so that their rounding cancels; 0 for what is subtracted and added.
  public func identityValue(of tensor: String) -> Float? {
    switch tensor {
    case "weight": (1 + Self.epsilon).squareRoot()
    case "running_var": 1
    default: 0
    }
  }

  /// `scale`: the running statistics in a factor and a bias for each channel.
  public func exported(_ tensors: (String) -> [Float]) -> ExportForm? {
    let factors = zip(tensors("weight"), tensors("running_var")).map {
      $0 / ($1 + Self.epsilon).squareRoot()
    }
    let bias = zip(tensors("bias"), zip(tensors("running_mean"), factors)).map {
      $0 - $1.0 * $1.1
    }
    return ExportForm("scale", factors: factors, bias: bias)
  }
}
