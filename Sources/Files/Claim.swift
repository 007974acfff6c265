#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A piece of work that one of several processes has taken, on this machine or on another that shares the folder.
///
/// It is a file that only one can create, `NAME.0`. Whoever has it renews it; one that has not been renewed for the
/// time of the lease, or whose process on this machine is gone, is taken over by creating `NAME.1`, and so on, which
/// again only one can do. Nothing but wasted work hangs on it: whoever finishes writes the same result.
package struct Claim: Sendable {
  private let folder: String
  private let name: String
  private let generation: Int

  /// Seconds without renewal after which a claim is lost.
  package static let lease = 60.0
  /// Seconds between two renewals.
  package static let renewal = 10.0

  /// Takes a piece of work; `nil` if somebody else has it.
  ///
  /// - Parameters:
  ///   - name: what is taken, as a file may be called.
  ///   - folder: where the claims are kept.
  /// - Throws: `FileError` if no file can be created there.
  package init?(_ name: String, in folder: String) throws(FileError) {
    let last = try Self.generations(of: name, in: folder).last
    if let last {
      guard try Self.isLost("\(folder)/\(name).\(last)", in: folder) else { return nil }
    }
    (self.folder, self.name) = (folder, name)
    generation = last.map { $0 + 1 } ?? 0
    guard try Self.create(path, holder: Self.holder) else { return nil }
    if let last { Self.remove("\(folder)/\(name).\(last)") }
  }

  private var path: String { "\(folder)/\(name).\(generation)" }

  /// Says that the work goes on.
  package func renew() {
    SystemPath.with(path) { _ = utimensat(AT_FDCWD, $0, nil, 0) }
  }

  /// Gives the work back, done or not.
  package func release() { Self.remove(path) }

  /// The names that are taken in a folder, by whomever, still at it or not.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  package static func names(in folder: String) throws(FileError) -> Set<String> {
    Set(try FileBytes.names(in: folder).compactMap { parts(of: $0)?.name })
  }

  /// The names that are taken in a folder by somebody who is still at it.
  ///
  /// - Throws: `FileError` if the folder cannot be read.
  package static func taken(in folder: String) throws(FileError) -> Set<String> {
    var names: Set<String> = []
    for file in try FileBytes.names(in: folder) {
      guard let (name, _) = parts(of: file) else { continue }
      if try !isLost("\(folder)/\(file)", in: folder) { names.insert(name) }
    }
    return names
  }

  private static func parts(of file: String) -> (name: String, generation: Int)? {
    guard let dot = file.lastIndex(of: "."), let generation = Int(file[file.index(after: dot)...])
    else { return nil }
    return (String(file[..<dot]), generation)
  }

  private static func generations(of name: String, in folder: String) throws(FileError) -> [Int] {
    try FileBytes.names(in: folder).compactMap { file in
      parts(of: file).flatMap { $0.name == name ? $0.generation : nil }
    }.sorted()
  }

  /// The machine and process that hold a claim.
  private static var holder: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return "\(String(decoding: bytes, as: UTF8.self)) \(getpid())"
  }

  /// Creates a file that did not exist; false if it does.
  private static func create(_ path: String, holder: String) throws(FileError) -> Bool {
    let descriptor = SystemPath.with(path) {
      open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else {
      if errno == EEXIST { return false }
      throw FileError(.create, path, code: errno)
    }
    // Without its holder's name a claim is lost by time alone.
    _ = Descriptor.write(ContiguousArray(holder.utf8), to: descriptor)
    close(descriptor)
    return true
  }

  private static func remove(_ path: String) { SystemPath.with(path) { _ = unlink($0) } }

  /// True if nobody is at it any more.
  private static func isLost(_ path: String, in folder: String) throws(FileError) -> Bool {
    var status = stat()
    guard SystemPath.with(path, { stat($0, &status) }) == 0 else { return errno == ENOENT }
    let words = (try? FileBytes.read(path, limit: 1024)).map {
      String(decoding: $0, as: UTF8.self).split(separator: " ")
    }
    if let words, words.count == 2, let process = pid_t(words[1]), process > 0,
      holder.hasPrefix("\(words[0]) "), kill(process, 0) != 0, errno == ESRCH
    {
      return true
    }
    return try seconds(status) + lease < now(in: folder)
  }

  /// The time as the folder's file system has it, which may be another machine's.
  private static func now(in folder: String) throws(FileError) -> Double {
    let probe = "\(folder)/clock-\(holder.replacing(" ", with: "-"))"
    let descriptor = SystemPath.with(probe) { open($0, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw FileError(.create, probe, code: errno) }
    defer {
      close(descriptor)
      remove(probe)
    }
    var status = stat()
    guard futimens(descriptor, nil) == 0, fstat(descriptor, &status) == 0 else {
      throw FileError(.read, probe, code: errno)
    }
    return seconds(status)
  }

  private static func seconds(_ status: stat) -> Double {
    #if canImport(Glibc)
      Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    #else
      Double(status.st_mtimespec.tv_sec) + Double(status.st_mtimespec.tv_nsec) / 1e9
    #endif
  }
}
