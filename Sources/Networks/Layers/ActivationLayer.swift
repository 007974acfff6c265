/// A layer that is one function of each number, whatever the shape: `output = f(input)`.
public protocol ActivationLayer: Layer {
  /// The function's number, such as the slope of a leaky rectifier; `nil` for a function without one.
  var parameter: Float? { get }
  /// What f is, for programs outside Inkling.
  var function: ExportForm.Function { get }
}

extension ActivationLayer {
  /// The stem, with the function's number if it has one.
  public var text: String { parameter.map { "\(Self.stem)(\($0))" } ?? Self.stem }
  /// What a person calls it.
  public var noun: String { "activation" }
  /// A function of each number that is no rectifier.
  public var family: LayerFamily { .activation(.curve) }
  /// Each place reads itself.
  public var scope: Scope? { .place }
  /// None, for a function without a number.
  public var parameter: Float? { nil }
  /// The input's.
  ///
  /// - Throws: nothing: a function stands everywhere.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  /// Its function.
  public var exportForm: ExportForm { .activation(function) }
}
