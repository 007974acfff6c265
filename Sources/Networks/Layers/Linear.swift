/// A fully connected layer: `output[o] = bias[o] + Σ weight[o][i] input[i]`.
public struct Linear: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "linear"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["linear(7)", "linear(33)"]
  /// Number of outputs.
  public let units: Int

  /// A layer of `units` neurons, each connected to every input.
  public init(_ units: Int) { self.units = units }

  /// Takes the number of units.
  public init(_ arguments: inout LayerArguments) throws(SpecificationError) {
    self.init(try arguments.whole("N", 1...1_048_576))
  }

  /// The layer as a specification writes it.
  public var text: String { "linear(\(units))" }

  /// Weights between every input and every output.
  public var family: LayerFamily { .affine }
  /// There are no places.
  public var scope: Scope? { nil }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .vector = input else {
      throw LayerError("linear needs a flat input, but gets \(input); put flatten before it")
    }
    return .vector(units)
  }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    [
      ParameterShape(
        name: "weight", shape: [units, input.count], role: .uniform(fanIn: input.count)),
      ParameterShape(name: "bias", shape: [units], role: .uniform(fanIn: input.count)),
    ]
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { units * input.count }

  /// `linear`.
  public func exported(_ tensors: (String) -> [Float]) -> ExportForm? {
    ExportForm("linear", weight: "weight", bias: tensors("bias"))
  }
}
