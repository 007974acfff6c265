import Datasets
import Engine
import Experiments
import Files
import Networks
import Tracking
import Training

/// Tells TensorBoard's event file and an MLflow server how a run goes. What only they need is worked out only then, and
/// none of it enters the training.
///
/// Neither of them can stop a run: what fails is said once, in a line, and told again when the checkpoint is saved.
final class RunTracker {
  private let options: TrackingOptions
  private let run: PreparedRun
  private let output: String
  private let resumes: Bool
  private let pool: WorkerPool
  private var log: EventLog?
  private lazy var pictures = TrackedPictures(run, pool: pool)
  private lazy var gradient = SampleGradient(
    of: run.images.split.train, count: run.run.batchSize, seed: run.run.seed)
  private var remote: MLflowRun?
  /// Epochs for which a server that failed is left alone, and how many of them are left.
  private var (pause, pauseLeft) = (0, 0)
  /// Time that it took while training waited.
  private(set) var spent = Duration.zero
  private var warning: String?
  private var logFailure: Failure?
  private var remoteFailure: Failure?

  /// A tracker of a run; nothing is told yet.
  init(
    _ options: TrackingOptions, of run: PreparedRun, output: String, resumes: Bool, pool: WorkerPool
  ) {
    self.options = options
    self.run = run
    self.output = output
    self.resumes = resumes
    self.pool = pool
  }

  /// Begins to tell, or goes on from where a resumed run stands.
  ///
  /// - Throws: `FileError` if the event file cannot be opened: nothing is trained yet.
  func begin(_ trainer: Trainer) throws {
    let parameters = run.run.hyperparameters
    let goesOn = trainer.imagesSeen > 0
    if let folder = options.tensorboard {
      let log = try EventLog(in: folder, goingOnFrom: goesOn ? trainer.currentState.step : nil)
      self.log = log
      tell { try beginLog($0, parameters, trainer) }
    }
    if let server = try options.server() {
      let name = CheckpointName.stem(of: output.split(separator: "/").last.map(String.init) ?? "")
      remote = MLflowRun(
        on: server, experiment: options.experiment, name: name,
        identity: String(SHA256(of: Array("\(run.run.json)\n\(name)".utf8)).hexadecimal.prefix(16)),
        parameters: parameters, resumes: resumes)
      sendWaiting()
    }
  }

  private func beginLog(
    _ log: EventLog, _ parameters: [Hyperparameter], _ trainer: Trainer
  ) throws {
    guard log.isNew else { return }
    try log.begin(parameters)
    if trainer.imagesSeen == 0 {
      try log.append(TrackedEvent(step: 0, observations(trainer)))
    } else {
      // What was trained before somebody wanted to see it.
      for event in TrackedScalars.events(trainer.history) { try log.append(event) }
    }
  }

  /// Tells what has happened.
  func follow(_ event: TrainingEvent, _ trainer: Trainer) {
    let clock = ContinuousClock()
    let start = clock.now
    defer { spent += clock.now - start }
    switch event {
    case .progress(let progress):
      guard let event = TrackedScalars.event(progress) else { return }
      tell { log in try log.append(event) }
      remote?.keep(event)
    case .epoch(let record):
      let event = TrackedScalars.event(record)
      tell { log in
        var whole = event
        whole.values += try observations(trainer)
        try log.append(whole)
        // What is needed to go on is saved next, and must not be ahead of what was told.
        try log.sync()
      }
      remote?.keep(event)
      if pauseLeft > 0 { pauseLeft -= 1 } else { sendWaiting() }
    }
  }

  /// What is to be said of a failure, once.
  func takeWarning() -> String? {
    defer { warning = nil }
    return warning
  }

  /// Tells how the run ended.
  func end(_ ending: RunEnding, _ trainer: Trainer) {
    let step = trainer.currentState.step
    tell { log in
      switch ending {
      case .finished, .failed: try log.end(ending, step: step)
      case .stopped: try log.sync()
      }
    }
    guard let remote else { return }
    do throws(MLflowError) {
      try remote.end(ending)
      remoteFailure = nil
    } catch {
      remoteFailure = Failure(error)
    }
  }

  /// What of a run, whose checkpoint is saved all the same, could not be told in the end; `nil` if all was.
  func missed(of output: String) -> Failure? {
    func failure(_ reason: Failure, _ remedy: String) -> Failure {
      Failure(
        "\(output) is saved, but not all of its course: \(reason.message); convert --to \(remedy) what the checkpoint knows"
          + " of it", reason.status)
    }
    return logFailure.map { failure($0, "tensorboard writes") }
      ?? remoteFailure.map { failure($0, "mlflow sends") }
  }

  /// What a network looks like: pictures, weights, gradients.
  private func observations(_ trainer: Trainer) throws -> [TrackedValue] {
    let network = trainer.candidate
    return try pictures.values(of: run.checkpoint(network, history: trainer.history))
      + TrackedTensors.weights(of: network)
      + TrackedTensors.gradients(gradient.tensors(of: network, pool: pool))
  }

  private func tell(_ body: (EventLog) throws -> Void) {
    guard let log else { return }
    do { try body(log) } catch {
      let failure = Failure(error) ?? Failure("\(error)", .inputOutput)
      logFailure = failure
      self.log = nil
      warning = "\(failure.message); training goes on without TensorBoard's events"
    }
  }

  private func sendWaiting() {
    guard let remote else { return }
    do throws(MLflowError) {
      try remote.send()
      (pause, remoteFailure) = (0, nil)
    } catch {
      if remoteFailure == nil {
        warning = "\(error); training goes on, and it is tried again later"
      }
      remoteFailure = Failure(error)
      // Twice as long each time: a slow server shall not slow down the training.
      pause = max(1, 2 * pause)
      pauseLeft = pause
    }
  }
}
