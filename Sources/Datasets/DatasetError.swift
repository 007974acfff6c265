/// Data that cannot be used.
public enum DatasetError: Error, CustomStringConvertible {
  /// A file is damaged or not what it should be: the reason, and the byte where that is known.
  case damaged(path: String, reason: String, offset: Int?)
  /// A set was not where the user said it is.
  case missing(String)
  /// A set could not be downloaded.
  case unreachable(String)
  /// A published set is of a kind that Inkling does not read.
  case unsupported(String)

  /// The sentence that a person reads.
  public var description: String {
    switch self {
    case .damaged(let path, let reason, let offset):
      offset.map { "\(path): \(reason) (byte \($0))" } ?? "\(path): \(reason)"
    case .missing(let text), .unreachable(let text), .unsupported(let text): text
    }
  }
}
