/// A fully connected layer: `output[o] = bias[o] + Σ weight[o][i] input[i]`.
public struct Linear: Layer, Hashable {
  public static let stem = "linear"
  /// Number of outputs.
  public let units: Int

  /// A layer of `units` neurons, each connected to every input.
  public init(_ units: Int) { self.units = units }

  public var text: String { "linear(\(units))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .vector = input else {
      throw LayerError("linear needs a flat input, but gets \(input); put flatten before it")
    }
    return .vector(units)
  }

  public func parameters(for input: Shape) -> [ParameterShape] {
    [
      ParameterShape(
        name: "weight", shape: [units, input.count], role: .uniform(fanIn: input.count)),
      ParameterShape(name: "bias", shape: [units], role: .uniform(fanIn: input.count)),
    ]
  }

  public func multiplications(for input: Shape) -> Int { units * input.count }
}
