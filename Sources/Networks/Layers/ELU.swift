/// The exponential linear unit: `output = input` above zero, `α (exp(input) - 1)` below.
///
/// Reference: Clevert, Unterthiner, Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear Units
/// (2015).
public struct ELU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "elu"
  /// How a person writes it.
  public static let form = "elu(ALPHA)"
  /// What it does, in a line.
  public static let summary = "x, or ALPHA (exp(x) - 1) below zero (1)"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["elu(1.0)", "elu(0.4)"]
  /// x, or what saturates.
  public var function: ExportForm.Function { .elu(alpha: alpha) }
  /// What very negative numbers become, with the sign changed; above 0.
  public let alpha: Float
  /// α.
  public var parameter: Float? { alpha }

  /// A unit that saturates at -α.
  public init(_ alpha: Float = 1) { self.alpha = alpha }

  /// Takes α, 1 if it is left out.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number(default: 1, "alpha must be above 0 and at most 100") {
        $0 > 0 && $0 <= 100
      })
  }
}
