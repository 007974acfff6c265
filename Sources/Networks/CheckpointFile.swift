public import Files

extension Checkpoint {
  /// Reads a checkpoint file that Inkling wrote.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if its contents are bad.
  public static func read(_ path: String) throws -> Self {
    try CheckpointFileError.naming(path) { bytes throws(CheckpointError) in
      try Self(SafeTensors(bytes))
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

  /// What is made of a file's bytes; what is wrong with them is told with the path.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` for what `make` throws.
  package static func naming<Value>(
    _ path: String, _ make: ([UInt8]) throws(CheckpointError) -> Value
  ) throws -> Value {
    let bytes = try FileBytes.read(path)
    do throws(CheckpointError) {
      return try make(bytes)
    } catch {
      throw CheckpointFileError(path: path, reason: error)
    }
  }

  /// The sentence that a person reads.
  public var description: String { "\(path): \(reason)" }
}
