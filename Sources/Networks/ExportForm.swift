/// A layer as a program outside Inkling runs it at prediction, such as the report's page.
public struct ExportForm: Hashable, Sendable {
  /// The name of the computation: `conv`, `linear`, `scale`, `relu`, `maxpool`, `avgpool`, `globalmax`, `globalavg`,
  /// `layernorm`, `groupnorm`, `flatten`, `add`, `concat`, `ensemble`, or the word of an activation function.
  package var kind: String
  /// The window, for computations that have one.
  package var scope: Scope?
  /// The name within the layer of the tensor of its weights.
  package var weight: String?
  /// The factor of each channel.
  package var factors: [Float]?
  /// What is added to each output or channel.
  package var bias: [Float]?
  /// Groups of channels, for computations that part them.
  package var groups: Int?
  /// The number of an activation function, or what a normalisation adds to the variance.
  package var value: Float?
  /// False for a mean over windows that leaves the places around the maps out; windows end at the margin behind them.
  package var countsMargin: Bool

  /// A computation.
  package init(
    _ kind: String, scope: Scope? = nil, weight: String? = nil, factors: [Float]? = nil,
    bias: [Float]? = nil, groups: Int? = nil, value: Float? = nil, countsMargin: Bool = true
  ) {
    self.kind = kind
    self.scope = scope
    self.weight = weight
    self.factors = factors
    self.bias = bias
    self.groups = groups
    self.value = value
    self.countsMargin = countsMargin
  }
}
