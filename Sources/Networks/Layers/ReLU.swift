/// The rectifier: `output = max(input, 0)`.
public struct ReLU: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "relu"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["relu"]

  /// A rectifier of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout LayerArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { "relu" }

  /// The rectifier.
  public var family: LayerFamily { .activation(isRectifier: true) }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  /// `relu`.
  public func exported(_ tensors: (String) -> [Float]) -> ExportForm? { ExportForm("relu") }
}
