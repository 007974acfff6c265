import Files
import Networks

extension GeneratorCheckpoint {
  /// The generator in a file with the hash of its bytes; `nil` for a file of another kind.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` for a generator's that is bad.
  static func found(at path: String) throws -> (checkpoint: Self, sha256: SHA256)? {
    guard path.hasSuffix(CheckpointName.ending), !FileBytes.isFolder(path) else { return nil }
    return try CheckpointFileError.naming(path) { bytes throws(CheckpointError) in
      guard let file = try? SafeTensors(bytes), isOne(file) else { return nil }
      return (try Self(file), SHA256(of: bytes))
    }
  }
}
