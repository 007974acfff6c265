import Files

/// Where the files of a published set lie.
package enum DatasetPlace: Sendable, Equatable {
  /// As files in a folder.
  case folder(String)
  /// In an archive, which is read as it is.
  case archive(String)

  /// Files of at most this many bytes are read, unpacked or not; the largest known has 212 MB.
  static let largestFile = 1 << 28

  /// The folder or the archive.
  var path: String {
    switch self {
    case .folder(let path), .archive(let path): path
    }
  }

  /// Reads files as they lie there, each once, in any order.
  ///
  /// - Parameters:
  ///   - files: those that are wanted; all of them must be there.
  ///   - body: told the number of a file, where it lies, for messages, and its bytes.
  /// - Throws: `FileError`, `DatasetError` or what `body` throws.
  func read(
    _ files: [PublishedFile], body: (_ number: Int, _ path: String, _ bytes: [UInt8]) throws -> Void
  ) throws {
    switch self {
    case .folder(let folder):
      for (number, file) in files.enumerated() {
        guard let path = file.path(in: folder) else {
          throw DatasetError.missing("\(folder): \(file.name) is missing")
        }
        try body(number, path, try FileBytes.read(path, limit: Self.largestFile))
      }
    case .archive(let archive):
      var missing = Set(files.indices)
      func number(_ name: String) -> Int? { files.firstIndex { $0.isCalled(name) } }
      try Archive.read(archive, limit: Self.largestFile, where: { number($0) != nil }) { member in
        guard let number = number(member.name), missing.remove(number) != nil else { return }
        try body(number, "\(archive): \(member.name)", member.bytes)
      }
      if let first = missing.min() {
        throw DatasetError.damaged(
          path: archive, reason: "it does not hold \(files[first].name)", offset: nil)
      }
    }
  }
}
