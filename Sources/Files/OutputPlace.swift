#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where output goes: what stands there, and whether it can be written in the end.
///
/// A symbolic link is followed, to a file that does not exist yet too. A device or a pipe is written through. A
/// read-only file, a mount point and a file that the folder does not let be replaced are refused.
package struct OutputPlace {
  /// The most bytes that a file's name may have.
  package static let longestName = Int(NAME_MAX)

  /// The path, as the user gave it.
  let path: String
  /// The path with a link at its end followed.
  let target: String
  /// What stands there.
  let status: stat?

  /// Looks at a place for a file.
  ///
  /// - Throws: `FileError` if links lead nowhere.
  init(_ path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "“”", reason: "the name is empty") }
    self.path = path
    var target = path
    // As many links as Linux follows.
    for _ in 0..<40 {
      var status = stat()
      guard SystemPath.with(target, { lstat($0, &status) }) == 0 else {
        guard errno == ENOENT || errno == ENOTDIR else {
          throw FileError(.create, path, code: errno)
        }
        (self.target, self.status) = (target, nil)
        return
      }
      guard status.st_mode & S_IFMT == S_IFLNK else {
        (self.target, self.status) = (target, status)
        return
      }
      let link = try Self.link(at: target)
      target = link.hasPrefix("/") ? link : "\(Folder.parentFolder(of: target))/\(link)"
    }
    throw FileError(.create, path, code: ELOOP)
  }

  private static func link(at path: String) throws(FileError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = SystemPath.with(path) { readlink($0, &buffer, buffer.count) }
    guard count > 0 else { throw FileError(.create, path, code: errno) }
    return SystemPath.text(buffer[..<count].map { UInt8(bitPattern: $0) })
  }

  /// The folder that the file stands in.
  var folder: String { Folder.parentFolder(of: target) }

  /// True for a device or a pipe, which is written through and never replaced.
  var isStream: Bool {
    status.map { [S_IFCHR, S_IFBLK, S_IFIFO].contains($0.st_mode & S_IFMT) } ?? false
  }

  /// True if the file has other names, which shall go on naming it.
  var hasOtherNames: Bool { status.map { $0.st_nlink > 1 } ?? false }

  /// Checks that a file can be written at a path in the end; makes nothing.
  ///
  /// - Throws: `FileError` of `.create` that says why not.
  package static func check(file path: String) throws(FileError) {
    let place = try OutputPlace(path)
    func refused(_ reason: String) -> FileError { FileError(.create, path, reason: reason) }
    guard let status = place.status else {
      guard !path.hasSuffix("/") else { throw refused("it is a folder; name a file") }
      try checkLength(of: place.target)
      return try check(folder: place.folder, named: Folder.parentFolder(of: path))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      // Root may write everywhere; what was made read-only is meant to stay all the same.
      guard status.st_mode & 0o222 != 0, Self.isWritable(place.target) else {
        throw refused("it is read-only; name another file, or make it writable")
      }
      guard !MountPoints.contains(place.target) else {
        throw refused("it is a mount point, which cannot be replaced; name a file in a folder")
      }
      try check(folder: place.folder, named: Folder.parentFolder(of: path))
      guard !place.isStuck(status) else {
        throw refused("it belongs to somebody else in a sticky folder; name another file")
      }
    case S_IFDIR: throw refused("it is a folder; name a file")
    case S_IFCHR, S_IFBLK, S_IFIFO:
      guard Self.isWritable(place.target) else { throw FileError(.create, path, code: EACCES) }
    default: throw refused("it is neither a file, a device nor a pipe")
    }
  }

  /// Checks that files can be made in a folder, or that the folder can be made; makes nothing.
  ///
  /// - Throws: `FileError` of `.create` that says why not.
  package static func check(folder path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "“”", reason: "the name is empty") }
    try check(folder: path, named: path)
  }

  private static func check(folder path: String, named name: String) throws(FileError) {
    var existing = path
    while !FileBytes.exists(existing) {
      try checkLength(of: existing)
      let parent = Folder.parentFolder(of: existing)
      guard parent != existing else { break }
      existing = parent
    }
    guard FileBytes.isFolder(existing) else {
      throw FileError(.create, name, reason: "\(existing) is not a folder")
    }
    guard SystemPath.with(existing, { access($0, W_OK | X_OK) }) == 0 else {
      throw FileError(.create, name, code: errno)
    }
    TemporaryFile.removeStale(in: existing)
  }

  private static func isWritable(_ path: String) -> Bool {
    SystemPath.with(path) { access($0, W_OK) } == 0
  }

  private static func checkLength(of path: String) throws(FileError) {
    let bytes = SystemPath.bytes(path)
    let last = bytes.split(separator: UInt8(ascii: "/")).last?.count ?? 0
    guard last <= longestName, bytes.count < Int(PATH_MAX) else {
      throw FileError(.create, path, code: ENAMETOOLONG)
    }
  }

  /// True if the folder lets only its owner, the file's owner and root take the file away.
  private func isStuck(_ status: stat) -> Bool {
    var parent = stat()
    guard SystemPath.with(folder, { stat($0, &parent) }) == 0 else { return false }
    let owner = geteuid()
    return parent.st_mode & S_ISVTX != 0 && ![0, status.st_uid, parent.st_uid].contains(owner)
  }
}

/// Files that something is mounted on.
private enum MountPoints {
  static func contains(_ path: String) -> Bool {
    guard let real = SystemPath.with(path, { realpath($0, nil) }) else { return false }
    defer { free(real) }
    let name = Array(UnsafeBufferPointer(start: real, count: strlen(real)))
    // The fifth field of each line; a system without this list has no files to mount on.
    guard let list = fopen("/proc/self/mountinfo", "re") else { return false }
    defer { fclose(list) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let length = getline(&line, &capacity, list), length > 0, let start = line {
      let fields = UnsafeBufferPointer(start: start, count: length)
        .split(separator: CChar(bitPattern: UInt8(ascii: " ")), maxSplits: 5)
      if fields.count > 4, unescaped(fields[4]) == name { return true }
    }
    return false
  }

  /// Spaces, tabs, line ends and backslashes stand as a backslash and three octal digits.
  private static func unescaped(_ field: Slice<UnsafeBufferPointer<CChar>>) -> [CChar] {
    var result: [CChar] = []
    var rest = Array(field)[...]
    while let first = rest.first {
      let digits = rest.dropFirst().prefix(3).map { Int($0) - 48 }
      if first == 92, digits.count == 3, digits.allSatisfy({ (0...7).contains($0) }) {
        let value = digits.reduce(0) { $0 * 8 + $1 }
        result.append(CChar(truncatingIfNeeded: value))
        rest = rest.dropFirst(4)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
