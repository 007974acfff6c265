import Experiments
import Files
import Networks
import Tracking
import Training

/// `convert --to tensorboard`: what is kept of runs, as event files.
enum TensorBoardConversion {
  /// What `--json` prints.
  struct Result: Encodable { let files: [String] }

  /// Writes the event file of a checkpoint, or those of a sweep: one in the folder itself that says what its trials differ
  /// in, and one for each trial in a folder of its own.
  ///
  /// - Parameters:
  ///   - source: a checkpoint, or a sweep's folder.
  ///   - foreign: what stands in for the metadata of a checkpoint from elsewhere.
  ///   - folder: where to.
  /// - Returns: the files' paths.
  /// - Throws: what reading the source throws, and `FileError`.
  static func write(
    _ source: String, foreign: ForeignOptions, to folder: String
  ) throws -> [String] {
    try EventLog.check(folder)
    guard FileBytes.isFolder(source) else {
      return [try run(of: foreign.load(source)).write(to: folder)]
    }
    let sweep = try TrackedSweep(SweepProgress(in: source))
    let runs = try sweep.runs()
    // Of thousands none is written if one cannot be.
    for (trial, _) in runs { try EventLog.check("\(folder)/\(trial.id)") }
    let experiment = try FinishedRun.writeExperiment(
      sweep.name, domains: sweep.domains, metrics: TrackedSweep.metrics, to: folder)
    return [experiment] + (try runs.map { try $1.write(to: "\(folder)/\($0.id)") })
  }

  /// What a checkpoint says of its run: its history, and at the end its weights.
  private static func run(of checkpoint: Checkpoint) throws -> FinishedRun {
    var run = FinishedRun()
    run.parameters = try checkpoint.configuration()?.hyperparameters ?? []
    run.events = TrackedScalars.events(checkpoint.history)
    let step = run.events.last?.step ?? 0
    let end =
      try TrackedPictures.filters(of: checkpoint) + TrackedTensors.weights(of: checkpoint.network)
    run.events.append(TrackedEvent(step: step, end))
    return run
  }
}
