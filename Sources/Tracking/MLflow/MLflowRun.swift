import Foundation

/// A run that is told to an MLflow server: parameters, metrics at their steps, tags, how it ended.
///
/// MLflow wants times, and has them from the clock: when the run was first told of, and when each number was told. What the
/// server does not take is kept and sent with what comes next, so that a server that is away for a while misses nothing.
package final class MLflowRun {
  private let server: MLflowServer
  private let experiment: String
  private let name: String
  private let identity: String
  private var parameters: [Hyperparameter]
  private var resumes: Bool
  private var runID: String?
  private var waiting: [MLflowMessages.Metric] = []
  /// Up to which step the server knows the run: it may have been told more than was saved when the run was killed.
  private var known = -1

  /// Metrics and parameters that a server takes at once.
  private static let (metricLimit, parameterLimit) = (1000, 100)
  /// Characters of a parameter's value that a server of any version 2 or 3 takes.
  private static let longestValue = 500
  /// The tag by which a run that goes on is found again.
  private static let identityTag = "inkling.run"

  /// A run; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - server: the server.
  ///   - experiment: its experiment, made if it is not there.
  ///   - name: what the run is called there.
  ///   - identity: what is the same for every part of a run that is interrupted and goes on; letters and digits.
  ///   - parameters: what decides it.
  ///   - resumes: true to go on with the last run of this identity that did not finish, if there is one.
  package init(
    on server: MLflowServer, experiment: String, name: String, identity: String,
    parameters: [Hyperparameter], resumes: Bool = false
  ) {
    self.server = server
    self.experiment = experiment
    self.name = name
    self.identity = identity
    self.parameters = parameters
    self.resumes = resumes
  }

  /// Begins the run at the server, unless it has begun.
  ///
  /// - Throws: `MLflowError`.
  package func begin() throws(MLflowError) { _ = try begun() }

  /// Keeps the numbers of an event to be sent, with the time of day. Numbers that are not finite are left out.
  package func keep(_ event: TrackedEvent) {
    let now = Self.now
    guard event.step > known else { return }
    waiting += event.scalars.filter(\.value.isFinite).map {
      MLflowMessages.Metric(key: $0.tag, value: $0.value, timestamp: now, step: event.step)
    }
  }

  /// Sends what is kept.
  ///
  /// - Throws: `MLflowError`; then what was not taken stays kept.
  package func send() throws(MLflowError) {
    let id = try begun()
    while !waiting.isEmpty {
      let some = Array(waiting.prefix(Self.metricLimit))
      let _: MLflowMessages.Nothing = try server.post(
        "runs/log-batch", MLflowMessages.LogBatch(run_id: id, metrics: some))
      waiting.removeFirst(some.count)
    }
  }

  /// Sends what is kept and says how the run ended.
  ///
  /// - Throws: `MLflowError`.
  package func end(_ ending: RunEnding) throws(MLflowError) {
    try send()
    let status =
      switch ending {
      case .finished: "FINISHED"
      case .failed: "FAILED"
      case .stopped: "KILLED"
      }
    try update(begun(), status, endTime: Self.now)
  }

  private static var now: Int { Int(Date().timeIntervalSince1970 * 1000) }

  private func update(_ id: String, _ status: String, endTime: Int? = nil) throws(MLflowError) {
    let _: MLflowMessages.Nothing = try server.post(
      "runs/update", MLflowMessages.UpdateRun(run_id: id, status: status, end_time: endTime))
  }

  private func begun() throws(MLflowError) -> String {
    let id: String
    if let runID {
      id = runID
    } else {
      let experiment = try experimentID()
      if resumes, let found = try unfinished(in: experiment) {
        id = found.info.run_id
        try update(id, "RUNNING")
        known = found.data?.metrics?.compactMap(\.step).max() ?? -1
        waiting.removeAll { $0.step <= known }
      } else {
        id = try created(in: experiment)
      }
      runID = id
    }
    while !parameters.isEmpty {
      let some = parameters.prefix(Self.parameterLimit).map {
        MLflowMessages.Pair(
          key: $0.name, value: String($0.value.description.prefix(Self.longestValue)))
      }
      let _: MLflowMessages.Nothing = try server.post(
        "runs/log-batch", MLflowMessages.LogBatch(run_id: id, params: some))
      parameters.removeFirst(some.count)
    }
    return id
  }

  private func experimentID() throws(MLflowError) -> String {
    let found: MLflowMessages.FoundExperiment? = try server.get(
      "experiments/get-by-name", ["experiment_name": experiment])
    if let found = found?.experiment {
      guard found.lifecycle_stage != "deleted" else {
        throw MLflowError(
          .refused,
          "MLflow at \(server.address) has experiment “\(experiment)” among what was deleted; restore it there, or name another"
        )
      }
      return found.experiment_id
    }
    let made: MLflowMessages.CreatedExperiment = try server.post(
      "experiments/create", MLflowMessages.CreateExperiment(name: experiment))
    return made.experiment_id
  }

  private func unfinished(
    in experiment: String
  ) throws(MLflowError) -> MLflowMessages.Run? {
    let found: MLflowMessages.FoundRuns = try server.post(
      "runs/search",
      MLflowMessages.SearchRuns(
        experiment_ids: [experiment],
        filter:
          "tags.`\(Self.identityTag)` = '\(identity)' and attributes.status != 'FINISHED'",
        max_results: 1, order_by: ["attributes.start_time DESC"]))
    return found.runs?.first
  }

  private func created(in experiment: String) throws(MLflowError) -> String {
    let made: MLflowMessages.CreatedRun = try server.post(
      "runs/create",
      MLflowMessages.CreateRun(
        experiment_id: experiment, run_name: name, start_time: Self.now,
        tags: [
          MLflowMessages.Pair(key: "mlflow.source.name", value: "inkling"),
          MLflowMessages.Pair(key: "mlflow.source.type", value: "LOCAL"),
          MLflowMessages.Pair(key: Self.identityTag, value: identity),
        ]))
    return made.run.info.run_id
  }
}
