import Datasets
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Foundation
import Networks
import Pictures
import Training

/// A run from data to checkpoint: trains with progress, saves on the way, resumes, and measures at the end.
struct TrainingRun {
  let output: String
  var keepsEpochs = false
  var resumes = false
  /// False for a run that is part of a larger one, which begins anew after an interruption.
  var canResume = true
  let dataset: Dataset
  /// What it learns from, and is looked at with.
  let split: Split
  /// False for a run of many small epochs, whose progress is enough.
  var tellsEpochs = true
  /// True to measure the test images too.
  var tests = false
  let pool: WorkerPool
  /// What decides it, nothing left to what is usual.
  private let run: RunConfiguration
  private let architecture: Architecture
  /// Which images it learns from.
  private let trainedOn: TrainedImages
  /// What the network will expect of a person's own pictures.
  private let preparation: String

  /// A run on the images of a set, of which it may ask for a part, or for other labels.
  ///
  /// - Throws: `SpecificationError` or `Failure` if the network does not go with the images.
  init(
    _ run: RunConfiguration, on dataset: Dataset, split whole: Split, output: String,
    pool: WorkerPool
  ) throws {
    var split = whole
    if let count = run.trainingImages { split = split.limited(train: count) }
    if run.randomLabels { split = ControlNetwork.memorized(split, seed: run.seed) }
    architecture = try Self.architecture(run, dataset, split)
    try Self.checkLayers(of: run, in: architecture)
    var run = run.resolved
    run.model = architecture.specification.description
    run.dataset = dataset.name
    self.run = run
    self.output = output
    self.dataset = dataset
    self.split = split
    self.pool = pool
    trainedOn = TrainedImages(split.train.identities)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    preparation = String(
      decoding: try encoder.encode(Preparation(of: split.train, paper: dataset.paper)),
      as: UTF8.self)
  }

  private var configuration: TrainingConfiguration { run.training }

  /// What `train --json` prints.
  struct Result: Encodable {
    struct Score: Encodable {
      let accuracy: Double
      let loss: Double
    }

    let checkpoint: String
    let epochs: Int
    let seconds: Double
    let imagesPerSecond: Double
    let train: Score
    @Nullable var validation: Score?
    /// `nil` unless it was asked for: the test images are for the end.
    @Nullable var test: Score?
    let history: [EpochRecord]
  }

  /// Seconds between two resume files within an epoch.
  private static let saveInterval = Duration.seconds(10)

  private var resumePath: String { ResumeFile.path(for: output) }

  /// Trains, saves the checkpoint and predicts the validation images.
  func train() throws -> (result: Result, validation: Predictions) {
    let network = try untrained()
    let trainer = try makeTrainer(network)
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    let clock = ContinuousClock()
    var training = Duration.zero
    let imagesBefore = trainer.imagesSeen
    var line = ProgressLine()
    var lastSave = clock.now
    var failure: (any Error)?
    let start = clock.now
    var pause = Duration.zero
    trainer.run { event in
      switch event {
      case .progress(let progress):
        line.update(
          "epoch \(progress.epoch)/\(progress.epochs)",
          (progress.epoch - 1) * progress.imagesPerEpoch + progress.images,
          of: progress.epochs * progress.imagesPerEpoch, unit: "images",
          detail:
            Self.words(loss: progress.loss, accuracy: progress.accuracy))
      case .epoch(let record):
        if tellsEpochs { line.keep(Self.sentence(record, of: configuration.epochs)) }
        if keepsEpochs {
          do {
            try checkpoint(trainer, trainer.candidate).write(
              to: Self.epochPath(record.epoch, of: output))
          } catch { failure = error }
        }
        lastSave = .now - Self.saveInterval
      }
    } while: {
      guard failure == nil else { return false }
      if canResume, clock.now - lastSave >= Self.saveInterval || Interruption.isRequested {
        let before = clock.now
        do {
          try ResumeFile(
            run: run, images: split.train.count, state: trainer.currentState
          ).write(to: resumePath)
        } catch { failure = error }
        lastSave = clock.now
        pause += clock.now - before
      }
      return failure == nil && !Interruption.isRequested
    }
    training = clock.now - start - pause
    line.finish()
    if let failure { throw failure }
    if trainer.hasDiverged {
      throw Failure(
        "training diverged in epoch \(trainer.history.count + 1): the loss is no longer a"
          + " number; try a smaller --learning-rate", .badData)
    }
    if Interruption.isRequested, !trainer.isFinished {
      guard canResume else {
        throw Failure("interrupted while training \(run.model)", .interrupted)
      }
      throw Failure(
        "interrupted after \(trainer.history.count) epochs; go on with --resume"
          + " (saved in \(resumePath))", .interrupted)
    }
    return try finish(
      trainer, seconds: training / .seconds(1), images: trainer.imagesSeen - imagesBefore)
  }

  private func makeTrainer(_ network: Network) throws -> Trainer {
    if resumes {
      if FileBytes.exists(resumePath) {
        let file = try ResumeFile.read(
          resumePath, network: network, run: run, images: split.train.count)
        let trainer = Trainer(
          file.state, train: split.train, validation: split.validation,
          configuration: configuration, pool: pool)
        guard trainer.isConsistent else {
          throw Failure(
            "\(resumePath): its position does not fit this run; delete it to start anew", .badData)
        }
        Terminal.inform(
          "going on after \(file.state.history.count) epochs and \(file.state.epoch.steps) steps")
        return trainer
      }
      Terminal.inform("there is no \(resumePath); starting anew")
    }
    return Trainer(
      network, train: split.train, validation: split.validation, configuration: configuration,
      pool: pool)
  }

  /// Layers that a run names must be there, learn something, and leave something to learn.
  private static func checkLayers(
    of run: RunConfiguration, in architecture: Architecture
  ) throws {
    let learning = architecture.entries.filter { !$0.parameters.isEmpty }.map(\.name)
    for (option, names) in [
      ("--freeze", run.freeze), ("--rate-factors", run.rateFactors.keys.sorted()),
    ] {
      if let other = names.first(where: { !learning.contains($0) }) {
        throw Failure(
          "\(option): no layer “\(other)” learns anything here; those that do are"
            + " \(learning.joined(separator: ", "))", .usage)
      }
    }
    let factors = run.training.rateFactors
    let isStill = architecture.entries.allSatisfy {
      $0.parameterCount == 0 || factors[$0.name] == 0
    }
    if isStill {
      throw Failure("--freeze: every layer is frozen, and nothing is left to learn", .usage)
    }
  }

  private static func architecture(
    _ run: RunConfiguration, _ dataset: Dataset, _ split: Split
  ) throws -> Architecture {
    let images = split.train
    let architecture = try Architecture(
      Specification(model: run.model, classes: dataset.classes.count),
      inputShape: ImageShape(
        channels: images.channels, height: images.height, width: images.width))
    guard architecture.outputs == dataset.classes.count else {
      throw Failure(
        "the network has \(architecture.outputs) outputs, but \(dataset.name) has"
          + " \(dataset.classes.count) classes; end it with linear(\(dataset.classes.count))",
        .usage)
    }
    return architecture
  }

  private func untrained() throws -> Network {
    let images = split.train
    let isFlatNorm = architecture.entries.contains {
      $0.layer.family == .normalization(isAffineAtPrediction: true) && !$0.outputShape.hasPlaces
    }
    guard !isFlatNorm || min(configuration.batchSize, images.count) > 1 else {
      throw Failure(
        "norm after a flat layer takes means over the images of a step, and one image has none; take a --batch-size of"
          + " 2 or more", .usage)
    }
    let copies = [
      configuration.clipNorm != nil, configuration.looksAhead, configuration.average != nil,
    ]
    let needed = TrainingExecutor.byteCount(
      architecture,
      batchSize: min(configuration.batchSize, images.count) * configuration.imagesPerImage,
      threads: pool.threads, copies: copies.count { $0 })
    guard needed < Self.physicalMemory else {
      throw Failure(
        "training would take \(needed / 1_000_000) MB, more than this machine has; take a smaller"
          + " --batch-size, network or number of --threads", .usage)
    }
    let statistics = images.statistics()
    return .untrained(
      architecture,
      normalization: Normalization(
        mean: statistics.mean, standardDeviation: statistics.standardDeviation),
      seed: configuration.seed)
  }

  private static var physicalMemory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

  private func checkpoint(_ trainer: Trainer, _ network: Network) -> Checkpoint {
    Checkpoint(
      network: network, classes: dataset.classes, dataset: dataset.name, seed: configuration.seed,
      history: trainer.history, run: run.json, trainedOn: trainedOn,
      preparation: preparation)
  }

  /// `NAME.epoch-03.safetensors` beside the output.
  static func epochPath(_ epoch: Int, of output: String) -> String {
    CheckpointName.path("epoch-\(epoch < 10 ? "0" : "")\(epoch)", beside: output)
  }

  private func finish(
    _ trainer: Trainer, seconds: Double, images: Int
  ) throws -> (result: Result, validation: Predictions) {
    let network = trainer.result
    let checkpoint = checkpoint(trainer, network)
    do {
      try checkpoint.write(to: output)
    } catch {
      guard canResume, FileBytes.exists(resumePath) else { throw error }
      throw Failure(
        "\(error); nothing is lost: the finished run is in \(resumePath), and the same command with --resume writes it"
          + " once that is mended", .inputOutput)
    }
    try? FileBytes.remove(resumePath)
    let executor = Executor(network, pool: pool)
    func score(_ predictions: Predictions) -> Result.Score {
      let result = EvaluationResult(predictions, classNames: dataset.classes)
      return Result.Score(accuracy: result.accuracy, loss: result.loss)
    }
    let (train, validation) = (
      Predictions(of: executor, on: split.train), Predictions(of: executor, on: split.validation)
    )
    let test = tests ? score(Predictions(of: executor, on: split.test)) : nil
    let result = Result(
      checkpoint: output, epochs: checkpoint.history.count, seconds: seconds,
      imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0, train: score(train),
      validation: validation.count > 0 ? score(validation) : nil, test: test,
      history: checkpoint.history)
    return (result, validation)
  }

  private static func sentence(_ record: EpochRecord, of epochs: Int) -> String {
    var parts = [
      "epoch \(record.epoch)/\(epochs)",
      words(loss: record.trainLoss, accuracy: record.trainAccuracy),
    ]
    if let loss = record.validationLoss {
      parts.append("validation \(words(loss: loss, accuracy: record.validationAccuracy))")
    }
    return parts.joined(separator: "  ")
  }

  private static func words(loss: Double, accuracy: Double?) -> String {
    "loss \(Format.fixed(loss, 4))" + (accuracy.map { "  accuracy \(Format.percent($0))" } ?? "")
  }
}
