import Files
import Interchange
import Networks

/// A file that says itself which network it holds, where a command has no options for what one leaves out.
enum WholeCheckpoint {
  /// Reads a checkpoint, or an ONNX file.
  ///
  /// - Throws: `Failure` that says how mere tensors become a checkpoint; what `ModelFile.read` throws.
  static func read(_ path: String) throws -> Checkpoint {
    do {
      let checkpoint = try ModelFile.read(path)
      checkpoint.notes.forEach { Terminal.inform("note: \($0)") }
      return checkpoint
    } catch let error as CheckpointFileError where error.reason.asksForNetwork {
      let command = Shell.command(["inkling", "convert", path])
      throw Failure(
        "\(path): it holds tensors, not the network; make it a checkpoint first: \(command) --model SPEC --to safetensors"
          + " --output mine.safetensors", .badData)
    }
  }
}
