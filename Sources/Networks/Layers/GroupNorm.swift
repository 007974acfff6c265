/// Group normalisation: groups of channels are brought to mean 0 and variance 1 over all places of an image, then each
/// channel is scaled and shifted. One group is layer normalisation of the whole image, as many as channels are instance
/// normalisation.
///
/// `output = weight · (input - mean) / √(variance + epsilon) + bias`, the same in training and at prediction.
///
/// Reference: Wu, He, Group Normalization (2018).
public struct GroupNorm: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "groupnorm"
  /// How a person writes it.
  public static let form = "groupnorm(GROUPS,epsilon=E)"
  /// What it does, in a line.
  public static let summary = "normalization of groups of channels of an image"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["groupnorm(2)", "groupnorm(1,epsilon=0.001)"]
  /// Groups of channels.
  public let groups: Int
  /// Added to the variance.
  public let epsilon: Float

  /// A normalisation of groups of channels.
  public init(_ groups: Int, epsilon: Float = VarianceFloor.usual) {
    (self.groups, self.epsilon) = (groups, epsilon)
  }

  /// Takes the number of groups, and what is added to the variance.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.whole("GROUPS", 1...65_536), epsilon: try VarianceFloor.taken(from: &arguments))
  }

  /// The layer as a specification writes it.
  public var text: String {
    let values = ["\(groups)"] + VarianceFloor.written(epsilon)
    return "\(Self.stem)(\(values.joined(separator: ",")))"
  }
  /// What a person calls it.
  public var noun: String { "group normalization" }
  /// By the image's own numbers.
  public var family: LayerFamily { .normalization(isAffineAtPrediction: false) }
  /// A group's places are taken together.
  public var scope: Scope? { nil }

  /// The input's.
  ///
  /// - Throws: `LayerError` if the channels cannot be parted into the groups.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    if input.isSequence {
      throw LayerError("groupnorm takes feature maps or a list; use layernorm for a sequence")
    }
    guard input.channels.isMultiple(of: groups) else {
      throw LayerError("\(input.channels) channels cannot be parted into \(groups) groups")
    }
    guard input.count > groups else {
      throw LayerError("groupnorm of groups of one number leaves nothing of them")
    }
    return input
  }

  /// The tensors that it learns, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    ParameterShape.scale(input.channels)
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { 2 * input.count }

  /// A group normalisation.
  public var exportForm: ExportForm {
    .groupNormalization(groups: groups, epsilon: epsilon)
  }
}
