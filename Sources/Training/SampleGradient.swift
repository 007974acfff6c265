package import Datasets
package import Engine
import KernelTable
package import Networks
import Randomness

/// The gradient that a step of training would see on the same training images each time, so that epochs can be compared.
package struct SampleGradient: Sendable {
  private let images: LabeledImages
  private let seed: UInt64

  /// A sample of training images, drawn by a seed.
  ///
  /// - Parameters:
  ///   - train: the training images, at least one.
  ///   - count: how many of them, such as a mini-batch; all if there are fewer.
  ///   - seed: of the choice, and of dropout's masks.
  package init(of train: LabeledImages, count: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed, purpose: "images of the sample gradient")
    images = train.selecting(generator.permutation(train.count).prefix(count).sorted())
    self.seed = seed
  }

  /// The gradient of the mean cross-entropy over the sample, with dropout and batch statistics as in training (the same
  /// masks each time), of clean images, without weight decay and clipping.
  ///
  /// - Parameters:
  ///   - network: where it is measured.
  ///   - pool: the threads.
  /// - Returns: a gradient for each learned tensor, in its name and shape.
  package func tensors(of network: Network, pool: WorkerPool) -> [Tensor] {
    let executor = TrainingExecutor(network, batchSize: images.count, seed: seed, pool: pool)
    // A step of length 0 whose momentum, begun at 0 and forgetting all, is the gradient.
    _ = executor.step(
      labels: images.labels, number: 0,
      update: ParameterUpdate(formula: .momentum(rate: 0, momentum: 0))
    ) { image, pixels in
      images.copyFloats(image, to: &pixels)
    }
    return executor.moments.first
  }
}
