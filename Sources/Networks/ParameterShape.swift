/// One tensor of a layer, in PyTorch's name and shape.
public struct ParameterShape: Hashable, Sendable {
  /// How a tensor is initialised, and whether it is learned.
  public enum Role: Hashable, Sendable {
    /// Drawn from U(-b, b), b = 1/√(fan-in): PyTorch's default for weights and biases alike.
    case uniform(fanIn: Int)
    /// By another scheme, for a tensor `[out][in]...` whose fan-ins are products of its further dimensions.
    case initialized(Initialization, groups: Int)
    /// Drawn from N(0, deviation²).
    case normal(deviation: Float)
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

  /// The tensors of a normalisation that scales and shifts: `weight`, at first 1, and `bias`, at first 0.
  static func scale(_ channels: Int) -> [ParameterShape] {
    [
      ParameterShape(name: "weight", shape: [channels], role: .constant(1)),
      ParameterShape(name: "bias", shape: [channels], role: .constant(0)),
    ]
  }

  /// The tensors of a sum of weighted inputs: `weight` of a shape `[out][in]...` and `bias`.
  static func affine(
    _ shape: [Int], hasBias: Bool, _ initialization: Initialization?, groups: Int = 1
  ) -> [ParameterShape] {
    let fanIn = shape.dropFirst().reduce(1, *)
    let weight = ParameterShape(
      name: "weight", shape: shape,
      role: initialization.map { .initialized($0, groups: groups) } ?? .uniform(fanIn: fanIn))
    let bias = ParameterShape(
      name: "bias", shape: [shape[0]],
      role: initialization == nil ? .uniform(fanIn: fanIn) : .constant(0))
    return hasBias ? [weight, bias] : [weight]
  }

  /// True if the optimizer changes it.
  public var isLearned: Bool {
    if case .statistic = role { false } else { true }
  }
  /// How many numbers.
  public var count: Int { shape.reduce(1, *) }
}
