import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Units that are told one by one.
  private static let blamedUnits = 8
  /// Test images over which lengths are averaged.
  private static let depthImages = 100
  /// Training images by which batch normalisations measure.
  private static let depthBatch = 256
  /// What random weights are multiplied by.
  private static let depthFactors = [0.25, 1, 4]

  /// The gradient of the loss of one image, the surest mistake or, without any, the least sure answer, from its scores back to its
  /// pixels; and the gradient's mean length in all layers, for the trained weights and for random ones, smaller and larger too.
  ///
  /// - Returns: `nil` for a network that does not end in a linear layer behind another layer, and where numbers are not finite.
  package func blameFacts() -> BlameFacts? {
    guard let (entry, weights, origin) = lastLinear, origin > 0,
      let image = byConfidence({ !predictions.isCorrect($0) }).first
        ?? byConfidence(predictions.isCorrect).last
    else { return nil }
    let source = architecture.entries[origin - 1]
    let before = architecture.indexBeforeActivation(origin - 1)
    let read = architecture.entries[before]
    let example = example(image)
    let trace = executor.tracer.trace(
      example.pixels.values, of: .crossEntropy([example.label]),
      keeping: [entry.name, source.name, read.name])
    guard let slopes = trace.gradients[entry.name], let blame = trace.gradients[source.name],
      let handed = trace.gradients[read.name], let said = trace.activations[source.name],
      (slopes + blame + handed + said + trace.pixels).allSatisfy(\.isFinite)
    else { return nil }
    let told = blame.placesByMagnitude.filter { handed[$0] != 0 }.prefix(Self.blamedUnits)
    let (classes, stations) = (slopes.count, stations)
    // Where something else reads the same numbers, their gradient is not what this function hands on.
    let isHandedOn = before < origin - 1 && architecture.readers(of: before + 1).count == 1
    return BlameFacts(
      example: example, source: source.name, scores: slopes.map { Double($0) },
      units: told.map { unit in
        let weights = (0..<classes).map { Double(weights[$0 * blame.count + unit]) }
        return BlameFacts.Unit(
          unit: unit, activation: said[unit], blame: Double(blame[unit]),
          parts: zip(weights, slopes).map { $0 * Double($1) })
      },
      count: blame.count, stopped: isHandedOn ? handed.count { $0 == 0 } : nil,
      pixels: plane(trace.pixels).rounded(), stations: stations, depths: depths(stations),
      images: min(Self.depthImages, test.count))
  }

  /// The layers in no branch whose numbers layers with weights read, from the last back to the first; the scores before them.
  private var stations: [String] {
    let read = architecture.entries.filter { $0.layer.family == .affine }
      .map { plainOrigin(of: $0.inputs[0]) }
      .filter { $0 > 0 && architecture.isPassedByAll($0 - 1) }
    return [architecture.entries[architecture.entries.count - 1].name]
      + Set(read).sorted(by: >).map { architecture.entries[$0 - 1].name }
  }

  /// The gradient's length in the network as it was trained and with random weights; none where a recurrent layer or attention has
  /// weights too, on which no factor is put.
  private func depths(_ stations: [String]) -> [BlameFacts.Depth] {
    guard !architecture.entries.contains(where: { $0.layer.family == .memory }) else { return [] }
    let images = sample(Self.depthImages, for: "depth of the gradient")
    let networks =
      [(BlameFacts.Start.trained, network)]
      + Self.depthFactors.map { factor in
        (
          .untrained(factor: factor),
          measured(untrainedNetwork.scalingWeights(by: Float(factor)))
        )
      }
    return networks.compactMap { start, network in
      let tracer = Executor(network, pool: pool).tracer
      var lengths = [Double](repeating: 0, count: stations.count)
      // Few at a time: every station's numbers are kept.
      for batch in images.chunks(of: 10) {
        let trace = tracer.trace(
          test.floats(batch), of: .crossEntropy(batch.map { predictions.labels[$0] }),
          keeping: stations)
        for (place, station) in stations.enumerated() {
          let values = trace.gradients[station] ?? []
          for row in values.chunks(of: values.count / batch.count) {
            lengths[place] += row.length
          }
        }
      }
      guard lengths.allSatisfy(\.isFinite), lengths[0] > 0 else { return nil }
      return BlameFacts.Depth(start: start, lengths: lengths.map { $0 / lengths[0] })
    }
  }

  /// A network with the statistics of its batch normalisations measured on training images.
  private func measured(_ network: Network) -> Network {
    let images = sample(Self.depthBatch, of: split.train.count, for: "statistics for depth")
    return network.renewingStatistics(batches: 1, of: images.count, pool: pool) {
      _, image, pixels in split.train.copyFloats(images[image], to: &pixels)
    }
  }
}

extension Network {
  /// The network with the weights of layers that weigh sums multiplied, their biases too.
  fileprivate func scalingWeights(by factor: Float) -> Network {
    let names = Set(
      architecture.entries.filter { $0.layer.family == .affine }
        .flatMap { ["\($0.name).weight", "\($0.name).bias"] })
    var network = self
    for index in tensors.indices where names.contains(tensors[index].name) {
      network.tensors[index].values = tensors[index].values.map { $0 * factor }
    }
    return network
  }
}
