import Datasets
import Engine
package import Networks
import Training

extension Study {
  /// What its first layer and its activations look like.
  package func featureFacts(_ example: ExampleFacts) -> FeatureFacts {
    let empty = FirstLayer(
      weights: Plane(shape: [0], values: []), layer: "", units: 0, areTemplates: false)
    let trained = firstLayer(of: network) ?? empty
    return FeatureFacts(
      weights: trained.weights,
      untrainedWeights: (firstLayer(of: untrainedNetwork) ?? empty).weights,
      untrainedIsStart: checkpoint.startsAtRandom, layer: trained.layer,
      units: trained.units, areTemplates: trained.areTemplates, activations: activations(example),
      ideals: ideals(), channels: channelFacts())
  }

  /// What each layer that is worth drawing says to an image.
  package func activations(_ example: ExampleFacts) -> [FeatureFacts.Activation] {
    FeatureFacts.activations(in: executor.tracer, example.pixels.values)
  }

  /// The first weights of a network of this architecture.
  func firstLayer(of network: Network) -> FirstLayer? { FirstLayer(of: network) }
}

extension Checkpoint {
  /// True if its training began with the random weights of its seed.
  var startsAtRandom: Bool { (try? configuration())?.startsAtRandom ?? false }
}

extension FirstLayer {
  /// Units of a first linear layer whose weights are kept as pictures.
  private static let drawnTemplates = 32

  /// The weights of a layer, of the first that has any unless another is named; those of a linear layer on the flattened
  /// pixels as pictures. `nil` if there is no such layer.
  package init?(of network: Network, layer: String? = nil) {
    let architecture = network.architecture
    let entry = architecture.entries.first {
      $0.layer.family == .affine && (layer == nil || $0.name == layer)
    }
    guard let entry, let tensor = network.tensor("\(entry.name).weight") else { return nil }
    let image = architecture.inputShape
    var weights = Plane(shape: tensor.shape, values: tensor.values)
    if tensor.shape.count == 2, tensor.shape[1] == image.count {
      let units = min(Self.drawnTemplates, tensor.shape[0])
      weights = Plane(
        shape: [units] + image.dimensions, values: Array(tensor.values[..<(units * image.count)]))
    }
    self.init(
      weights: weights, layer: entry.name, units: entry.outputShape.channels,
      areTemplates: !entry.isConvolution)
  }
}

extension FeatureFacts {
  /// What each layer of a network that is worth drawing says to one image.
  static func activations(in tracer: Tracer, _ image: [Float]) -> [Activation] {
    let architecture = tracer.network.architecture
    let trace = tracer.activations(image)
    return DrawnLayers(architecture).places.compactMap { place in
      let entry = architecture.entries[place]
      return trace[entry.name].map {
        Activation(
          layer: entry.name,
          values: Plane(shape: entry.outputShape.dimensions, values: $0).rounded())
      }
    }
  }

  /// The weights of a layer alone, as training left them and as it found them: what needs no image to be looked at.
  ///
  /// - Parameters:
  ///   - checkpoint: the network.
  ///   - layer: the layer's name; the first that has weights if `nil`.
  package init?(weightsOf checkpoint: Checkpoint, layer: String? = nil) {
    let network = checkpoint.network
    let untrained = Network.untrained(
      network.architecture, normalization: network.normalization, seed: checkpoint.seed)
    guard let after = FirstLayer(of: network, layer: layer),
      let before = FirstLayer(of: untrained, layer: layer)
    else { return nil }
    self.init(
      weights: after.weights, untrainedWeights: before.weights,
      untrainedIsStart: checkpoint.startsAtRandom, layer: after.layer,
      units: after.units, areTemplates: after.areTemplates, activations: [])
  }
}
