import Files
import Foundation
public import Networks

/// A file with a network, in any of the formats that are read: safetensors, Inkling's and others', what `torch.save`
/// wrote, and ONNX.
public enum ModelFile {
  /// Reads a file; its first bytes say which format it is.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - assumptions: what stands in for what the file does not say.
  /// - Returns: the network with what the file says of it.
  /// - Throws: `FileError` if it cannot be read, `CheckpointFileError` if its contents are bad.
  public static func read(
    _ path: String, assuming assumptions: Checkpoint.Assumptions? = nil
  ) throws -> Checkpoint {
    let bytes = try FileBytes.read(path)
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    do throws(CheckpointError) {
      return try read(bytes, in: folder, assuming: assumptions)
    } catch {
      throw CheckpointFileError(path: path, reason: error)
    }
  }

  /// Reads a file's contents; tensors that an ONNX file keeps in other files must lie in its folder.
  package static func read(
    _ bytes: [UInt8], in folder: String, assuming assumptions: Checkpoint.Assumptions?
  ) throws(CheckpointError) -> Checkpoint {
    if PyTorchFile.isOne(bytes) {
      return try PyTorchFile(bytes).checkpoint(assuming: assumptions)
    }
    guard ONNXFile.isOne(bytes) else {
      return try Checkpoint(SafeTensors(bytes), assuming: assumptions)
    }
    // What a person says of pixels counts for a graph, not for a checkpoint, which says it itself.
    if assumptions?.normalization == nil, assumptions?.inputShape == nil,
      let own = try ONNXExport.checkpoint(in: bytes, assuming: assumptions)
    {
      return own
    }
    return try ONNXFile(bytes, folder: folder).checkpoint(assuming: assumptions)
  }

  /// True for a file of others that says itself which network it holds, though not what pixels go through before it.
  ///
  /// - Throws: `FileError` if it cannot be read.
  public static func saysItsNetwork(_ path: String) throws -> Bool {
    ONNXFile.isOne(try FileBytes.start(of: path, count: 3))
  }
}
