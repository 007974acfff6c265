public import Engine
import KernelTable

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How gradients become steps, with PyTorch's formulas and constants.
public enum Optimizer: Sendable, Hashable {
  /// Gradient descent with momentum, Nesterov's or the plain one; weight decay is added to the gradient.
  case sgd(momentum: Double, weightDecay: Double, isNesterov: Bool = false)
  /// Adam; weight decay is added to the gradient. Reference: Kingma, Ba, Adam (2015).
  case adam(weightDecay: Double)
  /// Adam with decoupled weight decay. Reference: Loshchilov, Hutter (2019).
  case adamW(weightDecay: Double)

  /// An optimizer's name.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Gradient descent with momentum.
    case sgd
    /// Adam.
    case adam
    /// Adam with decoupled weight decay.
    case adamW = "adamw"

    /// The learning rate unless another is asked for.
    public var usualRate: Double {
      switch self {
      case .sgd: 0.05
      case .adam, .adamW: 0.001
      }
    }
  }

  /// The optimizer of a name; `momentum` and `isNesterov` are for `sgd` alone.
  public init(_ kind: Kind, momentum: Double, weightDecay: Double, isNesterov: Bool = false) {
    self =
      switch kind {
      case .sgd: .sgd(momentum: momentum, weightDecay: weightDecay, isNesterov: isNesterov)
      case .adam: .adam(weightDecay: weightDecay)
      case .adamW: .adamW(weightDecay: weightDecay)
      }
  }

  /// Decay rate of the mean gradient.
  public static let beta1 = 0.9
  /// Decay rate of the mean squared gradient.
  public static let beta2 = 0.999
  /// Keeps the division finite.
  public static let epsilon = 1e-8

  /// The numbers of one step.
  ///
  /// - Parameters:
  ///   - learningRate: of this step.
  ///   - step: 1 for the first.
  ///   - beta1: Adam's decay rate of the mean gradient.
  /// - Returns: what the engine does to every parameter.
  public func update(
    learningRate: Double, step: Int, beta1: Double = Self.beta1
  ) -> ParameterUpdate {
    switch self {
    case .sgd(let momentum, let weightDecay, let isNesterov):
      let (rate, momentum) = (Float(learningRate), Float(momentum))
      return ParameterUpdate(
        formula: isNesterov
          ? .nesterov(rate: rate, momentum: momentum) : .momentum(rate: rate, momentum: momentum),
        coupledDecay: Float(weightDecay))
    case .adam(let weightDecay):
      return ParameterUpdate(
        formula: Self.adam(learningRate, step, beta1), coupledDecay: Float(weightDecay))
    case .adamW(let weightDecay):
      return ParameterUpdate(
        formula: Self.adam(learningRate, step, beta1), shrink: Float(1 - learningRate * weightDecay)
      )
    }
  }

  private static func adam(
    _ learningRate: Double, _ step: Int, _ beta1: Double
  ) -> UpdateTask.Formula {
    .adam(
      rate: Float(learningRate / (1 - pow(beta1, Double(step)))),
      beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      rootScale: Float(1 / (1 - pow(beta2, Double(step))).squareRoot()))
  }
}
