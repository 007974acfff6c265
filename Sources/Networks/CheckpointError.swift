/// A checkpoint or array file that cannot be used, with the place where that is known.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The sentence that a person reads.
  public let description: String

  /// An error with its sentence, which does not name the file.
  package init(_ description: String) { self.description = description }
}
