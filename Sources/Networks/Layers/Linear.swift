/// A fully connected layer: `output[o] = bias[o] + Σ weight[o][i] input[i]`; on a sequence the same at every place.
public struct Linear: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "linear"
  /// How a person writes it.
  public static let form = "linear(N)"
  /// What it does, in a line.
  public static let summary = "every input to every unit; bias=no, init=NAME"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["linear(7)", "linear(33)", "linear(6,bias=no,init=xavier)"]
  /// Number of outputs.
  public let units: Int
  /// False to add nothing to the sums.
  public let hasBias: Bool
  /// How the weights start; PyTorch's default if `nil`.
  public let initialization: Initialization?

  /// A layer of `units` neurons, each connected to every input.
  public init(_ units: Int, hasBias: Bool = true, initialization: Initialization? = nil) {
    self.units = units
    self.hasBias = hasBias
    self.initialization = initialization
  }

  /// Takes the number of units, and by name `bias` and `init`.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    self.init(
      try arguments.whole("N", 1...1_048_576), hasBias: try arguments.isOn("bias"),
      initialization: try arguments.choice(named: "init", of: Initialization.choices))
  }

  /// The layer as a specification writes it.
  public var text: String {
    let start = initialization.map { ",init=\($0.rawValue)" } ?? ""
    return "linear(\(units)\(hasBias ? "" : ",bias=no")\(start))"
  }

  /// The same layer with other units.
  public func ending(in outputs: Int) -> (any Layer)? {
    Linear(outputs, hasBias: hasBias, initialization: initialization)
  }

  /// What a person calls it.
  public var noun: String { "linear layer" }
  /// Weights between every input and every output.
  public var family: LayerFamily { .affine }
  /// Places of maps are taken together.
  public var scope: Scope? { nil }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    switch input {
    case .vector: return .vector(units)
    case .sequence(let length, _): return .sequence(length: length, width: units)
    case .image:
      throw LayerError("linear needs a flat input, but gets \(input); put flatten before it")
    }
  }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    ParameterShape.affine([units, input.channels], hasBias: hasBias, initialization)
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int { units * input.count }

  /// The same units with a bias each.
  public var withBias: any Layer { Linear(units, initialization: initialization) }

  /// A linear map.
  public var exportForm: ExportForm { .linear(hasBias: hasBias) }
}
