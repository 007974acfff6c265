/// The rectifier: `output = max(input, 0)`.
public struct ReLU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "relu"
  /// How a person writes it.
  public static let form = "relu"
  /// What it does, in a line.
  public static let summary = "max(x, 0)"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["relu"]
  /// max(x, 0).
  public var function: ExportForm.Function { .relu }
  /// What a person calls it.
  public var noun: String { "rectifier" }
  /// The rectifier.
  public var family: LayerFamily { .activation(.rectifier) }

  /// A rectifier of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }
}
