public import Files

extension Checkpoint {
  /// Reads a checkpoint file that Inkling wrote.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if its contents are bad.
  public static func read(_ path: String) throws -> Self {
    let bytes = try FileBytes.read(path)
    do throws(CheckpointError) {
      return try Self(SafeTensors(bytes))
    } catch {
      throw CheckpointFileError(path: path, reason: error)
    }
  }

  /// Writes the checkpoint, whole or not at all.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(safeTensors().encoded(), to: path)
  }
}

/// A bad checkpoint with its path.
public struct CheckpointFileError: Error, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: CheckpointError

  /// An error about the file at `path`.
  package init(path: String, reason: CheckpointError) {
    self.path = path
    self.reason = reason
  }

  /// The sentence that a person reads.
  public var description: String { "\(path): \(reason)" }
}
