/// Self-attention: every place of a sequence looks at every other and takes the mean of what it finds there, weighted by
/// how well the other's key answers its query; in several heads beside each other, each with its part of the features.
///
/// For each head, with queries Q, keys K and values V as affine maps of the input: `softmax(Q Kᵀ / √d) V`, d the head's
/// features; the heads' results side by side go through one more affine map. Tensors and their order are those of
/// PyTorch's `MultiheadAttention`.
///
/// Reference: Vaswani et al., Attention Is All You Need (2017).
public struct Attention: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "attention"
  /// How a person writes it.
  public static let form = "attention(HEADS)"
  /// What it does, in a line.
  public static let summary = "every place looks at every other, in several heads"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["attention(2)", "attention(1)"]
  /// Heads, among which the features are shared out.
  public let heads: Int

  /// Self-attention in some heads.
  public init(_ heads: Int) { self.heads = heads }

  /// Takes the number of heads.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(try arguments.whole("HEADS", 1...4096))
  }

  /// The layer as a specification writes it.
  public var text: String { "attention(\(heads))" }
  /// What a person calls it.
  public var noun: String { "attention layer" }
  /// The numbers themselves decide what is looked up where.
  public var family: LayerFamily { .memory }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// The input's.
  ///
  /// - Throws: `LayerError` for what is no sequence, or whose features cannot be shared out among the heads.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    let (length, width) = try input.places(for: Self.stem)
    guard width.isMultiple(of: heads) else {
      throw LayerError("\(width) features cannot be shared out among \(heads) heads")
    }
    // The weights of one image's places among each other.
    guard length * length * heads <= Architecture.maximumActivation else {
      throw LayerError("\(length) places are too many to look at each other")
    }
    return input
  }

  /// Queries, keys and values in one, `in_proj_weight` `[3D, D]` and `in_proj_bias`; then `out_proj.weight` `[D, D]` and
  /// `out_proj.bias`.
  public func parameters(for input: Shape) -> [ParameterShape] {
    let width = input.channels
    return [
      ParameterShape(
        name: "in_proj_weight", shape: [3 * width, width],
        role: .initialized(.xavier, groups: 1)),
      ParameterShape(name: "in_proj_bias", shape: [3 * width], role: .constant(0)),
      ParameterShape(
        name: "out_proj.weight", shape: [width, width], role: .uniform(fanIn: width)),
      ParameterShape(name: "out_proj.bias", shape: [width], role: .constant(0)),
    ]
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int {
    let length = input.count / input.channels
    return 4 * input.count * input.channels + 2 * length * input.count
  }

  /// Attention.
  public var exportForm: ExportForm { .attention(heads: heads) }
}
