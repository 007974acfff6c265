package import Files

/// A file of TensorBoard's events in a run's folder.
///
/// It is written while the run goes on, event by event, so that TensorBoard can follow it and an interruption loses nothing
/// that was told; what an interrupted writer left half is cut off. A run that goes on from a step keeps what was told up
/// to it. What it tells again of the steps behind is not written twice: it is there already, to the same bytes.
package final class EventLog {
  /// What the file is called: TensorBoard reads whatever has `tfevents` in its name.
  package static let fileName = "events.out.tfevents.inkling"

  private let file: AppendedFile
  /// Records of the steps behind the one that the run goes on from, until they are told again.
  private var ahead: ArraySlice<[UInt8]> = []

  /// Opens the file in a folder.
  ///
  /// - Parameters:
  ///   - folder: the run's folder, made if it is not there.
  ///   - step: the step that the run goes on from; `nil` for a new run, which replaces an earlier one.
  /// - Throws: `FileError` if it cannot be written, or if another program's events are there.
  package init(in folder: String, goingOnFrom step: Int? = nil) throws(FileError) {
    try Self.check(folder)
    let path = "\(folder)/\(Self.fileName)"
    guard let step, FileBytes.exists(path) else {
      file = try AppendedFile(path, keeping: 0)
      try appendWhole { try EventEncoding.beginning() }
      return
    }
    let bytes = try FileBytes.read(path)
    let records = RecordFile.records(in: bytes)
    file = try AppendedFile(path, keeping: records.last?.upperBound ?? 0)
    guard !records.isEmpty else {
      try appendWhole { try EventEncoding.beginning() }
      return
    }
    let kept = records.prefix { record in
      EventEncoding.step(of: bytes[RecordFile.content(of: record)]).map { $0 <= step } ?? false
    }
    ahead = records[kept.count...].map { Array(bytes[$0]) }[...]
  }

  /// Checks that a run's events can be written into a folder; makes nothing.
  ///
  /// - Throws: `FileError` of `.create` that says why not.
  package static func check(_ folder: String) throws(FileError) {
    try OutputPlace.check(folder: folder)
    guard FileBytes.isFolder(folder) else { return }
    let path = "\(folder)/\(fileName)"
    if FileBytes.exists(path) { try OutputPlace.check(file: path) }
    let others = try FileBytes.names(in: folder).filter {
      $0.contains("tfevents") && $0 != fileName
    }
    if let other = others.first {
      throw FileError(
        .create, path,
        reason:
          "\(other) is there, and TensorBoard would take both for one run; name another folder")
    }
  }

  /// True if nothing was told yet.
  package var isNew: Bool { file.count == Self.beginningCount && ahead.isEmpty }

  private static let beginningCount = (try? EventEncoding.beginning().count) ?? 0

  /// Tells what decides the run; before anything else.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  package func begin(_ parameters: [Hyperparameter]) throws(FileError) {
    try appendWhole { try HyperparameterRecords.start(parameters, group: "") }
  }

  /// Tells an event; steps may not go back.
  ///
  /// - Throws: `FileError` with the operating system's reason; then the file ends with the event before.
  package func append(_ event: TrackedEvent) throws(FileError) {
    try appendWhole { try EventEncoding.record(event) }
  }

  /// Tells how the run ended, and waits until all is on the disk.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  package func end(_ ending: RunEnding, step: Int) throws(FileError) {
    try appendWhole { try HyperparameterRecords.end(ending, step: step) }
    try file.sync()
  }

  /// Waits until all is on the disk.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  package func sync() throws(FileError) { try file.sync() }

  private func appendWhole(_ encode: () throws -> [UInt8]) throws(FileError) {
    // Encoding fails only for messages that the schema asks more of.
    guard let record = try? encode() else { return }
    if let next = ahead.first {
      if next == record {
        ahead.removeFirst()
        return
      }
      // Another machine's arithmetic: from here on all is told anew.
      try file.cut(to: file.count - ahead.reduce(0) { $0 + $1.count })
      ahead = []
    }
    try file.append(record)
  }
}
