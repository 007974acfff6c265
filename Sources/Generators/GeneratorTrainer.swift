import Datasets
package import Engine
import Experiments
package import Networks
import Training

/// Trains a generator, step by step, telling what happens on the way.
///
/// The run is a pure function of images and configuration: the same on any number of threads, and the same if it is stopped
/// between two steps and continued from its state.
package final class GeneratorTrainer {
  /// What is told of a run.
  package enum Event {
    /// A step was made: of an epoch, images so far and the means of the losses over them.
    case progress(epoch: Int, images: Int, losses: [GeneratorEpoch.Loss])
    /// An epoch is done.
    case epoch(GeneratorEpoch)
  }

  /// What stands between two steps beside the networks.
  package struct Position: Codable, Sendable {
    /// Steps made since training began.
    var step = 0
    /// Images and steps of the unfinished epoch.
    var images = 0
    var steps = 0
    /// Sums of its losses.
    var sums: [Double] = []
    /// Sums since the last sample, and of how many images.
    var recentSums: [Double] = []
    var recentImages = 0
    var samples: [GeneratorEpoch.Sample] = []
    /// Epochs that are done.
    var history: [GeneratorEpoch] = []
  }

  /// Where a run stands.
  struct State {
    var position: Position
    var learners: [Learner.State]
    var course: [GeneratorCheckpoint.Moment]
  }

  /// What is drawn after every epoch from the same numbers: rows and columns of a square.
  private static let courseCount = 36

  private let prepared: PreparedGenerator
  private let lesson: any GeneratorLesson
  private let pool: WorkerPool
  private var position: Position
  private var course: [GeneratorCheckpoint.Moment]
  private var order: [Int]

  /// True if a loss is no longer a number.
  package private(set) var hasDiverged = false

  /// A run from its beginning.
  package convenience init(_ prepared: PreparedGenerator, pool: WorkerPool) {
    self.init(prepared, from: nil, pool: pool)
  }

  init(_ prepared: PreparedGenerator, from state: State?, pool: WorkerPool) {
    self.prepared = prepared
    self.pool = pool
    lesson = prepared.lesson(from: state?.learners, pool: pool)
    position = state?.position ?? Position()
    course = state?.course ?? []
    order = Trainer.order(
      of: position.history.count, count: prepared.images.split.train.count, seed: prepared.run.seed)
    if course.isEmpty { addMoment(Generator(checkpoint, pool: pool)) }
  }

  private var run: RunConfiguration { prepared.run }
  private var count: Int { prepared.images.split.train.count }
  private var stepsPerEpoch: Int { (count + run.batchSize - 1) / run.batchSize }
  /// Steps from one sample of the losses to the next: about fifty an epoch.
  private var sampleInterval: Int { max(1, stepsPerEpoch / 50) }

  /// The run as it stands.
  var currentState: State {
    State(position: position, learners: lesson.learners.map(\.state), course: course)
  }

  /// True if the position fits the run: a resume file's may not.
  package var isConsistent: Bool {
    position.steps >= 0 && position.steps < stepsPerEpoch
      && position.step == position.history.count * stepsPerEpoch + position.steps
      && position.images == min(position.steps * run.batchSize, count)
      && position.history.count <= run.passes && course.count == position.history.count + 1
      && (position.steps == 0 || position.sums.count == lesson.losses.count)
      && position.recentImages >= 0
      && (position.recentImages == 0 || position.recentSums.count == lesson.losses.count)
      && position.history.allSatisfy { $0.losses.map(\.name) == lesson.losses }
      && GeneratorEpoch.areAlike(position.history)
      && position.samples.allSatisfy { $0.values.count == lesson.losses.count }
  }

  /// Epochs that are done.
  package var history: [GeneratorEpoch] { position.history }
  /// Steps of the unfinished epoch.
  package var stepsOfEpoch: Int { position.steps }
  /// Images learned from since the run began.
  package var imagesSeen: Int { position.history.count * count + position.images }
  /// True when all epochs are done.
  package var isFinished: Bool { position.history.count >= run.passes }

  /// The checkpoint of the network that would be kept now.
  package var checkpoint: GeneratorCheckpoint {
    prepared.checkpoint(lesson.kept, history: position.history, course: course)
  }

  /// Trains until the end, until it diverges, or until `shouldContinue` says no, which is asked after every step.
  package func train(
    report: (Event) -> Void = { _ in }, while shouldContinue: () -> Bool = { true }
  ) {
    while !isFinished {
      let rate = step()
      if hasDiverged { return }
      if position.steps == stepsPerEpoch {
        finishEpoch(rate, report)
        if hasDiverged { return }
      } else {
        report(
          .progress(
            epoch: position.history.count + 1, images: position.images, losses: meanLosses))
      }
      if !shouldContinue() { return }
    }
  }

  private var meanLosses: [GeneratorEpoch.Loss] {
    zip(lesson.losses, position.sums).map {
      GeneratorEpoch.Loss(name: $0, value: $1 / Double(max(1, position.images)))
    }
  }

  /// One step.
  ///
  /// - Returns: its learning rate.
  private func step() -> Double {
    let start = position.steps * run.batchSize
    let places = order[start..<min(start + run.batchSize, order.count)]
    let rate = run.schedule.rate(
      step: position.step, of: run.passes * stepsPerEpoch, peak: run.peakRate)
    let found = lesson.step(
      LessonBatch(
        places: places, epoch: position.history.count, number: position.step, learningRate: rate,
        averageStep: run.average?.share(
          step: position.step, stepsPerEpoch: stepsPerEpoch, epochs: run.passes
        ).map { Float($0) },
        longestGradient: run.clipNorm.map { Float($0) }))
    hasDiverged = !found.allSatisfy(\.isFinite)
    if position.steps == 0 { position.sums = found.map { _ in 0 } }
    if position.recentImages == 0 { position.recentSums = found.map { _ in 0 } }
    position.step += 1
    position.steps += 1
    position.images += places.count
    position.recentImages += places.count
    for (index, loss) in found.enumerated() {
      position.sums[index] += loss
      position.recentSums[index] += loss
    }
    if position.steps % sampleInterval == 0 || position.steps == stepsPerEpoch {
      position.samples.append(
        GeneratorEpoch.Sample(
          step: position.step,
          values: position.recentSums.map { $0 / Double(position.recentImages) }))
      position.recentImages = 0
    }
    return rate
  }

  private func finishEpoch(_ rate: Double, _ report: (Event) -> Void) {
    let validation = prepared.images.split.validation
    let kept = checkpoint
    // The last step of an epoch may have been the one too large, which no loss has seen yet.
    hasDiverged = !kept.network.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) }
    if hasDiverged { return }
    let generator = Generator(kept, pool: pool)
    let record = GeneratorEpoch(
      epoch: position.history.count + 1, learningRate: rate, losses: meanLosses,
      validation: validation.count == 0 ? [] : lesson.validate(generator, validation),
      validationCount: validation.count, samples: position.samples)
    hasDiverged = !record.validation.allSatisfy(\.value.isFinite)
    if hasDiverged { return }
    var next = Position()
    next.step = position.step
    next.history = position.history + [record]
    position = next
    addMoment(generator)
    order = Trainer.order(of: position.history.count, count: count, seed: run.seed)
    report(.epoch(record))
  }

  /// Keeps what the network that would be kept draws from the numbers that it is always asked with.
  private func addMoment(_ generator: Generator) {
    let pictures = generator.pictures(Self.courseCount, seed: run.seed)
    course.append(
      GeneratorCheckpoint.Moment(
        epoch: position.history.count,
        pixels: pictures.map(Generator.byte)))
  }
}
