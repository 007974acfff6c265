/// Batch normalisation: each channel is brought to mean 0 and variance 1, then scaled and shifted.
///
/// `output = weight · (input - mean) / √(variance + 1e-5) + bias`, with the mini-batch's statistics in
/// training and the running ones otherwise.
///
/// Reference: Ioffe, Szegedy, Batch Normalization (2015); constants as PyTorch has them.
public struct BatchNorm: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "norm"
  /// How a person writes it.
  public static let form = "norm"
  /// What it does, in a line.
  public static let summary = "batch normalization; scale=no, momentum=M"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["norm", "norm(scale=no)", "norm(momentum=0.3)"]
  /// Added to the variance.
  public static let epsilon = VarianceFloor.usual
  /// The usual share of the running statistics that each mini-batch replaces.
  public static let usualMomentum: Float = 0.1
  /// False to leave the factors out and the numbers added, `weight` and `bias`.
  public let isScaled: Bool
  /// Share of the running statistics that each mini-batch replaces, in 0...1.
  public let momentum: Float

  /// A normalisation of every channel.
  public init(isScaled: Bool = true, momentum: Float = usualMomentum) {
    self.isScaled = isScaled
    self.momentum = momentum
  }

  /// Takes by name `scale` and `momentum`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      isScaled: try arguments.isOn("scale"),
      momentum: try arguments.number(
        named: "momentum", "the momentum must be above 0 and at most 1"
      ) { $0 > 0 && $0 <= 1 } ?? Self.usualMomentum)
  }

  /// The layer as a specification writes it.
  public var text: String {
    var parts: [String] = []
    if !isScaled { parts.append("scale=no") }
    if momentum != Self.usualMomentum { parts.append("momentum=\(momentum)") }
    return parts.isEmpty ? "norm" : "norm(\(parts.joined(separator: ",")))"
  }
  /// What a person calls it.
  public var noun: String { "normalization layer" }
  /// A factor and a number added for each channel, at prediction.
  public var family: LayerFamily { .normalization(isAffineAtPrediction: true) }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    if input.isSequence {
      throw LayerError("norm takes feature maps or a list; use layernorm for a sequence")
    }
    return input
  }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    let shape = [input.channels]
    return (isScaled ? ParameterShape.scale(input.channels) : []) + [
      ParameterShape(name: "running_mean", shape: shape, role: .statistic(0)),
      ParameterShape(name: "running_var", shape: shape, role: .statistic(1)),
    ]
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { input.count }

  /// A variance that makes the deviation 1; nothing subtracted and added.
  public func identityValue(of tensor: String) -> Float? {
    switch tensor {
    case "weight": 1
    case "running_var": 1 - Self.epsilon
    default: 0
    }
  }

  /// A batch normalisation, its statistics as they run.
  public var exportForm: ExportForm {
    .batchNormalization(epsilon: Self.epsilon, momentum: momentum, isScaled: isScaled)
  }
}
