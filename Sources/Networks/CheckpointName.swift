/// What checkpoint files are called, and those that belong to one and stand beside it.
package enum CheckpointName {
  /// The ending of every checkpoint that Inkling writes.
  package static let ending = ".safetensors"
  /// Those of files that are read.
  private static let endings = [ending, ".onnx", ".pt", ".pth"]

  /// True for a path or name that ends as one.
  package static func isOne(_ path: String) -> Bool { endings.contains(where: path.hasSuffix) }

  /// A path or name without the ending.
  package static func stem(of path: String) -> String {
    endings.first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
  }

  /// The file of a mark beside a checkpoint: `models/cnn.resume.safetensors` beside `models/cnn.safetensors`.
  package static func path(_ mark: String, beside path: String) -> String {
    "\(stem(of: path)).\(mark)\(ending)"
  }
}
