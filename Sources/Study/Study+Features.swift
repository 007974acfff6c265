import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Layers whose activations are drawn: what a rectifier or a pooling gives, or the last layer.
  static func drawnLayers(_ architecture: Architecture) -> [String] {
    architecture.entries.filter {
      $0.layer is ReLU || $0.layer is Pool2D || $0.name == architecture.entries.last?.name
    }.map(\.name)
  }

  /// What its first layer and its activations look like.
  public func featureFacts(_ example: ExampleFacts) -> FeatureFacts {
    let trace = executor.tracer.activations(example.pixels.values)
    let activations = Self.drawnLayers(architecture).compactMap { name in
      architecture.index(of: name).flatMap { index in
        trace[name].map {
          FeatureFacts.Activation(
            layer: name,
            values: Plane(
              shape: architecture.entries[index].outputShape.dimensions, values: $0
            ).rounded())
        }
      }
    }
    let empty = FirstLayer(
      weights: Plane(shape: [0], values: []), layer: "", units: 0, areTemplates: false)
    let trained = firstLayer(of: network) ?? empty
    return FeatureFacts(
      weights: trained.weights,
      untrainedWeights: (firstLayer(of: untrainedNetwork) ?? empty).weights, layer: trained.layer,
      units: trained.units, areTemplates: trained.areTemplates, activations: activations,
      ideals: ideals(), channels: channelFacts())
  }

  /// Units of a first linear layer whose weights are kept as pictures.
  private static let drawnTemplates = 32

  /// The first weights of a network of this architecture; those of a linear layer on the flattened pixels as pictures.
  func firstLayer(of network: Network) -> FirstLayer? {
    let entry = architecture.entries.first { $0.layer is Conv2D || $0.layer is Linear }
    guard let entry, let tensor = network.tensor("\(entry.name).weight") else { return nil }
    let image = architecture.inputShape
    var weights = Plane(shape: tensor.shape, values: tensor.values)
    if tensor.shape.count == 2, tensor.shape[1] == image.count {
      let units = min(Self.drawnTemplates, tensor.shape[0])
      weights = Plane(
        shape: [units] + image.dimensions, values: Array(tensor.values[..<(units * image.count)]))
    }
    return FirstLayer(
      weights: weights, layer: entry.name, units: entry.outputShape.channels,
      areTemplates: entry.layer is Linear)
  }
}
