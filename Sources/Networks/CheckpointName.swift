/// What checkpoint files are called, and those that belong to one and stand beside it.
package enum CheckpointName {
  /// The ending of every checkpoint.
  package static let ending = ".safetensors"

  /// A path or name without the ending.
  package static func stem(of path: String) -> String {
    path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
  }

  /// The file of a mark beside a checkpoint: `models/cnn.resume.safetensors` beside `models/cnn.safetensors`.
  package static func path(_ mark: String, beside path: String) -> String {
    "\(stem(of: path)).\(mark)\(ending)"
  }
}
