/// Global pooling: each feature map becomes one number, its mean or its largest.
///
/// Reference: Lin, Chen, Yan, Network in Network (2013).
public struct GlobalPool: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "globalpool"
  /// How a person writes it.
  public static let form = "globalpool, globalpool(max)"
  /// What it does, in a line.
  public static let summary = "each map's mean, or its largest number"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["globalpool", "globalpool(max)"]
  /// What a map becomes.
  public let kind: Pool2D.Kind

  /// Pooling over all places of each map.
  public init(_ kind: Pool2D.Kind = .average) { self.kind = kind }

  /// Takes `max` or `average`; the mean if it is left out.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.choice(of: ["average": Pool2D.Kind.average, "max": .maximum]) ?? .average)
  }

  /// The layer as a specification writes it.
  public var text: String { kind == .average ? "globalpool" : "globalpool(max)" }
  /// What a person calls it.
  public var noun: String { "global pooling layer" }
  /// The map's largest number, or its mean.
  public var family: LayerFamily { .pooling(kind == .maximum ? .maximum : .average) }
  /// There are no places behind it.
  public var scope: Scope? { nil }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(let channels, _, _) = input else {
      throw LayerError("globalpool needs feature maps, but its input is flat; take it out")
    }
    return .vector(channels)
  }

  /// A pooling over all places.
  public var exportForm: ExportForm { .globalPooling(kind == .maximum ? .maximum : .average) }
}
