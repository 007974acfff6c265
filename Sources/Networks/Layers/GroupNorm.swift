/// Group normalisation: groups of channels are brought to mean 0 and variance 1 over all places of an image, then each
/// channel is scaled and shifted. One group is layer normalisation of the whole image, as many as channels are instance
/// normalisation.
///
/// `output = weight · (input - mean) / √(variance + 1e-5) + bias`, the same in training and at prediction.
///
/// Reference: Wu, He, Group Normalization (2018).
public struct GroupNorm: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "groupnorm"
  /// How a person writes it.
  public static let form = "groupnorm(GROUPS)"
  /// What it does, in a line.
  public static let summary = "normalization of groups of channels of an image"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["groupnorm(2)", "groupnorm(1)"]
  /// Added to the variance.
  public static let epsilon: Float = 1e-5
  /// Groups of channels.
  public let groups: Int

  /// A normalisation of groups of channels.
  public init(_ groups: Int) { self.groups = groups }

  /// Takes the number of groups.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(try arguments.whole("GROUPS", 1...65_536))
  }

  /// The layer as a specification writes it.
  public var text: String { "groupnorm(\(groups))" }
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
    .groupNormalization(groups: groups, epsilon: Self.epsilon)
  }
}
