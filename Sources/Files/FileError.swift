#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that could not be read or written, with the operating system's reason.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was attempted.
  public enum Operation: String, Sendable {
    case read = "cannot read"
    case create = "cannot create"
    case write = "cannot write"
  }

  /// What was attempted.
  public let operation: Operation
  /// The path, as the user gave it.
  public let path: String
  /// The operating system's error number, or 0 where the reason is another one.
  public let code: Int32
  /// The reason in words.
  public let reason: String

  /// An error that the operating system numbered.
  package init(_ operation: Operation, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
    self.reason = String(cString: strerror(code))
  }

  /// An error that the program found itself.
  package init(_ operation: Operation, _ path: String, reason: String) {
    self.operation = operation
    self.path = path
    self.code = 0
    self.reason = reason
  }

  /// True if the file or folder does not exist.
  public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

  /// The sentence that a person reads.
  public var description: String { "\(operation.rawValue) \(path): \(reason)" }
}
