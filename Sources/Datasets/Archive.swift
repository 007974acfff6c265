package import Files

/// Reading files out of the archives that sets come in: tar packed by gzip, or zip.
package enum Archive {
  /// Tar archives of at most this many bytes, unpacked, are read.
  private static let largestTar = 1 << 29

  /// Reads some members of an archive file, in the order in which they lie there; see `ArchiveFile.read`.
  ///
  /// - Throws: `FileError` if it cannot be read, `DatasetError.damaged` if `ArchiveFile` cannot make anything of it; what
  ///   `body` throws.
  package static func read(
    _ path: String, limit: Int, where isWanted: (String) -> Bool,
    body: (ArchiveFile.Member) throws -> Void
  ) throws {
    // libarchive does not look at the checksum that gzip ends with; the house's own reader does.
    if Gzip.isCompressed(try FileBytes.start(of: path, count: 2)) {
      try read(
        Gzip.read(path, limit: largestTar), path: path, limit: limit, where: isWanted, body: body)
    } else {
      try named(path) {
        try ArchiveFile.read(path, limit: limit, where: isWanted, body: body)
      }
    }
  }

  /// The same of an archive held in memory, neither tar nor zip being packed once more.
  package static func read(
    _ bytes: [UInt8], path: String, limit: Int, where isWanted: (String) -> Bool,
    body: (ArchiveFile.Member) throws -> Void
  ) throws {
    try named(path) {
      try ArchiveFile.read(bytes, limit: limit, where: isWanted, body: body)
    }
  }

  private static func named(_ path: String, _ body: () throws -> Void) throws {
    do { try body() } catch let error as ArchiveError {
      throw DatasetError.damaged(path: path, reason: error.description, offset: nil)
    }
  }
}
