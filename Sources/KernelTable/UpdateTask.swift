/// One optimizer step on a run of parameters.
public struct UpdateTask {
  /// The formula of an optimizer, its numbers worked out for this step.
  public enum Formula: Sendable {
    /// `m = momentum m + g; p -= rate m` (PyTorch's SGD, no dampening).
    case momentum(rate: Float, momentum: Float)
    /// `m = momentum m + g; p -= rate (g + momentum m)` (PyTorch's SGD with `nesterov`).
    case nesterov(rate: Float, momentum: Float)
    /// `m = β1 m + (1-β1) g; v = β2 v + (1-β2) g²; p -= rate m / (√v * rootScale + ε)`
    /// with the bias corrections inside `rate` and `rootScale`.
    case adam(rate: Float, beta1: Float, beta2: Float, epsilon: Float, rootScale: Float)
  }

  /// The parameters, updated in place.
  public var parameters: Writing
  /// Their gradient.
  public var gradient: Reading
  /// First moment, updated in place.
  public var first: Writing
  /// Second moment, updated in place; untouched by the momentum formula.
  public var second: Writing
  /// Number of parameters.
  public var count: Int
  /// Added to the gradient as `decay * p` (L2 penalty).
  public var coupledDecay: Float
  /// Parameters are first multiplied by this (decoupled decay), 1 for none.
  public var shrink: Float
  /// The formula and its numbers.
  public var formula: Formula

  /// A step on `count` parameters.
  public init(
    parameters: Writing, gradient: Reading, first: Writing, second: Writing, count: Int,
    coupledDecay: Float, shrink: Float, formula: Formula
  ) {
    self.parameters = parameters
    self.gradient = gradient
    self.first = first
    self.second = second
    self.count = count
    self.coupledDecay = coupledDecay
    self.shrink = shrink
    self.formula = formula
  }
}
