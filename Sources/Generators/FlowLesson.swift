import Datasets
import Engine
import Networks
import Randomness
import Training

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A network learns the velocity from noise to a picture: on the straight line `x_t = (1 - t) noise + t picture` it is
/// `picture - noise` all along, and what is learned at a place is the mean over all lines that pass there.
///
/// Times are drawn from the logit-normal distribution, which dwells in the middle, where there is most to learn. In a tenth
/// of the cases the class is not told, so that the same network can be asked without one.
///
/// Reference: Lipman et al., Flow Matching for Generative Modeling (2023); times by Esser et al., Scaling Rectified Flow
/// Transformers (2024).
final class FlowLesson: GeneratorLesson {
  let losses = ["velocity"]
  let learners: [Learner]
  private let images: LabeledImages
  private let planes: FlowPlanes
  private let optimizer: Optimizer
  private let seed: UInt64
  private let pool: WorkerPool

  private static let untold: Float = 0.1

  init(
    _ learner: Learner, on images: LabeledImages, planes: FlowPlanes, optimizer: Optimizer,
    seed: UInt64, pool: WorkerPool
  ) {
    learners = [learner]
    self.images = images
    self.planes = planes
    self.optimizer = optimizer
    self.seed = seed
    self.pool = pool
  }

  var kept: Network { learners[0].kept }

  /// Places on lines from noise to pictures, what leads on from there, and what the network reads there.
  private struct Lines {
    var velocities: [Float]
    /// `[N][channels][H][W]`, planes and all.
    var inputs: [Float]
  }

  /// - Parameters:
  ///   - images: where the lines end.
  ///   - places: which of the images.
  ///   - purpose: what they are for; with the index it decides the noise.
  ///   - index: of an image of them, for its noise.
  /// - Returns: a place for each of the images.
  private func lines(
    to images: LabeledImages, _ places: ArraySlice<Int>, purpose: String,
    index: @Sendable (Int) -> UInt64
  ) -> Lines {
    let (size, read) = (planes.shape.count, planes.inputShape.count)
    let ends = images.floats(places)
    var lines = Lines(
      velocities: [Float](repeating: 0, count: places.count * size),
      inputs: [Float](repeating: 0, count: places.count * read))
    lines.velocities.withUnsafeMutableBufferPointer { velocities in
      lines.inputs.withUnsafeMutableBufferPointer { inputs in
        guard let velocities = velocities.baseAddress, let inputs = inputs.baseAddress else {
          return
        }
        pool.run(places.count) { image, _ in
          var generator = SplitMix64(seed: seed, purpose: purpose, index: index(image))
          let t = 1 / (1 + expf(-generator.normal()))
          let isTold = generator.uniform() >= Self.untold
          let (velocity, input) = (velocities + image * size, inputs + image * read)
          withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { state in
            guard let state = state.baseAddress else { return }
            for i in 0..<size {
              let (noise, end) = (generator.normal(), 2 * ends[image * size + i] - 1)
              state[i] = (1 - t) * noise + t * end
              velocity[i] = end - noise
            }
            let label = images.labels[places[places.startIndex + image]]
            planes.write(state, time: t, label: isTold ? label : nil, to: input)
          }
        }
      }
    }
    return lines
  }

  func step(_ batch: LessonBatch) -> [Double] {
    let (epoch, first) = (UInt64(batch.epoch), UInt64(images.count))
    let places = Array(batch.places)
    let lines = lines(to: images, batch.places, purpose: "flow lines") {
      epoch * first + UInt64(places[$0])
    }
    let read = planes.inputShape.count
    let result = learners[0].executor.step(
      SquaredErrorObjective(lines.velocities, images: batch.places.count), number: batch.number,
      update: batch.update(by: optimizer)
    ) { image, pixels in
      for i in 0..<read { pixels[i] = lines.inputs[image * read + i] }
    }
    return [result.loss]
  }

  /// The loss on lines to images that it does not learn from, the same each time.
  func validate(_ generator: Generator, _ images: LabeledImages) -> [GeneratorEpoch.Loss] {
    let executor = Executor(generator.checkpoint.network, pool: pool)
    let size = planes.shape.count
    var found: [Double] = []
    for first in stride(from: 0, to: images.count, by: 500) {
      let places = Array(first..<min(first + 500, images.count))
      let lines = lines(to: images, places[...], purpose: "flow validation") {
        UInt64(places[$0])
      }
      let velocities = executor.logits(lines.inputs)
      found += places.indices.map { image in
        let squares = (image * size..<(image + 1) * size).reduce(0.0) {
          let difference = Double(velocities[$1] - lines.velocities[$1])
          return $0 + difference * difference
        }
        return squares / Double(size)
      }
    }
    return [.mean("velocity", found)]
  }
}
