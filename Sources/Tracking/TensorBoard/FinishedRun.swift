import Files

/// A run that is over, as the whole of an event file.
package struct FinishedRun: Sendable {
  /// What decided it; empty if that is not known.
  package var parameters: [Hyperparameter] = []
  /// Runs of one group are shown in one row of the HPARAMS tab.
  package var group = ""
  /// What is told of it, steps ascending.
  package var events: [TrackedEvent] = []
  /// How it ended.
  package var ending = RunEnding.finished

  /// A run of which nothing is told yet.
  package init() {}

  /// Writes the event file into a folder, whole or not at all.
  ///
  /// - Returns: its path.
  /// - Throws: `FileError`, as `EventLog.check` does too.
  package func write(to folder: String) throws -> String {
    var records = [try EventEncoding.beginning()]
    if !parameters.isEmpty {
      records.append(try HyperparameterRecords.start(parameters, group: group))
    }
    for event in events { records.append(try EventEncoding.record(event)) }
    if !parameters.isEmpty {
      records.append(try HyperparameterRecords.end(ending, step: events.last?.step ?? 0))
    }
    return try Self.write(records, to: folder)
  }

  /// Writes what runs in the folders below differ in, and what they are compared by.
  ///
  /// - Returns: the file's path.
  /// - Throws: `FileError`, as `EventLog.check` does too.
  package static func writeExperiment(
    _ name: String, domains: [HyperparameterDomain], metrics: [ComparedMetric], to folder: String
  ) throws -> String {
    try write(
      [
        EventEncoding.beginning(),
        HyperparameterRecords.experiment(name, domains: domains, metrics: metrics),
      ], to: folder)
  }

  private static func write(_ records: [[UInt8]], to folder: String) throws -> String {
    try EventLog.check(folder)
    let path = "\(folder)/\(EventLog.fileName)"
    try AtomicFile.write(Array(records.joined()), to: path)
    return path
  }
}
