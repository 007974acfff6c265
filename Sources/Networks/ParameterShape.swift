/// One tensor of a layer, in PyTorch's name and shape.
public struct ParameterShape: Hashable, Sendable {
  /// How a tensor is initialised, and whether it is learned.
  public enum Role: Hashable, Sendable {
    /// Drawn from U(-b, b), b = 1/√(fan-in): PyTorch's default for weights and biases alike.
    case uniform(fanIn: Int)
    /// Learned, starts at one (γ) or zero (β).
    case constant(Float)
    /// Not learned: a running statistic, starting at the value.
    case statistic(Float)
  }

  /// `weight`, `bias`, `running_mean`, `running_var`.
  public let name: String
  /// The dimensions as PyTorch has them.
  public let shape: [Int]
  /// How it starts.
  public let role: Role

  /// True if the optimizer changes it.
  public var isLearned: Bool {
    if case .statistic = role { false } else { true }
  }
  /// How many numbers.
  public var count: Int { shape.reduce(1, *) }
}
