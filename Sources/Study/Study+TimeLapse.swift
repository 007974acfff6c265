import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Maps that are kept of each epoch.
  private static let keptMaps = 16

  /// The network on its way from random to trained; `nil` if its epochs were not kept.
  func timeLapse(_ example: ExampleFacts) -> TimeLapseFacts? {
    guard !subject.epochs.isEmpty else { return nil }
    let stages = [(epoch: 0, network: untrainedNetwork)] + subject.epochs
    let layer = DrawnLayers(architecture).watched.first
    let images = split.validation.count > 0 ? split.validation : test
    var facts = TimeLapseFacts(
      epochs: stages.map(\.epoch), weights: [], layer: layer?.name ?? "", maps: [], recall: [],
      counts: images.counts(classes: checkpoint.classes.count),
      isValidation: split.validation.count > 0)
    let chosen =
      layer.map {
        mostVaried(channels(at: $0, of: example, in: executor), count: Self.keptMaps)
      } ?? []
    for stage in stages {
      let executor = Executor(stage.network, pool: pool)
      facts.weights.append(firstLayer(of: stage.network)?.weights ?? Plane(shape: [0], values: []))
      if let layer {
        facts.maps.append(
          maps(chosen, of: channels(at: layer, of: example, in: executor), at: layer))
      }
      let answers = Predictions(of: executor, on: images)
      facts.recall.append(
        EvaluationResult(answers, classNames: checkpoint.classes).perClass.map { $0.recall ?? 0 })
    }
    return facts
  }

  /// A layer's answer to an image, one part a channel.
  func channels(
    at layer: Architecture.Entry, of example: ExampleFacts, in executor: Executor
  ) -> [ArraySlice<Float>] {
    let values = executor.tracer.activations(example.pixels.values, of: [layer.name])[layer.name]
    return (values ?? []).chunks(of: layer.outputShape.dimensions.dropFirst().reduce(1, *))
  }

  /// The places of the channels that vary most over space, the most varied first.
  func mostVaried(_ channels: [ArraySlice<Float>], count: Int) -> [Int] {
    Array(Plane.byVariation(channels).prefix(count))
  }

  /// Some channels of a layer's answer as maps, `[count, H, W]`.
  func maps(
    _ chosen: [Int], of channels: [ArraySlice<Float>], at layer: Architecture.Entry
  ) -> Plane {
    Plane(
      shape: [chosen.count] + layer.outputShape.dimensions.dropFirst(),
      values: chosen.flatMap { Array(channels[$0]) }
    ).rounded()
  }
}

extension Array {
  /// Parts of a size, in order.
  package func chunks(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: Swift.max(size, 1)).map {
      self[$0..<Swift.min($0 + size, count)]
    }
  }
}
