import Datasets
import Engine
import Networks
import Randomness
import Training

/// The engine's training steps without the product's books: shuffled batches and Adam.
final class StepTrainer {
  private let executor: TrainingExecutor
  private let images: LabeledImages
  private let batch: Int
  private var order: [Int]
  private var generator: SplitMix64
  private var position = 0
  private var count = 0

  init(
    _ network: Network, _ images: LabeledImages, batch: Int, pool: WorkerPool, seed: UInt64 = 1
  ) {
    executor = TrainingExecutor(network, batchSize: batch, seed: seed, pool: pool)
    self.images = images
    self.batch = batch
    generator = SplitMix64(seed: seed, purpose: "shuffle")
    order = generator.permutation(images.count)
  }

  var network: Network { executor.network }

  func step(rate: Double = 0.001) {
    if position + batch > order.count {
      order = generator.permutation(images.count)
      position = 0
    }
    let chosen = order[position..<position + batch]
    count += 1
    _ = executor.step(
      labels: chosen.map { images.labels[$0] }, number: count,
      update: Optimizer.adam(weightDecay: 0).update(learningRate: rate, step: count)
    ) { image, pixels in
      images.copyFloats(chosen[chosen.startIndex + image], to: &pixels)
    }
    position += batch
  }
}
