import Foundation

/// A folder that exists as long as the value.
public final class TemporaryFolder: Sendable {
  /// Its path.
  public let path: String

  /// Creates a folder of its own.
  public init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("inkling-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name inside.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, creating folders on the way; returns its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}
