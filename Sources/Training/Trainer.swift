import Attacks
import Augmentation
public import Datasets
public import Engine
public import Networks
import Randomness

/// Trains a network on images, step by step, telling what happens on the way.
///
/// The run is a pure function of network, images and configuration: the same on any number of threads, and the
/// same if it is stopped between two steps and continued from its state. Ranks that share it each run a trainer of their own,
/// all on the same images, and come to the same state after every step.
public final class Trainer {
  /// How many training images are looked at after an epoch and in its middle; all if there are fewer.
  private static let evaluatedImages = 5000

  /// Epochs of fewer steps are not looked at in their middle: that would take longer than they do.
  private static let longEpoch = 8

  /// Runs the network for the adversary.
  private lazy var opponent = Executor(executor.network, pool: pool)

  private let configuration: TrainingConfiguration
  private let train: LabeledImages
  private let validation: LabeledImages
  /// Training images that are looked at on the way as the network predicts, the same each time.
  private let sample: LabeledImages
  /// What lies around the training images, one number a channel.
  private let ground: [Float]
  private let executor: TrainingExecutor
  private let pool: WorkerPool
  private let ranks: (any Ranks)?
  private var state: TrainingState
  private var order: [Int] = []

  /// A run from the beginning, shared with other ranks if there are any.
  public convenience init(
    _ network: Network, train: LabeledImages, validation: LabeledImages,
    configuration: TrainingConfiguration, pool: WorkerPool, ranks: (any Ranks)? = nil
  ) {
    let zeros = network.zeros
    self.init(
      TrainingState(
        network: network, moments: (zeros, zeros), history: [], step: 0, epoch: EpochProgress()),
      train: train, validation: validation, configuration: configuration,
      pool: pool, ranks: ranks)
  }

  /// A run that goes on from a state; images and configuration must be those it began with.
  public init(
    _ state: TrainingState, train: LabeledImages, validation: LabeledImages,
    configuration: TrainingConfiguration, pool: WorkerPool, ranks: (any Ranks)? = nil
  ) {
    self.state = state
    self.train = train
    self.validation = validation
    var generator = SplitMix64(seed: configuration.seed, purpose: "evaluated training images")
    sample =
      train.count <= Self.evaluatedImages
      ? train
      : train.selecting(generator.permutation(train.count)[..<Self.evaluatedImages].sorted())
    ground = configuration.augmentation == nil ? [] : train.ground
    self.configuration = configuration
    self.pool = pool
    self.ranks = ranks
    executor = TrainingExecutor(
      state.network,
      batchSize: min(configuration.batchSize, train.count) * configuration.imagesPerImage,
      seed: configuration.seed, rates: configuration.rateFactors,
      decays: configuration.decayFactors, pool: pool, ranks: ranks)
    executor.moments = state.moments
    // Both begin where the network does.
    let tensors = state.network.tensors
    if configuration.looksAhead {
      executor.slowWeights = state.slowWeights.isEmpty ? tensors : state.slowWeights
    }
    if configuration.average != nil {
      executor.averagedWeights = state.averagedWeights.isEmpty ? tensors : state.averagedWeights
    }
    order = Self.order(of: state.history.count, count: train.count, seed: configuration.seed)
  }

  /// True if the state's position fits the images and the configuration: a resume file's may not.
  public var isConsistent: Bool {
    state.epoch.steps < stepsPerEpoch
      && state.step == state.history.count * stepsPerEpoch + state.epoch.steps
      && state.epoch.images == min(state.epoch.steps * configuration.batchSize, train.count)
  }

  /// True if the loss or the gradient is no longer a number, in a step or in the look at an epoch's end: the steps were
  /// too large. The epoch in which that happens is not among those that are done.
  public private(set) var hasDiverged = false

  /// The mean loss of the last step.
  package private(set) var lastLoss = 0.0

  private var stepsPerEpoch: Int {
    (train.count + configuration.batchSize - 1) / configuration.batchSize
  }

  /// Steps of the whole run.
  private var steps: Int { configuration.epochs * stepsPerEpoch }

  /// Steps from one loss sample to the next: about a hundred samples an epoch.
  private var sampleInterval: Int { max(1, stepsPerEpoch / 100) }

  /// The run as it stands, for a resume file or the final checkpoint.
  public var currentState: TrainingState {
    var state = state
    state.network = executor.network
    state.moments = executor.moments
    if configuration.looksAhead { state.slowWeights = executor.slowWeights }
    if configuration.average != nil { state.averagedWeights = executor.averagedWeights }
    return state
  }

  /// Epochs that are done.
  public var history: [EpochRecord] { state.history }

  /// The network to keep: the last, or with early stopping the best on validation.
  public var result: Network { state.best ?? candidate }

  /// The network as it would be kept now: the last, or the average of its weights once there is one.
  public var candidate: Network { candidate(after: state.history.count) }

  private func candidate(after epochs: Int) -> Network {
    guard let average = configuration.average,
      average.hasBegun(epoch: epochs, epochs: configuration.epochs)
    else { return executor.network }
    return withStatistics(executor.network.replacing(executor.averagedWeights))
  }

  /// The network with statistics of batch normalisations that belong to its weights: those of the sample of training
  /// images, as clean as at prediction. Every rank does it by itself: who is asked for a network need not ask the others.
  private func withStatistics(_ network: Network) -> Network {
    let size = min(configuration.batchSize, sample.count)
    return network.renewingStatistics(
      batches: sample.count / size, of: size, rates: configuration.rateFactors, pool: pool
    ) { batch, image, pixels in sample.copyFloats(batch * size + image, to: &pixels) }
  }

  /// True when all epochs are done or early stopping ends the run.
  public var isFinished: Bool { state.isFinished(configuration) }

  /// Trains until the end, until it diverges, or until `shouldContinue` says no, which is asked after
  /// every step.
  public func run(
    report: (TrainingEvent) -> Void = { _ in }, while shouldContinue: () -> Bool = { true }
  ) {
    while !isFinished {
      step()
      if hasDiverged { return }
      let isHalf = stepsPerEpoch >= Self.longEpoch && state.epoch.steps == stepsPerEpoch / 2
      if isHalf { measureHalfEpoch() }
      if state.epoch.steps == stepsPerEpoch {
        finishEpoch(report)
      } else {
        report(.progress(progress(isHalf: isHalf)))
      }
      if hasDiverged || !shouldContinue() { return }
    }
  }

  /// Images trained on since the run began, those of an interrupted part included.
  public var imagesSeen: Int { state.history.count * train.count + state.epoch.images }

  private func progress(isHalf: Bool) -> TrainingEvent.Progress {
    let images = Double(max(1, state.epoch.images))
    return TrainingEvent.Progress(
      epoch: state.history.count + 1, epochs: configuration.epochs, images: state.epoch.images,
      imagesPerEpoch: train.count, loss: state.epoch.loss / images,
      accuracy: hasAnswers ? Double(state.epoch.correct) / images : nil, step: state.step,
      lossSample: state.epoch.losses.last.flatMap { $0.step == state.step ? $0 : nil },
      halfEpoch: isHalf ? state.epoch.half : nil)
  }

  private var hasAnswers: Bool { configuration.lesson == .classes }

  /// The order in which an epoch goes through the training images.
  package static func order(of epoch: Int, count: Int, seed: UInt64) -> [Int] {
    var generator = SplitMix64(seed: seed, purpose: "shuffle", index: UInt64(epoch))
    return generator.permutation(count)
  }

  private var learningRate: Double {
    configuration.rateRange?.rate(step: state.step)
      ?? configuration.schedule.rate(
        step: state.step, of: steps, peak: configuration.learningRate)
  }

  /// The pixels of a training image as the network sees them in this epoch.
  private func copyAugmented(_ image: Int, to pixels: inout MutableSpan<Float>) {
    train.copyFloats(image, to: &pixels)
    guard let augmentation = configuration.augmentation else { return }
    augmentation.change(
      of: executor.inputShape, ground: ground, seed: configuration.seed,
      epoch: state.history.count, image: image
    ).apply(to: &pixels)
  }

  /// What is mixed into each image of a mini-batch; empty if nothing is.
  private func mixes(into batch: ArraySlice<Int>) -> [ImageMix] {
    guard let augmentation = configuration.augmentation else { return [] }
    return batch.compactMap {
      augmentation.mix(
        of: executor.inputShape, seed: configuration.seed, epoch: state.history.count, image: $0)
    }
  }

  /// The training image that is mixed into one of a mini-batch.
  private static func partner(_ mix: ImageMix, in batch: ArraySlice<Int>) -> Int {
    batch[batch.startIndex + mix.partner(among: batch.count)]
  }

  /// The pixels of an image of a mini-batch with what is mixed in, if anything is.
  private func copyMixed(
    _ place: Int, of batch: ArraySlice<Int>, _ mixes: [ImageMix],
    to pixels: inout MutableSpan<Float>
  ) {
    copyAugmented(batch[batch.startIndex + place], to: &pixels)
    if mixes.isEmpty { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: train.imageSize) { buffer in
      var other = buffer.mutableSpan
      copyAugmented(Self.partner(mixes[place], in: batch), to: &other)
      mixes[place].apply(other.span, to: &pixels, executor.inputShape)
    }
  }

  /// The images of a mini-batch that this rank's shards hold.
  private func ownImages(of count: Int) -> Range<Int> {
    let copies = configuration.imagesPerImage
    let own = executor.ownImages(of: count * copies)
    return own.lowerBound / copies..<own.upperBound / copies
  }

  /// Augmented images of a mini-batch, one after the other.
  private func augmented(_ batch: ArraySlice<Int>) -> [Float] {
    guard configuration.augmentation != nil else { return train.floats(batch) }
    let size = train.imageSize
    return [Float](unsafeUninitializedCapacity: batch.count * size) { target, count in
      guard let base = target.baseAddress else { return }
      pool.run(batch.count) { image, _ in
        var pixels = UnsafeMutableBufferPointer(start: base + image * size, count: size).mutableSpan
        copyAugmented(batch[batch.startIndex + image], to: &pixels)
      }
      count = batch.count * size
    }
  }

  /// What this step does to the parameters.
  private func update() -> ParameterUpdate {
    var update = configuration.optimizer.update(
      learningRate: learningRate, step: state.step + 1)
    update.longestGradient = configuration.clipNorm.map { Float($0) }
    if configuration.looksAhead, (state.step + 1).isMultiple(of: Lookahead.steps) {
      update.slowStep = Lookahead.share
    }
    update.averageStep = configuration.average?.share(
      step: state.step, stepsPerEpoch: stepsPerEpoch, epochs: configuration.epochs
    ).map { Float($0) }
    return update
  }

  private func step() {
    let start = state.epoch.steps * configuration.batchSize
    let batch = order[start..<min(start + configuration.batchSize, order.count)]
    let labels = batch.map { train.labels[$0] }
    let own = ownImages(of: batch.count)
    let changed = configuration.adversary.map { adversary in
      guard !own.isEmpty else { return [Float]() }
      opponent.load(executor.network)
      return adversary.adversarial(
        augmented(batch[batch.startIndex + own.lowerBound..<batch.startIndex + own.upperBound]),
        labels: Array(labels[own]), against: opponent, step: state.step, of: steps,
        firstIndex: state.step * batch.count + own.lowerBound)
    }
    let size = train.imageSize
    let update = update()
    let mixes = mixes(into: batch)
    let loadClean = { (image: Int, pixels: inout MutableSpan<Float>) in
      self.copyMixed(image, of: batch, mixes, to: &pixels)
    }
    let loadChanged = { (image: Int, pixels: inout MutableSpan<Float>) in
      guard let changed else { return loadClean(image, &pixels) }
      let first = (image - own.lowerBound) * size
      for i in 0..<size { pixels[i] = changed[first + i] }
    }
    let result: TrainingExecutor.StepResult
    switch (configuration.lesson, configuration.adversary?.kind) {
    case (.pixels, _):
      result = executor.step(
        SquaredErrorObjective(train.floats(batch), images: batch.count), number: state.step,
        update: update, load: loadChanged)
    case (.classes, .trades(let beta)):
      // Clean, changed, clean, changed.
      result = executor.step(
        TradeOffObjective(pairsOf: labels, beta: beta), number: state.step, update: update
      ) { image, pixels in
        if image.isMultiple(of: 2) {
          loadClean(image / 2, &pixels)
        } else {
          loadChanged(image / 2, &pixels)
        }
      }
    case (.classes, .attack), (.classes, nil):
      result = executor.step(
        ClassObjective(
          labels, mixedWith: mixes.map { (train.labels[Self.partner($0, in: batch)], $0.share) },
          smoothing: configuration.labelSmoothing),
        number: state.step, update: update, load: loadChanged)
    }
    lastLoss = result.loss / Double(batch.count)
    hasDiverged = !result.loss.isFinite || !result.gradientNorm.isFinite
    state.step += 1
    state.epoch.steps += 1
    state.epoch.images += batch.count
    state.epoch.loss += result.loss
    state.epoch.correct += result.correct ?? 0
    state.epoch.gradientNorm += result.gradientNorm
    state.epoch.recentLoss += result.loss
    state.epoch.recentImages += batch.count
    if state.epoch.steps % sampleInterval == 0 || state.epoch.steps == stepsPerEpoch {
      state.epoch.losses.append(
        EpochRecord.LossSample(
          step: state.step, loss: state.epoch.recentLoss / Double(state.epoch.recentImages)))
      state.epoch.recentLoss = 0
      state.epoch.recentImages = 0
    }
  }

  /// How a network answers the validation images and the sample of training images; `nil` if it gives no numbers any
  /// more: weights may have overflown in the last step, which no loss has seen yet.
  private func look(
    at network: Network
  ) -> (check: ValidationPass, evaluated: ValidationPass)? {
    let check = ValidationPass(
      network, validation, configuration.lesson, pool: pool, ranks: ranks)
    let evaluated = ValidationPass(
      network, sample, configuration.lesson, pool: pool, ranks: ranks)
    hasDiverged = ![check.loss, evaluated.loss].allSatisfy { $0?.isFinite ?? true }
    return hasDiverged ? nil : (check, evaluated)
  }

  private func measureHalfEpoch() {
    guard let (check, evaluated) = look(at: candidate) else { return }
    // The curves of a classification have it.
    guard let loss = evaluated.loss, let accuracy = evaluated.accuracy else { return }
    state.epoch.half = EpochRecord.HalfEpoch(
      evaluatedTrainLoss: loss, evaluatedTrainAccuracy: accuracy, validationLoss: check.loss,
      validationAccuracy: check.accuracy)
  }

  private func finishEpoch(_ report: (TrainingEvent) -> Void) {
    let network = candidate(after: state.history.count + 1)
    guard let (check, evaluated) = look(at: network) else { return }
    let images = Double(state.epoch.images)
    let lastRate = configuration.schedule.rate(
      step: state.step - 1, of: steps, peak: configuration.learningRate)
    let record = EpochRecord(
      epoch: state.history.count + 1, learningRate: lastRate,
      trainLoss: state.epoch.loss / images,
      trainAccuracy: hasAnswers ? Double(state.epoch.correct) / images : nil,
      evaluatedTrainLoss: evaluated.loss, evaluatedTrainAccuracy: evaluated.accuracy,
      evaluatedTrainCount: sample.count,
      validationLoss: check.loss, validationLossError: check.lossError,
      validationAccuracy: check.accuracy, validationCount: validation.count,
      halfEpoch: state.epoch.half,
      gradientNorm: state.epoch.gradientNorm / Double(state.epoch.steps),
      deadUnits: check.deadUnits, losses: state.epoch.losses)
    state.history.append(record)
    state.epoch = EpochProgress()
    if configuration.patience != nil, state.bestEpoch == state.history.count - 1 {
      state.best = network
    }
    order = Self.order(
      of: state.history.count, count: train.count, seed: configuration.seed)
    report(.epoch(record))
  }
}
