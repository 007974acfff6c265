import CArchive

/// Reading files out of an archive, tar or zip, by libarchive.
///
/// Nothing is ever written where an archive's own paths say: members are asked for by the last part of their path and
/// handed over as bytes. Every limit holds while reading, whatever the archive claims.
package enum ArchiveFile {
  /// A member that was asked for.
  package struct Member {
    /// The last part of its path.
    package let name: String
    /// What it holds.
    package let bytes: [UInt8]
  }

  /// Reads some members of an archive file, in the order in which they lie there.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - limit: a member of more bytes is refused, so that a small file cannot fill the memory.
  ///   - isWanted: asked of the last part of each regular file's path.
  ///   - body: told each member that is wanted.
  /// - Throws: `ArchiveError` if it is no archive, is damaged, or if what is wanted is a link, lies outside of the archive,
  ///   is there twice or is too large; what `body` throws.
  package static func read(
    _ path: String, limit: Int, where isWanted: (String) -> Bool, body: (Member) throws -> Void
  ) throws {
    let reader = try ArchiveReader.open(path)
    try reader.read(limit: limit, where: isWanted, body: body)
  }

  /// The same of an archive held in memory.
  package static func read(
    _ bytes: [UInt8], limit: Int, where isWanted: (String) -> Bool, body: (Member) throws -> Void
  ) throws {
    try bytes.withUnsafeBytes { buffer in
      let reader = try ArchiveReader.open(buffer)
      try reader.read(limit: limit, where: isWanted, body: body)
    }
  }
}

/// An archive that cannot be read.
package struct ArchiveError: Error, CustomStringConvertible {
  /// What is wrong with it, without its path.
  package let description: String
}

/// An open archive.
private struct ArchiveReader: ~Copyable {
  private let handle: OpaquePointer

  private init() throws(ArchiveError) {
    guard let handle = archive_read_new() else {
      throw ArchiveError(description: "libarchive could not start")
    }
    self.handle = handle
    archive_read_support_format_tar(handle)
    archive_read_support_format_zip(handle)
  }

  /// An archive file, which is read where it lies.
  static func open(_ path: String) throws(ArchiveError) -> ArchiveReader {
    let reader = try ArchiveReader()
    let name = SystemPath.bytes(path).map { CChar(bitPattern: $0) } + [0]
    try reader.check(archive_read_open_filename(reader.handle, name, 1 << 16))
    return reader
  }

  /// An archive in memory, which must outlive this.
  static func open(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> ArchiveReader {
    let reader = try ArchiveReader()
    try reader.check(archive_read_open_memory(reader.handle, bytes.baseAddress, bytes.count))
    return reader
  }

  deinit { archive_read_free(handle) }

  borrowing func read(
    limit: Int, where isWanted: (String) -> Bool, body: (ArchiveFile.Member) throws -> Void
  ) throws {
    var seen: Set<String> = []
    var entry: OpaquePointer?
    while true {
      let status = archive_read_next_header(handle, &entry)
      if status == ARCHIVE_EOF { return }
      try check(status)
      let full = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
      let parts = full.split(separator: "/")
      guard let name = parts.last.map(String.init), isWanted(name) else { continue }
      // The kind is in the upper four bits of the mode.
      let isFile = archive_entry_filetype(entry) & 0o170000 == 0o100000
      guard isFile, archive_entry_hardlink(entry) == nil else {
        // A folder may have the name of the file in it.
        if archive_entry_filetype(entry) & 0o170000 == 0o040000 { continue }
        throw damaged("its member \(full) is a link or a device, and no file")
      }
      guard !full.hasPrefix("/"), !parts.contains("..") else {
        throw damaged("its member \(full) lies outside of the archive")
      }
      guard seen.insert(name).inserted else { throw damaged("it holds \(name) twice") }
      guard archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) <= limit else {
        throw damaged(
          "its member \(full) claims \(archive_entry_size(entry)) bytes, more than the \(limit)"
            + " that make sense here")
      }
      try body(ArchiveFile.Member(name: name, bytes: contents(of: full, limit: limit)))
    }
  }

  /// The bytes of the member at hand.
  private borrowing func contents(of name: String, limit: Int) throws(ArchiveError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes {
        archive_read_data(handle, $0.baseAddress, $0.count)
      }
      guard count >= 0 else { throw damaged("its member \(name) is damaged: \(reason)") }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw damaged("its member \(name) unpacks to more than \(limit) bytes")
      }
    }
  }

  /// Names that are no text in the user's language are a warning, and no harm.
  private borrowing func check(_ status: Int32) throws(ArchiveError) {
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
      throw damaged("it is no tar or zip archive, or it is damaged: \(reason)")
    }
  }

  private var reason: String {
    archive_error_string(handle).map { String(cString: $0) } ?? "no reason is known"
  }

  private borrowing func damaged(_ reason: String) -> ArchiveError {
    ArchiveError(description: reason)
  }
}
