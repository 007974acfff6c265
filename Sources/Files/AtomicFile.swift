#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writing whole files so that a reader never sees half of one.
public enum AtomicFile {
  /// Writes `bytes` to a temporary file in the same folder, syncs it and renames it into place.
  ///
  /// Folders above are made if needed. A symbolic link is followed; mode and owner of what stood there stay, and a new
  /// file follows the umask. A device or a pipe is written through. A file with several names (hard links) is written
  /// in place, once the bytes are whole on the disk, so that all of them go on naming it.
  /// After a failure (full disk, no permission) nothing stands under `path` that was not there before,
  /// and the temporary file is removed.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(FileError) {
    try write([(path, ContiguousArray(bytes))])
  }

  /// Writes `text` as UTF-8; see `write(_:to:)`.
  ///
  /// - Throws: `FileError` with the operating system's reason.
  public static func write(text: String, to path: String) throws(FileError) {
    try write(text.utf8, to: path)
  }

  /// Writes several files; none is put into its place before all are whole on the disk.
  ///
  /// - Parameter files: paths with their bytes, put into place in this order.
  /// - Throws: `FileError` with the operating system's reason.
  public static func write(
    _ files: [(path: String, bytes: ContiguousArray<UInt8>)]
  ) throws(FileError) {
    var staged: [(place: OutputPlace, file: TemporaryFile, bytes: ContiguousArray<UInt8>)] = []
    // An array cannot hold locks; a folder's lock is shared as often as files are written there at once.
    let lock = FolderLocks()
    do throws(FileError) {
      for (path, bytes) in files {
        let place = try OutputPlace(path)
        if place.isStream {
          try writeThrough(bytes, to: place, truncating: false)
          continue
        }
        try Folder.create(place.folder)
        lock.share(place.folder)
        staged.append(
          (
            place,
            try TemporaryFile(bytes, in: place.folder, like: place.status, for: path), bytes
          ))
      }
    } catch {
      for (_, file, _) in staged { file.remove() }
      throw error
    }
    while !staged.isEmpty {
      let (place, file, bytes) = staged.removeFirst()
      do throws(FileError) {
        if place.hasOtherNames {
          defer { file.remove() }
          try writeThrough(bytes, to: place, truncating: true)
        } else {
          try file.move(to: place.target, for: place.path)
        }
      } catch {
        for (_, file, _) in staged { file.remove() }
        throw error
      }
    }
    lock.sync()
  }

  /// Puts a file that is whole into the place of another in the same folder, once its bytes are on the disk.
  ///
  /// - Throws: `FileError` with the operating system's reason; then it stays under its own name.
  package static func move(_ file: String, to path: String) throws(FileError) {
    let lock = FolderLocks()
    lock.share(Folder.parentFolder(of: path))
    let descriptor = SystemPath.with(file) { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
    guard descriptor >= 0 else { throw FileError(.read, file, code: errno) }
    let failure = Descriptor.sync(descriptor)
    close(descriptor)
    guard failure == 0 else { throw FileError(.write, file, code: failure) }
    guard SystemPath.with(file, { file in SystemPath.with(path) { rename(file, $0) } }) == 0 else {
      throw FileError(.create, path, code: errno)
    }
    lock.sync()
  }

  private static func writeThrough(
    _ bytes: ContiguousArray<UInt8>, to place: OutputPlace, truncating: Bool
  ) throws(FileError) {
    let descriptor = SystemPath.with(place.target) {
      open($0, O_WRONLY | O_NOCTTY | O_CLOEXEC | (truncating ? O_TRUNC : 0))
    }
    guard descriptor >= 0 else { throw FileError(.create, place.path, code: errno) }
    var failure = Descriptor.write(bytes, to: descriptor)
    if failure == 0 { failure = Descriptor.sync(descriptor) }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else { throw FileError(.write, place.path, code: failure) }
  }
}

/// The locks of some folders, held as long as this is.
private final class FolderLocks {
  private final class Holder {
    let lock: FolderLock
    init(_ folder: String) { lock = FolderLock(sharing: folder) }
  }

  private var holders: [String: Holder] = [:]

  func share(_ folder: String) {
    if holders[folder] == nil { holders[folder] = Holder(folder) }
  }

  func sync() {
    for holder in holders.values { holder.lock.sync() }
  }
}
