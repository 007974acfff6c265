import Datasets
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Foundation
import Networks
import Pictures
import Tracking
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
  /// Those that train together.
  var company = Company.alone
  /// Told how it goes, if somebody follows it.
  var tracker: RunTracker?
  let prepared: PreparedRun

  /// A run on the images of a set, of which it may ask for a part, or for other labels.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if the network does not go with the images.
  init(
    _ run: RunConfiguration, from source: Checkpoint? = nil, on dataset: Dataset, split: Split,
    output: String, pool: WorkerPool
  ) throws {
    self.init(
      try PreparedRun(
        run, on: PreparedImages(for: run, of: dataset, split: split), from: source), output: output,
      pool: pool)
  }

  /// A run that is ready.
  init(_ prepared: PreparedRun, output: String, pool: WorkerPool) {
    self.prepared = prepared
    self.output = output
    self.pool = pool
  }

  /// What decides it, nothing left to what is usual.
  private var run: RunConfiguration { prepared.run }
  /// What of the network that it begins with did not fit, and what became of it.
  var notes: [String] { prepared.notes }
  /// What it learns from, and is looked at with.
  var split: Split { prepared.images.split }

  /// Seconds between two resume files within an epoch.
  private static let saveInterval = Duration.seconds(10)

  private var resumePath: String { ResumeFile.path(for: output) }

  /// What became of a run.
  struct Trained: Sendable {
    let checkpoint: Checkpoint
    /// Seconds of training alone, and images learned from in them.
    var seconds: Double
    let images: Int
  }

  /// Trains, saves the checkpoint and measures it.
  func train() throws -> Outcome {
    defer { Interruption.exitAtOnce() }
    let trained = try learn()
    var outcome = Outcome(
      trained.checkpoint, at: output, seconds: trained.seconds, images: trained.images, on: split,
      tests: tests, pool: pool)
    outcome.missed = tracker?.missed(of: output)
    return outcome
  }

  /// Trains and saves the checkpoint. From then on a signal is a flag: see `Interruption`.
  func learn() throws -> Trained {
    Interruption.watch()
    let trainer = try company.together {
      // Whoever follows it runs a mini-batch beside it.
      let others = tracker == nil ? 0 : 1
      try RunHousekeeping.checkMemory(
        prepared.byteCount(threads: pool.threads) * (company.neighbours + others))
      let trainer = try makeTrainer()
      try tracker?.begin(trainer)
      return trainer
    }
    try company.checkSame(prepared.digests(of: trainer))
    var line = ProgressLine()
    tellWarning(&line)
    let trained = try tracked(from: trainer) { event, trainer in
      tracker?.follow(event, trainer)
      tellWarning(&line)
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
        if keepsEpochs, company.isFirst {
          try prepared.checkpoint(trainer.candidate, history: trainer.history).write(
            to: Self.epochPath(record.epoch, of: output))
        }
      }
    } while: {
      !Interruption.isRequested
    }
    line.finish()
    return trained
  }

  /// Says, below the progress, that somebody who follows the run could not be told.
  private func tellWarning(_ line: inout ProgressLine) {
    guard let warning = tracker?.takeWarning() else { return }
    line.finish()
    Terminal.note("warning: \(warning)")
  }

  /// Trains to the end, and tells whoever follows it how it ended.
  private func tracked(
    from trainer: Trainer, tell: (TrainingEvent, Trainer) throws -> Void,
    while shouldContinue: () -> Bool
  ) throws -> Trained {
    do {
      var trained = try trained(from: trainer, tell: tell, while: shouldContinue)
      tracker?.end(.finished, trainer)
      trained.seconds -= (tracker?.spent ?? .zero) / .seconds(1)
      return trained
    } catch {
      tracker?.end(Failure(ofAny: error).status == .badData ? .failed : .stopped, trainer)
      throw error
    }
  }

  /// Trains a run that is part of a larger one, or takes up what was saved of it.
  ///
  /// - Parameters:
  ///   - progress: told how many images were learned from.
  ///   - shouldContinue: asked after every step.
  /// - Returns: what became of it.
  /// - Throws: `Failure` if it diverged or was told to stop; what is needed to go on is saved then.
  func takenUp(
    progress: (Int) -> Void, while shouldContinue: () -> Bool
  ) throws -> Trained {
    if resumes, let done = try finished() {
      progress(run.passes * split.train.count)
      return Trained(checkpoint: done, seconds: 0, images: 0)
    }
    let trainer = try makeTrainer(isQuiet: true)
    try tracker?.begin(trainer)
    return try tracked(from: trainer) { event, trainer in
      tracker?.follow(event, trainer)
      if let warning = tracker?.takeWarning() { Terminal.note("warning: \(warning)") }
      progress(trainer.imagesSeen)
    } while: {
      shouldContinue()
    }
  }

  /// The checkpoint that this very run has left at its place; `nil` if there is none.
  ///
  /// - Throws: `Failure` if another run has.
  private func finished() throws -> Checkpoint? {
    guard FileBytes.exists(output) else { return nil }
    let found = try Checkpoint.read(output)
    guard found.run == run.json, found.trainedOn == prepared.trainedOn else {
      throw Failure("\(output): it belongs to another run; delete it to start anew", .badData)
    }
    return found
  }

  /// Trains to the end and writes the checkpoint.
  private func trained(
    from trainer: Trainer, tell: (TrainingEvent, Trainer) throws -> Void,
    while shouldContinue: () -> Bool
  ) throws -> Trained {
    let clock = ContinuousClock()
    let imagesBefore = trainer.imagesSeen
    var lastSave = clock.now
    var failure: (any Error)?
    let start = clock.now
    var pause = Duration.zero
    var isStopped = false
    trainer.run { event in
      do { try tell(event, trainer) } catch { failure = error }
      if case .epoch = event { lastSave = .now - Self.saveInterval }
    } while: {
      // All stop after the same step, whichever was asked to, or could not write.
      isStopped = !company.all(failure == nil && shouldContinue())
      if canResume, company.isFirst, failure == nil,
        clock.now - lastSave >= Self.saveInterval || isStopped
      {
        let before = clock.now
        do {
          try ResumeFile(
            run: run, images: split.train.count, state: trainer.currentState
          ).write(to: resumePath)
        } catch { failure = error }
        lastSave = clock.now
        pause += clock.now - before
      }
      return !isStopped
    }
    let seconds = (clock.now - start - pause) / .seconds(1)
    try company.together { if let failure { throw failure } }
    if trainer.hasDiverged {
      throw Failure(
        "training diverged in epoch \(trainer.history.count + 1): the loss is no longer a"
          + " number; try a smaller --learning-rate", .badData)
    }
    if isStopped, !trainer.isFinished {
      guard canResume else {
        throw Failure("interrupted while training \(run.model)", .interrupted)
      }
      throw Failure(
        "interrupted after \(trainer.history.count) epochs; go on with --resume"
          + " (saved in \(resumePath))", .interrupted)
    }
    return Trained(
      checkpoint: try company.together { try write(trainer) }, seconds: seconds,
      images: trainer.imagesSeen - imagesBefore)
  }

  private func makeTrainer(isQuiet: Bool = false) throws -> Trainer {
    if resumes {
      if FileBytes.exists(resumePath) {
        let file = try ResumeFile.read(
          resumePath, network: prepared.beginning, run: run, images: split.train.count)
        let trainer = prepared.trainer(from: file.state, pool: pool, ranks: company.ranks)
        guard trainer.isConsistent else {
          throw Failure(
            "\(resumePath): its position does not fit this run; delete it to start anew", .badData)
        }
        if isQuiet { return trainer }
        Terminal.inform(
          "going on after \(file.state.history.count) epochs and \(file.state.epoch.steps) steps")
        return trainer
      }
      if !isQuiet { Terminal.inform("there is no \(resumePath); starting anew") }
    }
    return prepared.trainer(pool: pool, ranks: company.ranks)
  }

  /// `NAME.epoch-03.safetensors` beside the output.
  static func epochPath(_ epoch: Int, of output: String) -> String {
    CheckpointName.path("epoch-\(epoch < 10 ? "0" : "")\(epoch)", beside: output)
  }

  private func write(_ trainer: Trainer) throws -> Checkpoint {
    let checkpoint = prepared.checkpoint(trainer.result, history: trainer.history)
    guard company.isFirst else { return checkpoint }
    try RunHousekeeping.write(resumePath: resumePath, canResume: canResume) {
      try checkpoint.write(to: output)
    }
    return checkpoint
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

extension PreparedRun {
  /// What must be the same for all that train together.
  fileprivate func digests(of trainer: Trainer) -> [(name: String, digest: SHA256)] {
    func digest(_ bytes: some Sequence<UInt8>) -> SHA256 { SHA256(of: Array(bytes)) }
    let images = images.split.train.identities + images.split.validation.identities
    let network = trainer.currentState.network.tensors.flatMap(\.values)
    return [
      ("run", digest(run.json.utf8)),
      ("set of images", digest(images.flatMap { withUnsafeBytes(of: $0, Array.init) })),
      ("place in the run", digest("\(trainer.history.count) \(trainer.imagesSeen)".utf8)),
      ("network to begin with", digest(network.flatMap { withUnsafeBytes(of: $0, Array.init) })),
      ("level of kernels (INKLING_INSTRUCTION_SET)", digest(InstructionSet.level.utf8)),
    ]
  }
}
