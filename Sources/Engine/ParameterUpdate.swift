public import KernelTable

/// What one optimizer step does to every learned parameter.
public struct ParameterUpdate: Sendable {
  /// The formula with this step's numbers.
  public var formula: UpdateTask.Formula
  /// L2 penalty added to the gradient.
  public var coupledDecay: Float
  /// Factor on the parameters before the step (decoupled weight decay); 1 for none.
  public var shrink: Float

  /// One step's numbers.
  public init(formula: UpdateTask.Formula, coupledDecay: Float = 0, shrink: Float = 1) {
    self.formula = formula
    self.coupledDecay = coupledDecay
    self.shrink = shrink
  }
}
