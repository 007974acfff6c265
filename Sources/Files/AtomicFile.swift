#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writing whole files so that a reader never sees half of one.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file beside `path`, syncs it and renames it into place.
  ///
  /// After a failure (full disk, no permission) nothing stands under `path` that was not there before,
  /// and the temporary file is removed.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(FileError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw FileError(.create, path, code: errno) }
    var failure = writeAll(ContiguousArray(bytes), to: descriptor)
    if failure == 0, fsync(descriptor) != 0, errno != EINVAL { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(temporary, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw FileError(.write, path, code: failure)
    }
  }

  /// Writes `text` as UTF-8; see `write(_:to:)`.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  public static func write(text: String, to path: String) throws(FileError) {
    try write(text.utf8, to: path)
  }

  /// Returns 0 or the error number.
  private static func writeAll(_ bytes: ContiguousArray<UInt8>, to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer -> Int32 in
      var written = 0
      while written < buffer.count {
        let count = systemWrite(descriptor, buffer, from: written)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += count
      }
      return 0
    }
  }

  private static func systemWrite(
    _ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, from offset: Int
  ) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    #if canImport(Glibc)
      return Glibc.write(descriptor, base + offset, buffer.count - offset)
    #else
      return Darwin.write(descriptor, base + offset, buffer.count - offset)
    #endif
  }
}
