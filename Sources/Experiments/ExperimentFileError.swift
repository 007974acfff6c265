/// A file beside a checkpoint that does not hold what its name says.
public struct ExperimentFileError: Error, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// The sentence that a person reads.
  public var description: String { "\(path): \(reason)" }
}
