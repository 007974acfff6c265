/// A file beside a checkpoint that does not hold what its name says.
public struct ExperimentFileError: Error, CustomStringConvertible {
  /// The file.
  package let path: String
  /// What is wrong with it.
  package let reason: String

  /// The sentence that a person reads.
  public var description: String { "\(path): \(reason)" }
}
