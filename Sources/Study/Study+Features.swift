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
    let first = architecture.entries.first { $0.layer is Conv2D || $0.layer is Linear }
    let layer = first?.name ?? ""
    let trace = executor.tracer.activations(example.pixels.values)
    let activations = Self.drawnLayers(architecture).compactMap { name in
      architecture.index(of: name).flatMap { index in
        trace[name].map {
          FeatureFacts.Activation(
            layer: name,
            values: Plane(
              shape: architecture.entries[index].outputShape.dimensions, values: $0))
        }
      }
    }
    return FeatureFacts(
      weights: weights(layer, of: network), untrainedWeights: weights(layer, of: untrainedNetwork),
      layer: layer, units: first?.outputShape.channels ?? 0, areTemplates: first?.layer is Linear,
      activations: activations, ideals: ideals(), channels: channelFacts())
  }

  /// Units of a first linear layer whose weights are kept as pictures.
  private static let drawnTemplates = 32

  /// The layer's weights; those of a linear layer on the flattened pixels as pictures.
  private func weights(_ layer: String, of network: Network) -> Plane {
    guard let tensor = network.tensor("\(layer).weight") else {
      return Plane(shape: [0], values: [])
    }
    let image = architecture.inputShape
    guard tensor.shape.count == 2, tensor.shape[1] == image.count else {
      return Plane(shape: tensor.shape, values: tensor.values)
    }
    let units = min(Self.drawnTemplates, tensor.shape[0])
    return Plane(
      shape: [units] + image.dimensions, values: Array(tensor.values[..<(units * image.count)]))
  }

  /// Test images on the maps: as many as a page of a megabyte has room for.
  private static let mappedImages = 1200

  /// Where it is unsure.
  public func doubtFacts() -> DoubtFacts {
    // The last hidden layer: what the final linear layer reads.
    let hidden = architecture.entries.dropLast().last { !($0.layer is Dropout) }
    let count = min(Self.mappedImages, test.count)
    let images = test.floats(0..<count)
    let layer = hidden?.name ?? "pixels"
    let values = hidden.flatMap { executor.tracer.activations(images, of: [$0.name])[$0.name] }
    let dimensions = hidden?.outputShape.count ?? architecture.inputShape.count
    let points = PrincipalComponents(values ?? images, dimensions: dimensions)
    let places = Embedding.tsne.points(
      values ?? images, dimensions: dimensions, seed: checkpoint.seed, pool: pool)
    let path = path()
    let leastSure = byConfidence { predictions.isCorrect($0) }.suffix(24).reversed()
    return DoubtFacts(
      layer: layer,
      points: points.points.enumerated().map { image, point in
        DoubtFacts.Point(
          x: point[0], y: point.count > 1 ? point[1] : 0, label: predictions.labels[image],
          predicted: predictions.predicted[image])
      },
      explained: points.explained, leastSure: leastSure.map(example),
      neighborhood: (0..<places.count / 2).map { image in
        DoubtFacts.Point(
          x: places[2 * image], y: places[2 * image + 1], label: predictions.labels[image],
          predicted: predictions.predicted[image])
      }, path: path.steps, ends: path.ends)
  }
}
