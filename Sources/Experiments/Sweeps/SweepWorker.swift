package import Datasets
import Dispatch
package import Engine
import Files
import Foundation
import Networks
import Synchronization
package import Training

/// Works on the trials of a sweep, beside any number of others that share its folder.
package final class SweepWorker: Sendable {
  private let folder: SweepFolder
  private let dataset: Dataset
  private let images = Mutex<[(key: SplitKey, images: PreparedImages)]>([])

  /// Splits that are held in memory.
  private static let heldSplits = 4

  /// Seconds between two times that it is kept where a long trial stands.
  private static let saveInterval = Duration.seconds(30)

  /// A worker with the images of a sweep.
  ///
  /// - Throws: `SweepError` if they are others.
  package init(_ folder: SweepFolder, on dataset: Dataset) throws(SweepError) {
    guard folder.holds(dataset) else {
      throw SweepError(
        "these are not the images that the sweep was planned for: \(dataset.name) has others than those there"
      )
    }
    self.folder = folder
    self.dataset = dataset
  }

  /// What makes two runs share their images.
  private struct SplitKey: Hashable {
    let scheme: Split.Scheme
    let validation: Double
    let seed: UInt64
    let trainingImages: Int?
    let examples: Int?
    let randomLabels: Bool
  }

  /// Does one trial after the other until none is left, waiting for those that others are at.
  ///
  /// - Parameters:
  ///   - pool: the threads of each trial; one makes the most of a machine where several work.
  ///   - most: trials to do at most.
  ///   - pause: called to wait a little, for trials of others on which it depends what is to be done next.
  ///   - shouldContinue: asked after every step; where a trial stands is kept if it is to end.
  /// - Returns: how many trials were done.
  /// - Throws: `FileError` or `SweepError`.
  package func work(
    pool: WorkerPool, most: Int = .max, pause: () -> Void, while shouldContinue: () -> Bool
  ) throws -> Int {
    var progress = try SweepProgress(of: folder)
    // What a worker left that was killed while it wrote goes, too.
    for name in ["results", "states"] where !progress.isFinished {
      try OutputPlace.check(folder: "\(folder.path)/\(name)")
    }
    var done = 0
    while done < most, shouldContinue() {
      try progress.refresh()
      if progress.isFinished { break }
      if try doNext(&progress, pool, shouldContinue) {
        done += 1
      } else if shouldContinue() {
        pause()
      }
    }
    return done
  }

  /// Does the first trial that nobody is at; false if there is none.
  private func doNext(
    _ progress: inout SweepProgress, _ pool: WorkerPool, _ shouldContinue: () -> Bool
  ) throws -> Bool {
    let claimed = try Claim.names(in: folder.claims)
    let tasks = progress.openTasks
    // Those that somebody is at, or was, come last: whether he still is takes a closer look.
    for task in tasks.filter({ !claimed.contains($0.name) })
      + tasks.filter({ claimed.contains($0.name) })
    {
      guard let claim = try Claim(task.name, in: folder.claims) else { continue }
      defer { claim.release() }
      // Somebody may have done it since the folder was read.
      if try folder.result(of: task.trial, epochs: task.epochs) != nil { continue }
      let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
      timer.schedule(deadline: .now() + Claim.renewal, repeating: Claim.renewal)
      timer.setEventHandler { claim.renew() }
      timer.resume()
      defer { timer.cancel() }
      guard let (result, state) = try run(task, pool, shouldContinue) else { return false }
      try progress.refresh()
      if let state, !progress.isOut(task, with: result) {
        try state.write(to: folder.statePath(task.trial))
      }
      try folder.write(result, of: task.trial, epochs: task.epochs)
      progress.add(result, of: task)
      try clean(progress)
      return true
    }
    return false
  }

  /// Removes what is kept of trials that will not go on.
  private func clean(_ progress: SweepProgress) throws {
    let there = Set(try FileBytes.names(in: "\(folder.path)/states"))
    let alive = progress.alive
    for trial in folder.configurations.lazy.flatMap(\.trials)
    where there.contains(trial.id + CheckpointName.ending) && !alive.contains(trial.id) {
      // Another worker may have removed it.
      try? FileBytes.remove(folder.statePath(trial))
    }
  }

  /// Trains a trial up to the epoch of a task; `nil` if it was told to stop.
  private func run(
    _ task: SweepProgress.Task, _ pool: WorkerPool, _ shouldContinue: () -> Bool
  ) throws -> (result: TrialResult, state: ResumeFile?)? {
    let trial = task.trial
    let prepared: PreparedRun
    do {
      prepared = try PreparedRun(trial.run, on: images(for: trial.run))
    } catch {
      return (TrialResult(trial, .refused, reason: "\(error)"), nil)
    }
    try checkMemory(prepared, trial, threads: pool.threads)
    let trainer = try trainer(of: trial, prepared, pool)
    let clock = ContinuousClock()
    var saved = clock.now
    func resumeFile() -> ResumeFile {
      ResumeFile(
        run: prepared.run, images: prepared.images.split.train.count, state: trainer.currentState)
    }
    var failure: (any Error)?
    func isOn() -> Bool {
      let isStopped = !shouldContinue()
      if isStopped || clock.now - saved >= Self.saveInterval {
        do {
          try resumeFile().write(to: folder.statePath(trial))
        } catch { failure = error }
        saved = clock.now
      }
      return !isStopped && failure == nil && trainer.history.count < task.epochs
    }
    if trainer.history.count < task.epochs { trainer.run(while: isOn) }
    if let failure { throw failure }
    if trainer.hasDiverged {
      let reason =
        "the loss is no longer a number in epoch \(trainer.history.count + 1): the steps were too large"
      return (
        TrialResult(trial, .diverged, reason: reason, history: trainer.history), nil
      )
    }
    guard trainer.history.count >= task.epochs || trainer.isFinished else { return nil }
    let history = Array(trainer.history.prefix(task.epochs))
    return (TrialResult(trial, .trained, history: history), resumeFile())
  }

  /// True if a run goes with the images, so that it can be trained.
  package func canTrain(_ run: RunConfiguration) -> Bool {
    (try? PreparedRun(run, on: images(for: run))) != nil
  }

  /// Trains a run to its end, apart from the sweep; `nil` if it was told to stop.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if it cannot be.
  package func train(
    _ run: RunConfiguration, pool: WorkerPool, while shouldContinue: () -> Bool
  ) throws -> TrialResult? {
    let trainer = try PreparedRun(run, on: images(for: run)).trainer(pool: pool)
    trainer.run(while: shouldContinue)
    guard trainer.isFinished || trainer.hasDiverged else { return nil }
    return TrialResult(
      Trial(run), trainer.hasDiverged ? .diverged : .trained, history: trainer.history)
  }

  /// A trial from where it stands, or from its beginning if that is not kept or makes no sense.
  private func trainer(
    of trial: Trial, _ prepared: PreparedRun, _ pool: WorkerPool
  ) throws -> Trainer {
    do {
      let state = try ResumeFile.read(
        folder.statePath(trial), network: prepared.beginning, run: prepared.run,
        images: prepared.images.split.train.count
      ).state
      let trainer = prepared.trainer(from: state, pool: pool)
      if trainer.isConsistent { return trainer }
    } catch is CheckpointFileError {
    } catch let error as FileError where error.isNotFound {
    }
    return prepared.trainer(pool: pool)
  }

  /// Checks that every processor of this machine could hold such a trial.
  private func checkMemory(
    _ prepared: PreparedRun, _ trial: Trial, threads: Int
  ) throws(SweepError) {
    let needed = prepared.byteCount(threads: threads)
    let memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed < memory / max(1, WorkerPool.processors / threads) else {
      throw SweepError(
        "trial \(trial.id) would take \(needed / 1_000_000) MB, more than this machine has for each processor; take"
          + " smaller networks or batches (\(trial.run.model))")
    }
  }

  /// The images of a run, made once for all runs that share them.
  private func images(for run: RunConfiguration) -> PreparedImages {
    let key = SplitKey(
      scheme: run.splitScheme, validation: run.validation, seed: run.seed,
      trainingImages: run.trainingImages, examples: run.examples, randomLabels: run.randomLabels)
    return images.withLock { known in
      if let found = known.first(where: { $0.key == key }) { return found.images }
      let split = Split(
        dataset, scheme: run.splitScheme, validation: run.validation, seed: run.seed)
      let made = PreparedImages(for: run, of: dataset, split: split.withoutCopies().split)
      known = known.suffix(Self.heldSplits - 1) + [(key, made)]
      return made
    }
  }
}

extension SweepWorker {
  /// Trials whose steps are measured for an estimate.
  private static let measured = 12
  /// How long each is trained for it.
  private static let measuredTime = Duration.milliseconds(300)

  /// Seconds that an epoch of a trial takes one thread on this machine, the mean of some trials from the smallest to
  /// the largest network.
  package func secondsPerEpoch() -> Double {
    let pool = WorkerPool(threads: 1)
    let runs = folder.configurations.compactMap(\.trials.first).compactMap { trial in
      try? PreparedRun(trial.run, on: images(for: trial.run))
    }.sorted {
      ($0.architecture.parameterCount, $0.run.batchSize) < (
        $1.architecture.parameterCount, $1.run.batchSize
      )
    }
    let count = min(Self.measured, runs.count)
    let seconds = (0..<count).map { place -> Double in
      let run = runs[(2 * place + 1) * runs.count / (2 * count)]
      let trainer = run.trainer(pool: pool)
      let clock = ContinuousClock()
      let start = clock.now
      trainer.run(while: { clock.now - start < Self.measuredTime })
      let images = Double(max(1, trainer.imagesSeen))
      return (clock.now - start) / .seconds(1) / images * Double(run.images.split.train.count)
    }
    return count == 0 ? 0 : seconds.reduce(0, +) / Double(count)
  }
}
