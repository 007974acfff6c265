import ArgumentParser
import Experiments
import Files
import Networks
import Tracking
import Training

/// What `convert --to mlflow` is told besides.
struct MLflowConversionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The MLflow server's experiment. (default: inkling)", valueName: "name"))
  var mlflowExperiment: String?

  /// The experiment.
  var experiment: String { mlflowExperiment ?? MLflowAddress.usualExperiment }

  /// Refuses them where they mean nothing.
  ///
  /// - Throws: `ValidationError`.
  func refuse() throws {
    guard mlflowExperiment == nil else {
      throw ValidationError("--mlflow-experiment goes with --to mlflow.")
    }
  }
}

/// `convert --to mlflow`: what is kept of runs, sent to a server.
enum MLflowConversion {
  /// What `--json` prints.
  struct Result: Encodable {
    let experiment: String
    let runs: Int
  }

  /// Sends a checkpoint's history, or each trial of a sweep, as a run.
  ///
  /// - Parameters:
  ///   - source: a checkpoint, or a sweep's folder.
  ///   - foreign: what stands in for the metadata of a checkpoint from elsewhere.
  ///   - address: the server's.
  ///   - experiment: the server's experiment.
  /// - Returns: how many runs were sent, and where to.
  /// - Throws: `ValidationError` for an address that is none, what reading the source throws, `MLflowError`.
  static func send(
    _ source: String, foreign: ForeignOptions, to address: String, experiment: String
  ) throws -> Result {
    let server = try MLflowAddress.server(address, option: "--output")
    let name = CheckpointName.stem(of: source.split(separator: "/").last.map(String.init) ?? source)
    guard FileBytes.isFolder(source) else {
      let checkpoint = try foreign.load(source)
      var run = FinishedRun()
      run.parameters = try checkpoint.configuration()?.hyperparameters ?? []
      run.events = TrackedScalars.events(checkpoint.history)
      try send(run, named: name, to: server, experiment)
      return Result(experiment: experiment, runs: 1)
    }
    let runs = try TrackedSweep(SweepProgress(in: source)).runs()
    var line = ProgressLine()
    defer { line.finish() }
    for (place, run) in runs.enumerated() {
      try send(run.run, named: "\(name)-\(run.trial.id)", to: server, experiment)
      line.update("sending", place + 1, of: runs.count, unit: "runs")
    }
    return Result(experiment: experiment, runs: runs.count)
  }

  private static func send(
    _ run: FinishedRun, named name: String, to server: MLflowServer, _ experiment: String
  ) throws {
    let words = run.parameters.map { "\($0.name)=\($0.value)\n" }.joined()
    let sent = MLflowRun(
      on: server, experiment: experiment, name: name,
      identity: String(SHA256(of: Array("\(name)\n\(words)".utf8)).hexadecimal.prefix(16)),
      parameters: run.parameters)
    for event in run.events { sent.keep(event) }
    try sent.end(run.ending)
  }
}
