/// A checkpoint or array file that cannot be used, with the place where that is known.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The sentence that a person reads.
  public let description: String

  /// True if all that is missing is a person's word which network the tensors are of.
  package let asksForNetwork: Bool

  /// An error with its sentence, which does not name the file.
  package init(_ description: String, asksForNetwork: Bool = false) {
    self.description = description
    self.asksForNetwork = asksForNetwork
  }
}
