import Files
import Networks

extension GeneratorCheckpoint {
  /// The generator in a file; `nil` for a file of another kind.
  ///
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` for a generator's that is bad.
  static func found(at path: String) throws -> GeneratorCheckpoint? {
    guard path.hasSuffix(CheckpointName.ending), !FileBytes.isFolder(path),
      let file = try? SafeTensors(FileBytes.read(path)), isOne(file)
    else { return nil }
    return try read(path)
  }
}
