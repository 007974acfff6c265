/// What a person means by one layer: a value that knows its text, its shapes and its parameters, and
/// nothing of how it is executed.
public protocol Layer: Sendable {
  /// The stem of the layer's name (`conv` in `conv1`); layers that share it share a counter.
  static var stem: String { get }
  /// The layer as a specification writes it, such as `conv(32,3)`.
  var text: String { get }
  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  func outputShape(for input: Shape) throws(LayerError) -> Shape
  /// The tensors that the layer learns or keeps, for an input shape that it accepts.
  func parameters(for input: Shape) -> [ParameterShape]
  /// Multiplications that one image costs.
  func multiplications(for input: Shape) -> Int
}

extension Layer {
  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] { [] }
  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { 0 }
}

/// Why a layer cannot stand where it was put.
public struct LayerError: Error, CustomStringConvertible {
  /// The sentence that a person reads.
  public let description: String

  /// An error with its sentence.
  public init(_ description: String) { self.description = description }
}

/// One tensor of a layer, in PyTorch's name and shape.
public struct ParameterShape: Hashable, Sendable {
  /// How a tensor is initialised, and whether it is learned.
  public enum Role: Sendable {
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

  /// Equal by what they describe.
  public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.shape == b.shape }
  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(shape)
  }
}
