package import Datasets
package import Engine
import Foundation
package import Networks
import Pictures
package import Training

/// Images that runs learn from and are looked at with, and what a checkpoint says of them: the same for every run with
/// the same split, and too much work to do for each.
package struct PreparedImages: Sendable {
  /// The set's name.
  package let dataset: String
  /// One name a class.
  package let classes: [String]
  /// What is learned from, and looked at.
  package let split: Split
  /// Mean and standard deviation of the images that are learned from.
  package let normalization: Normalization
  /// What a checkpoint says of the images that were learned from.
  package let trainedOn: TrainedImages
  fileprivate let preparation: String

  /// The images of a set that a run asks for: a part of those to learn from, or other labels.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - dataset: the set.
  ///   - whole: how it is divided.
  package init(for run: RunConfiguration, of dataset: Dataset, split whole: Split) {
    var split = whole
    if let count = run.trainingImages { split = split.limited(train: count) }
    if let count = run.examples { split = split.limited(perClass: count, seed: run.seed) }
    if run.randomLabels { split = ControlNetwork.memorized(split, seed: run.seed) }
    self.split = split
    self.dataset = dataset.name
    classes = dataset.classes
    let statistics = split.train.statistics()
    normalization = Normalization(
      mean: statistics.mean, standardDeviation: statistics.standardDeviation)
    trainedOn = TrainedImages(split.train.identities)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let preparation = Preparation(of: split.train, paper: dataset.paper)
    self.preparation =
      (try? encoder.encode(preparation)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

/// A run bound to its images: the network it begins with, how it trains, and what its checkpoint says.
package struct PreparedRun: Sendable {
  /// What decides it, nothing left to what is usual.
  package let run: RunConfiguration
  /// What it learns from.
  package let images: PreparedImages
  /// The network's layers on these images.
  package let architecture: Architecture
  /// The network that training begins with: drawn from the run's seed, or made from a trained one.
  package let beginning: Network
  /// What of the trained one did not fit, and what became of it.
  package let notes: [String]
  private let source: Checkpoint?

  /// A run on some images.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - images: what it learns from.
  ///   - source: the trained network that it begins with, if it asks for one.
  /// - Throws: `SpecificationError` or `RunRefusal` if the network does not go with the images or the source, or the run
  ///   is one of several networks.
  package init(
    _ run: RunConfiguration, on images: PreparedImages, from source: Checkpoint? = nil
  ) throws {
    guard run.ensemble == nil else {
      throw RunRefusal("an ensemble is several runs, and here one is wanted")
    }
    guard run.generator == nil else {
      throw RunRefusal("the run makes a generator, and here a classifier is wanted")
    }
    if let origin = run.from, source == nil { throw RunRefusal.missing(origin) }
    architecture = try Self.architecture(run, images)
    try Self.checkLayers(of: run, in: architecture)
    self.images = images
    self.source = source
    var run = run.resolved
    run.model = architecture.specification.description
    run.dataset = images.dataset
    self.run = run
    let untrained = Network.untrained(
      architecture, on: images.split.train, normalization: images.normalization, seed: run.seed)
    let start = try source.map {
      try TransferStart(from: $0, to: untrained, classes: images.classes)
    }
    beginning = start?.network ?? untrained
    notes = start?.notes ?? []
    let count = images.split.train.count
    let isFlatNorm = architecture.entries.contains {
      $0.layer.family == .normalization(isAffineAtPrediction: true) && !$0.outputShape.hasPlaces
    }
    guard !isFlatNorm || min(run.batchSize, count) > 1 else {
      throw RunRefusal(
        "norm after a flat layer takes means over the images of a step, and one image has none; take a --batch-size of"
          + " 2 or more")
    }
  }

  private static func architecture(
    _ run: RunConfiguration, _ images: PreparedImages
  ) throws -> Architecture {
    let (train, classes) = (images.split.train, images.classes.count)
    let architecture = try Architecture(
      Specification(model: run.model, classes: classes),
      inputShape: ImageShape(channels: train.channels, height: train.height, width: train.width))
    guard architecture.outputs == classes else {
      throw RunRefusal(
        "the network has \(architecture.outputs) outputs, but \(images.dataset) has \(classes) classes; end it with"
          + " linear(\(classes))")
    }
    return architecture
  }

  /// Layers and tensors that a run names must be there, learn something, and leave something to learn.
  private static func checkLayers(
    of run: RunConfiguration, in architecture: Architecture
  ) throws(RunRefusal) {
    let learning = architecture.learningLayers
    let tensors = architecture.learnedTensors
    for (option, names) in [
      ("--freeze", architecture.layers(named: run.freeze)),
      ("--rate-factors", run.rateFactors.keys.sorted()),
      ("--decay-factors", run.decayFactors.keys.sorted()),
    ] {
      if let other = names.first(where: { !learning.contains($0) && !tensors.contains($0) }) {
        throw RunRefusal(
          "\(option): no layer “\(other)” learns anything here; those that do are"
            + " \(learning.joined(separator: ", ")), or their tensors, as in \(learning.first ?? "conv1").weight"
        )
      }
    }
    let frozen = Set(architecture.layers(named: run.freeze))
    /// True for what is frozen itself, or with its layer.
    func isFrozen(_ name: String) -> Bool {
      frozen.contains(name) || frozen.contains(String(name.prefix { $0 != "." }))
    }
    if let both = run.rateFactors.keys.sorted().first(where: isFrozen) {
      throw RunRefusal("--freeze: \(both) is frozen and has a factor too")
    }
    if let other = architecture.entries.first(where: {
      $0.asksForWhitening && ($0.inputs != [0] || !$0.isConvolution)
    }) {
      throw RunRefusal("\(other.name): init=whitening is for a convolution that reads the image")
    }
    let factors = rateFactors(of: run, in: architecture)
    let isStill = architecture.entries.allSatisfy { entry in
      entry.parameters.filter(\.isLearned).allSatisfy {
        factors["\(entry.name).\($0.name)"] ?? factors[entry.name] == 0
      }
    }
    if isStill {
      throw RunRefusal("--freeze: every layer is frozen, and nothing is left to learn")
    }
  }

  /// Factors on the learning rate of layers: what is frozen, what is said of single layers, and what hangs on how far a
  /// layer is from the output.
  ///
  /// Reference: Clark et al., ELECTRA (2020), for the latter.
  private static func rateFactors(
    of run: RunConfiguration, in architecture: Architecture
  ) -> [String: Float] {
    var factors = run.rateFactors
    if let decay = run.layerDecay {
      for (entry, depth) in zip(architecture.entries, architecture.depths)
      where !entry.parameters.isEmpty && depth > 0 {
        let share = Float(pow(decay, Double(depth)))
        factors[entry.name, default: 1] *= share
        for name in entry.tensorNames {
          factors[name]? *= share
        }
      }
    }
    for name in architecture.layers(named: run.freeze) { factors[name] = 0 }
    return factors
  }

  /// What the trainer goes by.
  private var training: TrainingConfiguration {
    var training = run.training
    training.rateFactors = Self.rateFactors(of: run, in: architecture)
    return training
  }

  /// Bytes that training holds besides the images, on a number of threads.
  package func byteCount(threads: Int) -> Int {
    let training = training
    let copies = [training.clipNorm != nil, training.looksAhead, training.average != nil]
    return TrainingExecutor.byteCount(
      architecture,
      batchSize: min(training.batchSize, images.split.train.count) * training.imagesPerImage,
      threads: threads, copies: copies.count { $0 })
  }

  /// The run from its beginning, or from where a state has it; shared with other ranks if there are any.
  package func trainer(
    from state: TrainingState? = nil, pool: WorkerPool, ranks: (any Ranks)? = nil
  ) -> Trainer {
    let split = images.split
    guard let state else {
      return Trainer(
        beginning, train: split.train, validation: split.validation, configuration: training,
        pool: pool, ranks: ranks)
    }
    return Trainer(
      state, train: split.train, validation: split.validation, configuration: training, pool: pool,
      ranks: ranks)
  }

  /// The learning-rate range test of the run; what it learns is not kept.
  ///
  /// - Parameters:
  ///   - pool: the threads.
  ///   - progress: told after each step how many are done.
  ///   - shouldContinue: asked after each step.
  /// - Returns: the losses at each rate, and what they suggest.
  package func rateSearch(
    pool: WorkerPool, progress: (Int) -> Void, while shouldContinue: () -> Bool
  ) -> RateSearch {
    var configuration = training
    configuration.rateRange = RateSearch.range
    // It ends by itself.
    (configuration.epochs, configuration.patience) = (RateSearch.steps, nil)
    let split = images.split.withoutValidation
    return RateSearch(
      with: Trainer(
        beginning, train: split.train, validation: split.validation, configuration: configuration,
        pool: pool), progress: progress, while: shouldContinue)
  }

  /// The images that a network of this run has learned from, or the one that it begins with.
  package var trainedOn: TrainedImages {
    source?.trainedOn.map(images.trainedOn.union) ?? images.trainedOn
  }

  /// A network of this run as its checkpoint, with the epochs that led to it.
  package func checkpoint(_ network: Network, history: [EpochRecord]) -> Checkpoint {
    Checkpoint(
      network: network, classes: images.classes, dataset: images.dataset, seed: run.seed,
      history: history, run: run.json,
      trainedOn: trainedOn,
      preparation: images.preparation)
  }
}

/// Why a run cannot be made, in words for a person.
package struct RunRefusal: Error, CustomStringConvertible {
  /// The sentence.
  package let description: String

  package init(_ description: String) { self.description = description }

  /// The network that a run begins with is not there.
  package static func missing(_ origin: RunConfiguration.Origin) -> RunRefusal {
    RunRefusal("the run begins with \(origin.name); say where it is with --from FILE")
  }
}
