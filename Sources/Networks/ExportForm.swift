/// A layer as a program outside Inkling runs it at prediction, such as the report's page.
public struct ExportForm: Hashable, Sendable {
  /// The name of the computation: `conv`, `linear`, `scale`, `relu`, `maxpool`, `avgpool`, `flatten`.
  public var kind: String
  /// The window, for computations that have one.
  public var scope: Scope?
  /// The name within the layer of the tensor of its weights.
  public var weight: String?
  /// The factor of each channel.
  public var factors: [Float]?
  /// What is added to each output or channel.
  public var bias: [Float]?

  /// A computation.
  public init(
    _ kind: String, scope: Scope? = nil, weight: String? = nil, factors: [Float]? = nil,
    bias: [Float]? = nil
  ) {
    self.kind = kind
    self.scope = scope
    self.weight = weight
    self.factors = factors
    self.bias = bias
  }
}
