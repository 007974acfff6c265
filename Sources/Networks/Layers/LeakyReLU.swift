/// The leaky rectifier: `output = input` above zero, `slope · input` below.
///
/// Reference: Maas, Hannun, Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models (2013).
public struct LeakyReLU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "leaky-relu"
  /// How a person writes it.
  public static let form = "leaky-relu(SLOPE)"
  /// What it does, in a line.
  public static let summary = "x, or SLOPE x below zero (0.01)"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["leaky-relu(0.01)", "leaky-relu(0.3)"]
  /// x, or a share of it.
  public var function: ExportForm.Function { .leakyReLU(slope: slope) }
  /// The slope below zero, in 0..<1.
  public let slope: Float
  /// The slope.
  public var parameter: Float? { slope }

  /// A rectifier that lets a share of negative numbers through.
  public init(_ slope: Float = 0.01) { self.slope = slope }

  /// Takes the slope, 0.01 if it is left out.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number(default: 0.01, "the slope must be at least 0 and below 1") {
        (0..<1).contains($0)
      })
  }
}
