#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that grows at its end while others read it, by one writer at a time.
///
/// What is appended is written at once; if that fails half-way (full disk), what came of it is taken off again, so that the
/// file ends where it did.
package final class AppendedFile {
  private let path: String
  private let descriptor: Int32
  /// Bytes of the file.
  package private(set) var count: Int

  /// Opens a file, or makes one with the folders above it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - kept: bytes of it that stay; what stands behind them is cut off. More than there are means all.
  /// - Throws: `FileError` if it cannot be written, is no regular file, or is being written by another program.
  package init(_ path: String, keeping kept: Int) throws(FileError) {
    try OutputPlace.check(file: path)
    try Folder.create(Folder.parentFolder(of: path))
    self.path = path
    descriptor = SystemPath.with(path) {
      open($0, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    }
    count = 0
    guard descriptor >= 0 else { throw FileError(.create, path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(.create, path, reason: "it is not a regular file")
    }
    // Where a file system knows no locks, nothing is locked.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw FileError(.create, path, reason: "another run is writing it; name another folder")
    }
    count = min(kept, Int(status.st_size))
    try cut(to: count)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Cuts off what stands behind so many bytes.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  package func cut(to count: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) >= 0
    else { throw FileError(.write, path, code: errno) }
    self.count = count
  }

  /// Writes behind what is there.
  ///
  /// - Throws: `FileError` with the operating system's reason; then the file is as it was.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    let failure = Descriptor.write(ContiguousArray(bytes), to: descriptor)
    guard failure == 0 else {
      try? cut(to: count)
      throw FileError(.write, path, code: failure)
    }
    count += bytes.count
  }

  /// Waits until all is on the disk.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  package func sync() throws(FileError) {
    let failure = Descriptor.sync(descriptor)
    guard failure == 0 else { throw FileError(.write, path, code: failure) }
  }
}
