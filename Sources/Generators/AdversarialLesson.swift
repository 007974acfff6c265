import Datasets
import Engine
import Networks
import Training

/// A generator and a critic learn against each other: the critic to tell pictures of the data from drawn ones, the generator
/// to be taken for the data, by the non-saturating loss `-log D(G(z))`.
///
/// Reference: Goodfellow et al., Generative Adversarial Nets (2014).
final class AdversarialLesson: GeneratorLesson {
  let losses = ["critic", "generator"]
  let learners: [Learner]
  private let images: LabeledImages
  private let optimizer: Optimizer
  private let batchSize: Int
  private let seed: UInt64
  private let pool: WorkerPool
  private let pair: AdversarialPair
  /// Of Adam: either side moves all the time, and what was learned long ago misleads.
  ///
  /// Reference: Radford, Metz, Chintala, Unsupervised Representation Learning with Deep Convolutional Generative
  /// Adversarial Networks (2016).
  private static let beta1 = 0.5

  private var latents: Int { pair.generator.inputShape.count }

  /// - Parameters:
  ///   - generator: draws; reads mini-batches of `batchSize`.
  ///   - critic: tells; reads mini-batches of twice as many.
  ///   - images: the data.
  ///   - batchSize: the largest mini-batch.
  ///   - optimizer: of both.
  ///   - seed: of the latents.
  ///   - pool: the threads.
  init(
    generator: Learner, critic: Learner, on images: LabeledImages, batchSize: Int,
    optimizer: Optimizer, seed: UInt64, pool: WorkerPool
  ) {
    learners = [generator, critic]
    self.images = images
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.seed = seed
    self.pool = pool
    pair = AdversarialPair(generator.executor, against: critic.executor, pool: pool)
  }

  // MARK: A step

  func step(_ batch: LessonBatch) -> [Double] {
    let latents = latents(batch.places.count, purpose: "adversarial latents", first: batch.number)
    let update = batch.update(by: optimizer, beta1: Self.beta1)
    var criticUpdate = update
    criticUpdate.averageStep = nil
    return pair.step(
      images.floats(batch.places), latents, number: batch.number, critic: criticUpdate,
      generator: update)
  }

  /// Normal numbers, those of each picture from a generator of its own.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - purpose: what they are for.
  ///   - batch: the number of the mini-batch among those of the purpose.
  /// - Returns: `[N][latents]`.
  private func latents(_ count: Int, purpose: String, first batch: Int) -> [Float] {
    Generator.normal(
      count, each: latents, seed: seed, purpose: purpose, first: batch * batchSize, pool: pool)
  }

  // MARK: What is kept

  /// Mini-batches of which the statistics of batch normalisations are made anew.
  private static let statisticsBatches = 25

  /// The generator with the mean of its weights, and statistics that belong to them.
  var kept: Network {
    let network = learners[0].kept
    guard network.architecture.keepsStatistics else { return network }
    let width = latents
    let latents = latents(
      Self.statisticsBatches * batchSize, purpose: "latents of statistics", first: 0)
    return network.renewingStatistics(
      batches: Self.statisticsBatches, of: batchSize, pool: pool
    ) { batch, image, numbers in
      for i in 0..<width { numbers[i] = latents[(batch * batchSize + image) * width + i] }
    }
  }

  /// What the critic says of pictures that it has not learned from, and of as many drawn ones.
  func validate(_ generator: Generator, _ images: LabeledImages) -> [GeneratorEpoch.Loss] {
    let judge = pair.currentJudge
    var (told, doubts): ([Double], [Double]) = ([], [])
    for first in stride(from: 0, to: images.count, by: 500) {
      let places = first..<min(first + 500, images.count)
      let drawn = generator.decode(
        Generator.normal(
          places.count, each: latents, seed: seed, purpose: "adversarial validation", first: first,
          pool: pool))
      let logits = judge.logits(images.floats(places) + drawn)
      for place in places.indices {
        let (real, own) = (logits[place - first], logits[places.count + place - first])
        told.append(
          Double(BinaryObjective.value(real, 1).loss + BinaryObjective.value(own, 0).loss) / 2)
        doubts.append(Double(BinaryObjective.value(own, 1).loss))
      }
    }
    return [.mean("critic", told), .mean("generator", doubts)]
  }
}
