import Datasets
import Engine
import Networks
import Training

/// A variational autoencoder learns to say a picture in a few numbers, and to draw it again from them.
final class VariationalLesson: GeneratorLesson {
  let losses = ["bound"]
  let learners: [Learner]
  private let images: LabeledImages
  private let latents: Int
  private let optimizer: Optimizer

  init(_ learner: Learner, on images: LabeledImages, latents: Int, optimizer: Optimizer) {
    learners = [learner]
    self.images = images
    self.latents = latents
    self.optimizer = optimizer
  }

  var kept: Network { learners[0].kept }

  func step(_ batch: LessonBatch) -> [Double] {
    let objective = EvidenceBoundObjective(
      images.floats(batch.places), images: batch.places.count, latents: latents)
    let result = learners[0].executor.step(
      objective, number: batch.number, update: batch.update(by: optimizer)
    ) { image, pixels in
      self.images.copyFloats(batch.places[batch.places.startIndex + image], to: &pixels)
    }
    return [result.loss]
  }

  func validate(_ generator: Generator, _ images: LabeledImages) -> [GeneratorEpoch.Loss] {
    let parts = generator.bound(images)
    return [
      .mean("bound", parts.map { $0.reconstruction + $0.divergence }),
      .mean("reconstruction", parts.map(\.reconstruction)),
      .mean("divergence", parts.map(\.divergence)),
    ]
  }
}

extension GeneratorEpoch.Loss {
  /// The mean of values and its standard error.
  static func mean(_ name: String, _ values: [Double]) -> Self {
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Self(
      name: name, value: mean,
      error: values.count > 1 ? (squares / (count - 1) / count).squareRoot() : nil)
  }
}
