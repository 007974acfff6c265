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
  /// False for a run of many small epochs, whose progress is enough.
  var tellsEpochs = true
  /// True to measure the test images too.
  var tests = false
  let pool: WorkerPool
  private let prepared: PreparedRun

  /// A run on the images of a set, of which it may ask for a part, or for other labels.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if the network does not go with the images.
  init(
    _ run: RunConfiguration, on dataset: Dataset, split: Split, output: String, pool: WorkerPool
  ) throws {
    prepared = try PreparedRun(
      run, on: PreparedImages(for: run, of: dataset, split: split))
    self.output = output
    self.pool = pool
  }

  /// What decides it, nothing left to what is usual.
  private var run: RunConfiguration { prepared.run }
  /// What it learns from, and is looked at with.
  var split: Split { prepared.images.split }

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
    try checkMemory()
    let trainer = try makeTrainer()
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
        if tellsEpochs { line.keep(Self.sentence(record, of: run.passes)) }
        if keepsEpochs {
          do {
            try prepared.checkpoint(trainer.candidate, history: trainer.history).write(
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

  private func makeTrainer() throws -> Trainer {
    if resumes {
      if FileBytes.exists(resumePath) {
        let file = try ResumeFile.read(
          resumePath, network: prepared.untrained, run: run, images: split.train.count)
        let trainer = prepared.trainer(from: file.state, pool: pool)
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
    return prepared.trainer(pool: pool)
  }

  /// Checks that there is memory for it.
  private func checkMemory() throws {
    let needed = prepared.byteCount(threads: pool.threads)
    guard needed < Self.physicalMemory else {
      throw Failure(
        "training would take \(needed / 1_000_000) MB, more than this machine has; take a smaller"
          + " --batch-size, network or number of --threads", .usage)
    }
  }

  private static var physicalMemory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

  /// `NAME.epoch-03.safetensors` beside the output.
  static func epochPath(_ epoch: Int, of output: String) -> String {
    CheckpointName.path("epoch-\(epoch < 10 ? "0" : "")\(epoch)", beside: output)
  }

  private func finish(
    _ trainer: Trainer, seconds: Double, images: Int
  ) throws -> (result: Result, validation: Predictions) {
    let network = trainer.result
    let checkpoint = prepared.checkpoint(network, history: trainer.history)
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
      let result = EvaluationResult(predictions, classNames: prepared.images.classes)
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
