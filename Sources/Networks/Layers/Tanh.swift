/// The hyperbolic tangent of every number, in -1...1.
public struct Tanh: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "tanh"
  /// How a person writes it.
  public static let form = "tanh"
  /// What it does, in a line.
  public static let summary = "-1 to 1"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["tanh"]
  /// The hyperbolic tangent.
  public var function: ExportForm.Function { .tanh }

  /// The function of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }
}
