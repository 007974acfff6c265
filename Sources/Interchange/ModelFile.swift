import Files
public import Networks

/// A file with a network, in any of the formats that are read: safetensors, Inkling's and others', and what `torch.save` wrote.
public enum ModelFile {
  /// Reads a file; its first bytes say which format it is.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - assumptions: what stands in for what the file does not say.
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if its contents are bad.
  public static func read(
    _ path: String, assuming assumptions: Checkpoint.Assumptions? = nil
  ) throws -> Checkpoint {
    let bytes = try FileBytes.read(path)
    do throws(CheckpointError) {
      return PyTorchFile.isOne(bytes)
        ? try PyTorchFile(bytes).checkpoint(assuming: assumptions)
        : try Checkpoint(SafeTensors(bytes), assuming: assumptions)
    } catch {
      throw CheckpointFileError(path: path, reason: error)
    }
  }
}
