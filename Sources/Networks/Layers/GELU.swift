/// The Gaussian error linear unit: `output = input · Φ(input)` with the normal distribution's Φ, not its approximation by tanh.
///
/// Reference: Hendrycks, Gimpel, Gaussian Error Linear Units (2016).
public struct GELU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "gelu"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["gelu"]

  /// The function of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout LayerArguments) { self.init() }
}
