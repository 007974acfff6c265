/// The rectifier with a ceiling: `output = min(max(input, 0), ceiling)`; with 6, ReLU6.
///
/// Reference: Howard et al., MobileNets (2017).
public struct ClippedReLU: ActivationLayer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "clipped-relu"
  /// How a person writes it.
  public static let form = "clipped-relu(CEILING)"
  /// What it does, in a line.
  public static let summary = "x from 0 to CEILING (6)"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["clipped-relu(6.0)", "clipped-relu(0.5)"]
  /// The largest output, above 0.
  public let ceiling: Float
  /// The ceiling.
  public var parameter: Float? { ceiling }
  /// The rectifier with a ceiling.
  public var function: ExportForm.Function { .clippedReLU(ceiling: ceiling) }

  /// A rectifier that ends at a ceiling.
  public init(_ ceiling: Float = 6) { self.ceiling = ceiling }

  /// Takes the ceiling, 6 if it is left out.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.number(default: 6, "the ceiling must be above 0 and at most 1000") {
        $0 > 0 && $0 <= 1000
      })
  }
}
