/// What a person means by one layer: a value that knows its text, its family, its shapes and its parameters, and
/// nothing of how it is executed.
///
/// Every kind stands in `LayerKinds`, and nothing else names one: whoever treats layers differently asks for their
/// family and their scope.
public protocol Layer: Sendable {
  /// The stem of the layer's name (`conv` in `conv1`); layers that share it share a counter.
  static var stem: String { get }
  /// The words that begin it in a specification.
  static var words: [String] { get }
  /// How a person writes it, with capitals for what is theirs to choose: `conv(CHANNELS,KERNEL)`.
  static var form: String { get }
  /// What it does, in a line, with the arguments that have names.
  static var summary: String { get }
  /// Layers of the kind as a specification writes them, each with other arguments: what every kind's tests go by.
  static var examples: [String] { get }

  /// Reads the layer from its arguments in a specification.
  ///
  /// - Throws: `SpecificationError` with the place of what is missing or wrong.
  init(_ arguments: inout WordArguments) throws(SpecificationError)

  /// The layer as a specification writes it, such as `conv(32,3)`.
  var text: String { get }
  /// What a person calls it, without an article: “convolution layer”.
  var noun: String { get }
  /// What rules may rely on.
  var family: LayerFamily { get }
  /// What a place of the output reads of the input's places; `nil` where there are no places or each reads all.
  var scope: Scope? { get }
  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  func outputShape(for input: Shape) throws(LayerError) -> Shape
  /// The tensors that the layer learns or keeps, for an input shape that it accepts.
  func parameters(for input: Shape) -> [ParameterShape]
  /// Multiplications that one image costs.
  func multiplications(for input: Shape) -> Int
  /// The same layer with a bias; itself unless it leaves one out.
  var withBias: any Layer { get }
  /// The same layer with another number of outputs; `nil` for kinds whose input decides it.
  func ending(in outputs: Int) -> (any Layer)?
  /// The value all over a tensor with which the layer is the identity at prediction; `nil` for kinds that cannot be.
  func identityValue(of tensor: String) -> Float?
  /// What it computes, for programs outside Inkling.
  var exportForm: ExportForm { get }
}

extension Layer {
  /// Its stem.
  public static var words: [String] { [stem] }
  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] { [] }
  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { 0 }
  /// Itself.
  public var withBias: any Layer { self }
  /// None.
  public func ending(in outputs: Int) -> (any Layer)? { nil }
  /// None.
  public func identityValue(of tensor: String) -> Float? { nil }
}

/// Why a layer cannot stand where it was put.
public struct LayerError: Error, CustomStringConvertible {
  /// The sentence that a person reads.
  public let description: String

  /// An error with its sentence.
  public init(_ description: String) { self.description = description }
}
