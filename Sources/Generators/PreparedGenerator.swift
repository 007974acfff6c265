import Datasets
import Engine
package import Experiments
package import Networks
import Randomness
package import Training

/// A generator's run bound to its images: the networks it begins with, how they learn, and what its checkpoint says.
package struct PreparedGenerator: Sendable {
  /// What decides it, nothing left to what is usual.
  package let run: RunConfiguration
  /// How it learns to draw.
  package let kind: GeneratorKind
  /// What it learns from.
  package let images: PreparedImages
  /// The networks that training begins with, by the names under which a resume file keeps them; the first one draws.
  let beginnings: [(name: String, network: Network)]
  let imageShape: ImageShape
  let latents: Int

  private static let criticName = "critic"

  /// A run on some images.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if a network does not go with the images.
  package init(_ run: RunConfiguration, on images: PreparedImages) throws {
    guard let kind = run.generator else {
      throw RunRefusal("the run makes a classifier, and here a generator is wanted")
    }
    self.kind = kind
    self.images = images
    let train = images.split.train
    imageShape = ImageShape(channels: train.channels, height: train.height, width: train.width)
    latents = kind == .flow ? imageShape.count : run.latentCount
    var run = run.resolved
    run.dataset = images.dataset
    run.latents = kind == .flow ? nil : latents
    let inputShape =
      switch kind {
      case .vae: imageShape
      case .gan: ImageShape(channels: latents, height: 1, width: 1)
      case .flow: FlowPlanes(shape: imageShape, classes: images.classes.count).inputShape
      }
    let network = try Self.network(
      run.model, inputShape, run, images, imageShape, purpose: "generator")
    run.model = network.architecture.specification.description
    switch kind {
    case .vae:
      guard let parts = network.autoencoder, parts.latents == latents,
        parts.pixels == imageShape.count
      else {
        throw RunRefusal(
          "an autoencoder of \(latents) latents for pictures of \(imageShape) ends as in linear(\(2 * latents))"
            + " concat( | sample linear(400) relu linear(\(imageShape.count)))")
      }
      beginnings = [("network", network)]
    case .flow, .gan:
      guard network.architecture.outputs == imageShape.count else {
        throw RunRefusal(
          "the network gives \(network.architecture.outputs) numbers, but pictures of \(images.dataset) have"
            + " \(imageShape.count)")
      }
      beginnings =
        try [("network", network)]
        + (kind == .gan ? [(Self.criticName, Self.critic(&run, images, imageShape))] : [])
    }
    // A GAN's are made anew of its latents.
    guard kind == .gan || run.average == nil || !network.architecture.keepsStatistics else {
      throw RunRefusal(
        "norm keeps statistics of the weights on their way, which are not those of their mean: take groupnorm, or leave"
          + " --average out")
    }
    self.run = run
  }

  /// The untrained network that judges what a GAN draws; its text in the run becomes what it is.
  private static func critic(
    _ run: inout RunConfiguration, _ images: PreparedImages, _ shape: ImageShape
  ) throws -> Network {
    guard let text = run.critic else {
      throw RunRefusal("a generative adversarial network needs a critic; --preset gan has one")
    }
    // Pixels from -1 to 1, whatever the images: it reads drawn ones as well.
    let half = [Float](repeating: 0.5, count: shape.channels)
    let critic = try network(
      text, shape, run, images, shape, purpose: "critic",
      normalization: Normalization(mean: half, standardDeviation: half))
    guard critic.architecture.outputs == 1 else {
      throw RunRefusal(
        "the critic gives \(critic.architecture.outputs) numbers, but judges by one: end it in linear(1)"
      )
    }
    run.critic = critic.architecture.specification.description
    return critic
  }

  /// An untrained network of a text in which the sizes of images and latents may be left open: `{pixels}`, `{latents}`,
  /// `{2*latents}`, `{channels}`, `{height/4}`, `{width/4}`, and `{8*area}` for eight times as many as a channel has pixels.
  private static func network(
    _ text: String, _ inputShape: ImageShape, _ run: RunConfiguration, _ images: PreparedImages,
    _ shape: ImageShape, purpose: String, normalization: Normalization? = nil
  ) throws -> Network {
    if text.contains("/4}"), shape.height % 4 != 0 || shape.width % 4 != 0 {
      throw RunRefusal(
        "this network is for pictures whose height and width are multiples of 4, and those of \(images.dataset) are"
          + " \(shape)")
    }
    let sizes = [
      ("{pixels}", shape.count), ("{channels}", shape.channels), ("{latents}", run.latentCount),
      ("{2*latents}", 2 * run.latentCount), ("{height/4}", shape.height / 4),
      ("{width/4}", shape.width / 4), ("{8*area}", 8 * shape.height * shape.width),
    ]
    let written = sizes.reduce(text) { $0.replacing($1.0, with: "\($1.1)") }
    let architecture = try Architecture(
      Specification(text: written), inputShape: inputShape, for: .numbers)
    guard !architecture.entries.contains(where: \.asksForWhitening) else {
      throw RunRefusal("init=whitening is for classifiers, whose first convolution reads images")
    }
    var generator = SplitMix64(seed: run.seed, purpose: "\(purpose) parameters")
    return Network(
      architecture: architecture,
      normalization: normalization ?? .identity(channels: inputShape.channels), using: &generator)
  }

  /// Bytes that training holds besides the images, on a number of threads.
  package func byteCount(threads: Int) -> Int {
    beginnings.reduce(0) {
      $0
        + TrainingExecutor.byteCount(
          $1.network.architecture, batchSize: batchSize(of: $1.name), threads: threads,
          copies: isAveraged($1.name) ? 1 : 0)
    }
  }

  /// The largest mini-batch: a critic looks at as many drawn pictures beside those of the data.
  private func batchSize(of learner: String) -> Int {
    min(run.batchSize, images.split.train.count) * (learner == Self.criticName ? 2 : 1)
  }

  /// True if a mean of its weights is taken, which is for what is kept.
  func isAveraged(_ learner: String) -> Bool {
    run.average != nil && learner != Self.criticName
  }

  /// The lesson with its networks where they stand.
  func lesson(from states: [Learner.State]?, pool: WorkerPool) -> any GeneratorLesson {
    let train = images.split.train
    let states = states ?? beginnings.map { Learner.State($0.network) }
    let learners = zip(beginnings, states).map { beginning, state in
      Learner(
        beginning.name, from: state, batchSize: batchSize(of: beginning.name), seed: run.seed,
        isAveraged: isAveraged(beginning.name), pool: pool)
    }
    let optimizer = run.training.optimizer
    switch kind {
    case .vae:
      return VariationalLesson(learners[0], on: train, latents: latents, optimizer: optimizer)
    case .flow:
      return FlowLesson(
        learners[0], on: train,
        planes: FlowPlanes(shape: imageShape, classes: images.classes.count), optimizer: optimizer,
        seed: run.seed, pool: pool)
    case .gan:
      return AdversarialLesson(
        generator: learners[0], critic: learners[1], on: train,
        batchSize: batchSize(of: beginnings[0].name), optimizer: optimizer, seed: run.seed,
        pool: pool)
    }
  }

  /// A network of this run as its checkpoint.
  package func checkpoint(
    _ network: Network, history: [GeneratorEpoch], course: [GeneratorCheckpoint.Moment]
  ) -> GeneratorCheckpoint {
    GeneratorCheckpoint(
      kind: kind, network: network, imageShape: imageShape, latents: latents,
      classes: images.classes, dataset: images.dataset, seed: run.seed, history: history,
      course: course, run: run.json, trainedOn: images.trainedOn)
  }
}
