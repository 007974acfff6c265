public import KernelTable

/// What one optimizer step does to every learned parameter.
public struct ParameterUpdate: Sendable {
  /// The formula with this step's numbers.
  public var formula: UpdateTask.Formula
  /// L2 penalty added to the gradient.
  public var coupledDecay: Float
  /// Factor on the parameters before the step (decoupled weight decay); 1 for none.
  public var shrink: Float
  /// A longer gradient, all parameters taken together, is scaled down to this Euclidean norm, as by PyTorch's
  /// `clip_grad_norm_`; `nil` for any length.
  public var longestGradient: Float?
  /// After the step the slow weights go this far towards the parameters, which then become them; `nil` for a step that
  /// leaves them apart. Reference: Zhang et al., Lookahead Optimizer: k Steps Forward, 1 Step Back (2019).
  public var slowStep: Float?
  /// After the step the average goes this far towards the parameters; `nil` for a step that it does not see.
  public var averageStep: Float?

  /// One step's numbers.
  public init(formula: UpdateTask.Formula, coupledDecay: Float = 0, shrink: Float = 1) {
    self.formula = formula
    self.coupledDecay = coupledDecay
    self.shrink = shrink
  }

  /// The same step with another learning rate, and with more or less weight decay.
  func scaled(by factor: Float, decay: Float) -> ParameterUpdate {
    var update = self
    update.coupledDecay *= decay
    if decay != 1 { update.shrink = 1 - decay * (1 - shrink) }
    return update.scaled(by: factor)
  }

  private func scaled(by factor: Float) -> ParameterUpdate {
    if factor == 1 { return self }
    var update = self
    update.shrink = 1 - factor * (1 - shrink)
    update.formula =
      switch formula {
      case .momentum(let rate, let momentum): .momentum(rate: factor * rate, momentum: momentum)
      case .nesterov(let rate, let momentum): .nesterov(rate: factor * rate, momentum: momentum)
      case .adam(let rate, let beta1, let beta2, let epsilon, let rootScale):
        .adam(
          rate: factor * rate, beta1: beta1, beta2: beta2, epsilon: epsilon, rootScale: rootScale)
      }
    return update
  }
}
