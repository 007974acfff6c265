/// The logistic function: `output = 1 / (1 + exp(-input))`, in 0...1.
public struct Sigmoid: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "sigmoid"
  /// How a person writes it.
  public static let form = "sigmoid"
  /// What it does, in a line.
  public static let summary = "0 to 1"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["sigmoid"]
  /// 1 / (1 + exp(-x)).
  public var function: ExportForm.Function { .sigmoid }

  /// The function of every number.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }
}
