#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading whole files and asking about paths.
package enum FileBytes {
  /// Opens a regular file to read; whoever asks closes it.
  ///
  /// - Throws: `FileError` if it does not exist, is not a regular file or cannot be read.
  static func openRegular(_ path: String) throws(FileError) -> (descriptor: Int32, size: Int) {
    let descriptor = SystemPath.with(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw FileError(.read, path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw FileError(.read, path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(.read, path, reason: "it is not a regular file")
    }
    return (descriptor, Int(status.st_size))
  }

  /// The number of bytes of a regular file.
  ///
  /// - Throws: `FileError` as `read` does.
  package static func size(of path: String) throws(FileError) -> Int {
    let (descriptor, size) = try openRegular(path)
    close(descriptor)
    return size
  }

  /// The first bytes of a regular file, fewer if it has no more.
  ///
  /// - Throws: `FileError` as `read` does.
  package static func start(of path: String, count: Int) throws(FileError) -> [UInt8] {
    let (descriptor, size) = try openRegular(path)
    defer { close(descriptor) }
    return try read(descriptor, count: min(count, size), path: path)
  }

  /// Reads a regular file of at most `limit` bytes.
  ///
  /// - Throws: `FileError` if it does not exist, is not a regular file, is larger than `limit`, or cannot be read.
  package static func read(_ path: String, limit: Int = 1 << 32) throws(FileError) -> [UInt8] {
    let (descriptor, size) = try openRegular(path)
    defer { close(descriptor) }
    guard size <= limit else {
      throw FileError(
        .read, path, reason: "it has \(size) bytes, more than the \(limit) that make sense here")
    }
    return try read(descriptor, count: size, path: path)
  }

  private static func read(
    _ descriptor: Int32, count size: Int, path: String
  ) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        let got = systemRead(descriptor, base + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else { throw FileError(.read, path, code: failure) }
    return bytes
  }

  /// True if something exists at `path`.
  package static func exists(_ path: String) -> Bool {
    SystemPath.with(path) { access($0, F_OK) } == 0
  }

  /// True if `path` is an existing folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return SystemPath.with(path) { stat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  /// True if both paths lead to one existing file.
  package static func isSame(_ path: String, _ other: String) -> Bool {
    var (status, otherStatus) = (stat(), stat())
    return SystemPath.with(path) { stat($0, &status) } == 0
      && SystemPath.with(other) { stat($0, &otherStatus) } == 0
      && status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
  }

  /// The names in a folder, sorted by their bytes, without `.` and `..`; see `SystemPath` for those that are not UTF-8.
  ///
  /// - Throws: `FileError` if the folder cannot be opened.
  package static func names(in folder: String) throws(FileError) -> [String] {
    guard let handle = SystemPath.with(folder, { opendir($0) }) else {
      throw FileError(.read, folder, code: errno)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
          SystemPath.text(Array(UnsafeBufferPointer(start: name, count: 256).prefix { $0 != 0 }))
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func systemRead(
    _ descriptor: Int32, _ base: UnsafeMutablePointer<UInt8>, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      return Glibc.read(descriptor, base, count)
    #else
      return Darwin.read(descriptor, base, count)
    #endif
  }
}

extension FileBytes {
  /// Removes a file.
  ///
  /// - Throws: `FileError` if it cannot be removed.
  package static func remove(_ path: String) throws(FileError) {
    guard SystemPath.with(path, { unlink($0) }) == 0 else {
      throw FileError(.write, path, code: errno)
    }
  }
}
