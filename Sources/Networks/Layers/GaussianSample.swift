/// Of a list of means and then as many log variances, a number for each pair: in training one drawn from the normal
/// distribution of that mean and variance, `mean + exp(log variance / 2) ε` with ε from N(0, 1), at prediction the mean.
/// Drawn so, the number has a gradient for both (the reparameterization trick).
///
/// Reference: Kingma and Welling, Auto-Encoding Variational Bayes (2014).
public struct GaussianSample: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "sample"
  /// How a person writes it.
  public static let form = "sample"
  /// What it does, in a line.
  public static let summary = "in training, draws of means and log variances"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["sample"]

  /// A draw for each pair of the input.
  public init() {}

  /// Takes no arguments.
  public init(_ arguments: inout WordArguments) { self.init() }

  /// The layer as a specification writes it.
  public var text: String { Self.stem }
  /// What a person calls it.
  public var noun: String { "sampling layer" }
  /// The first half of the numbers, at prediction.
  public var family: LayerFamily { .selection }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// Half of the input's.
  ///
  /// - Throws: `LayerError` for what is no list of an even number.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .vector(let count) = input, count.isMultiple(of: 2) else {
      throw LayerError(
        "sample needs a list of an even number, means and then log variances, but gets \(input)")
    }
    return .vector(count / 2)
  }

  /// A draw in training.
  public var exportForm: ExportForm { .sampling }
}
