/// The Gaussian error linear unit: `output = input · Φ(input)` with the normal distribution's Φ, not its approximation by tanh.
///
/// Reference: Hendrycks, Gimpel, Gaussian Error Linear Units (2016).
public struct GELU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "gelu"
  /// How a person writes it.
  public static let form = "gelu"
  /// What it does, in a line.
  public static let summary = "x times the share of normal numbers below it"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["gelu"]
  /// x Φ(x).
  public var function: ExportForm.Function { .gelu }

  /// The function of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }
}
