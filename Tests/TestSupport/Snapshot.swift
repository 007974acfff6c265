import Foundation

/// A text that was looked at once and kept beside the tests, in `Snapshots`.
///
/// `RECORD_SNAPSHOTS=1` writes what is there now, and fails; the change then shows in the diff of the commit.
public struct Snapshot {
  private let file: URL

  /// A snapshot of a name beside a test's file.
  public init(_ name: String, beside test: String = #filePath) {
    file = URL(fileURLWithPath: test).deletingLastPathComponent().appending(
      path: "Snapshots/\(name)")
  }

  /// How a text differs from what is kept.
  ///
  /// - Returns: the first lines that differ; `nil` if there are none.
  /// - Throws: if nothing is kept, or it cannot be written.
  public func difference(from text: String) throws -> String? {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return "\(file.lastPathComponent) is recorded; run again without RECORD_SNAPSHOTS"
    }
    let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    guard kept != text else { return nil }
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n", omittingEmptySubsequences: false)
    }
    let changes = lines(text).difference(from: lines(kept)).prefix(12).map { change in
      switch change {
      case .insert(let place, let line, _): "+\(place + 1) \(line)"
      case .remove(let place, let line, _): "-\(place + 1) \(line)"
      }
    }
    return "\(file.lastPathComponent):\n\(changes.joined(separator: "\n"))"
  }
}
