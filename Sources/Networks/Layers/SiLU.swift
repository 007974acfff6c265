/// The sigmoid linear unit, or swish: `output = input / (1 + exp(-input))`.
///
/// Reference: Hendrycks, Gimpel (2016); Ramachandran, Zoph, Le, Searching for Activation Functions (2017).
public struct SiLU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "silu"
  /// How a person writes it.
  public static let form = "silu"
  /// What it does, in a line.
  public static let summary = "x / (1 + exp(-x))"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["silu"]
  /// x / (1 + exp(-x)).
  public var function: ExportForm.Function { .silu }

  /// The function of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }
}
