/// Every number times a fixed one: `output = factor · input`. Before the softmax it makes answers surer or less sure.
public struct Multiply: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "multiply"
  /// How a person writes it.
  public static let form = "multiply(FACTOR)"
  /// What it does, in a line.
  public static let summary = "FACTOR x"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["multiply(0.125)", "multiply(3.0)"]
  /// A fixed number times x.
  public var function: ExportForm.Function { .multiple(factor: factor) }
  /// The factor, above 0.
  public let factor: Float
  /// The factor.
  public var parameter: Float? { factor }

  /// The same factor for every number.
  public var family: LayerFamily { .activation(.scaling) }

  /// A layer that multiplies.
  public init(_ factor: Float) { self.factor = factor }

  /// Takes the factor.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number("FACTOR", "the factor must be above 0 and at most 1000") {
        $0 > 0 && $0 <= 1000
      })
  }
}
