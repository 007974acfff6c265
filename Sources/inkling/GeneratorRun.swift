import Datasets
import Engine
import Experiments
import Figures
import Files
import Generators
import Networks
import Training

/// A generator's run from data to checkpoint: trains with progress, saves on the way, resumes.
struct GeneratorRun {
  let prepared: PreparedGenerator
  let output: String
  let resumes: Bool
  /// False for a run that is part of a larger one, which begins anew after an interruption.
  var canResume = true
  let pool: WorkerPool

  /// What `train --json` prints of it.
  struct Result: Encodable {
    let checkpoint: String
    let generator: String
    let epochs: Int
    let seconds: Double
    let imagesPerSecond: Double
    let history: [GeneratorEpoch]
  }

  /// Seconds between two resume files within an epoch.
  private static let saveInterval = Duration.seconds(10)

  private var resumePath: String { ResumeFile.path(for: output) }

  /// Trains and saves the checkpoint. From then on a signal is a flag: see `Interruption`.
  func train() throws -> Result {
    defer { Interruption.exitAtOnce() }
    Interruption.watch()
    try RunHousekeeping.checkMemory(prepared.byteCount(threads: pool.threads))
    let trainer = try makeTrainer()
    let before = trainer.imagesSeen
    let (clock, epochs) = (ContinuousClock(), prepared.run.passes)
    let count = prepared.images.split.train.count
    var line = ProgressLine()
    var (lastSave, pause) = (clock.now, Duration.zero)
    let start = clock.now
    var failure: (any Error)?
    trainer.train { event in
      switch event {
      case .progress(let epoch, let images, let losses):
        line.update(
          "epoch \(epoch)/\(epochs)", (epoch - 1) * count + images, of: epochs * count,
          unit: "images", detail: Self.words(losses))
      case .epoch(let record):
        line.keep(Self.sentence(record, of: epochs))
        lastSave = .now - Self.saveInterval
      }
    } while: {
      let isStopped = Interruption.isRequested
      if canResume, clock.now - lastSave >= Self.saveInterval || isStopped {
        let begin = clock.now
        do { try GeneratorResumeFile.write(trainer, of: prepared, to: resumePath) } catch {
          failure = error
        }
        lastSave = clock.now
        pause += clock.now - begin
      }
      return failure == nil && !isStopped
    }
    line.finish()
    let seconds = (clock.now - start - pause) / .seconds(1)
    if let failure { throw failure }
    if trainer.hasDiverged {
      throw Failure(
        "training diverged in epoch \(trainer.history.count + 1): the loss is no longer a number; try a smaller"
          + " --learning-rate", .badData)
    }
    guard trainer.isFinished else {
      guard canResume else {
        throw Failure("interrupted while training \(output)", .interrupted)
      }
      throw Failure(
        "interrupted after \(trainer.history.count) epochs; go on with --resume (saved in \(resumePath))",
        .interrupted)
    }
    try RunHousekeeping.write(resumePath: resumePath, canResume: canResume) {
      try trainer.checkpoint.write(to: output)
    }
    return Result(
      checkpoint: output, generator: prepared.kind.rawValue, epochs: trainer.history.count,
      seconds: seconds,
      imagesPerSecond: seconds > 0 ? Double(trainer.imagesSeen - before) / seconds : 0,
      history: trainer.history)
  }

  private func makeTrainer() throws -> GeneratorTrainer {
    guard resumes else { return GeneratorTrainer(prepared, pool: pool) }
    guard FileBytes.exists(resumePath) else {
      Terminal.inform("there is no \(resumePath); starting anew")
      return GeneratorTrainer(prepared, pool: pool)
    }
    let trainer = try GeneratorResumeFile.trainer(resumePath, of: prepared, pool: pool)
    Terminal.inform(
      "going on after \(trainer.history.count) epochs and \(trainer.stepsOfEpoch) steps")
    return trainer
  }

  private static func sentence(_ record: GeneratorEpoch, of epochs: Int) -> String {
    var parts = ["epoch \(record.epoch)/\(epochs)", words(record.losses)]
    if !record.validation.isEmpty { parts.append("validation \(words(record.validation))") }
    return parts.joined(separator: "  ")
  }

  private static func words(_ losses: [GeneratorEpoch.Loss]) -> String {
    losses.map { "\($0.name) \(Format.fixed($0.value, $0.value < 10 ? 4 : 2))" }
      .joined(separator: "  ")
  }

  /// Says what became of it.
  static func show(_ result: Result) {
    Terminal.print(
      "\(result.checkpoint)  after \(result.epochs) epoch\(result.epochs == 1 ? "" : "s")")
    if let last = result.history.last {
      Terminal.print("")
      Terminal.print("training    \(words(last.losses))")
      if !last.validation.isEmpty { Terminal.print("validation  \(words(last.validation))") }
    }
    Terminal.print("")
    Terminal.print(
      "\(Format.duration(seconds: result.seconds)) of training,"
        + " \(Format.count(Int(result.imagesPerSecond))) images/s")
  }
}
