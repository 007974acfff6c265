/// Why an MLflow server could not be told something, in words for a person.
package struct MLflowError: Error, Equatable, CustomStringConvertible {
  /// What kind of trouble it is.
  package enum Kind: Sendable {
    /// The address is none.
    case address
    /// The server is away, too slow, or no MLflow server.
    case unreachable
    /// The server says no.
    case refused
  }

  /// What kind of trouble it is.
  package let kind: Kind
  /// The sentence that a person reads.
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
