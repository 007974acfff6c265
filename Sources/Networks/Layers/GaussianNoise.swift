/// Gaussian noise: in training a number from N(0, σ²) is added to each number, at prediction nothing.
public struct GaussianNoise: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "noise"
  /// How a person writes it.
  public static let form = "noise(SIGMA)"
  /// What it does, in a line.
  public static let summary = "in training, a normal number is added"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["noise(0.2)"]
  /// The standard deviation, in the units of the layer's input.
  public let deviation: Float

  /// Noise of a standard deviation.
  public init(_ deviation: Float) { self.deviation = deviation }

  /// Takes the standard deviation.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number(
        "a standard deviation, as in noise(0.1)",
        "the standard deviation must be at least 0 and at most 100"
      ) { (0...100).contains($0) })
  }

  /// The layer as a specification writes it.
  public var text: String { "noise(\(deviation))" }
  /// What a person calls it.
  public var noun: String { "noise layer" }
  /// Nothing at prediction.
  public var family: LayerFamily { .noise }
  /// Each place reads itself.
  public var scope: Scope? { .place }

  /// The input's.
  ///
  /// - Throws: nothing: noise stands everywhere.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  /// Nothing is left of it at prediction.
  public var exportForm: ExportForm { .gaussianNoise(deviation: deviation) }
}
