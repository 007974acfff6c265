#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file with a name that nobody can guess, which becomes another file when it is whole.
struct TemporaryFile {
  private static let (start, end, digits) = (".inkling-", ".tmp", 16)

  let path: String

  /// Writes the bytes into a new file in a folder and syncs it; no link is followed.
  ///
  /// - Parameters:
  ///   - bytes: what the file holds.
  ///   - folder: where it stands.
  ///   - model: the file that it will replace, whose mode and owner it takes; with none it gets those of a new file.
  ///   - name: the file in question, for the error.
  /// - Throws: `FileError` with the operating system's reason.
  init(
    _ bytes: ContiguousArray<UInt8>, in folder: String, like model: stat?, for name: String
  ) throws(FileError) {
    let number = String(UInt64.random(in: .min ... .max), radix: 16)
    let zeros = String(repeating: "0", count: Self.digits - number.count)
    path = "\(folder)/\(Self.start)\(zeros)\(number)\(Self.end)"
    let mode: mode_t = model == nil ? 0o666 : 0o600
    let descriptor = SystemPath.with(path) {
      open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }
    guard descriptor >= 0 else { throw FileError(.create, name, code: errno) }
    var failure = Descriptor.write(bytes, to: descriptor)
    if failure == 0, let model {
      // Another owner can only be kept by who may give files away; the mode must be kept by all.
      _ = fchown(descriptor, model.st_uid, model.st_gid)
      if fchmod(descriptor, model.st_mode & 0o7777) != 0 { failure = errno }
    }
    if failure == 0 { failure = Descriptor.sync(descriptor) }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      remove()
      throw FileError(.write, name, code: failure)
    }
  }

  /// Puts the file in the place of another.
  func move(to target: String, for name: String) throws(FileError) {
    let result = SystemPath.with(path) { path in
      SystemPath.with(target) { rename(path, $0) }
    }
    guard result == 0 else {
      let code = errno
      remove()
      throw FileError(.write, name, code: code)
    }
  }

  func remove() { _ = SystemPath.with(path) { unlink($0) } }

  /// Removes what a run that was killed left in a folder, unless somebody is writing there.
  static func removeStale(in folder: String) {
    guard let names = try? FileBytes.names(in: folder), names.contains(where: isName),
      let lock = FolderLock(alone: folder)
    else { return }
    for name in (try? FileBytes.names(in: folder)) ?? [] where isName(name) {
      _ = SystemPath.with("\(folder)/\(name)") { unlink($0) }
    }
    lock.sync()
  }

  private static func isName(_ name: String) -> Bool {
    guard name.hasPrefix(start), name.hasSuffix(end) else { return false }
    let middle = name.dropFirst(start.count).dropLast(end.count)
    return middle.count == digits && middle.allSatisfy(\.isHexDigit)
  }
}
