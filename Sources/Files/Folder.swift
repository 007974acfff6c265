#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Making folders, and naming those above.
package enum Folder {
  /// Creates a folder and the folders above it; one that exists already is fine.
  ///
  /// - Throws: `FileError` if a part of the path cannot be created or is not a folder.
  package static func create(_ path: String) throws(FileError) {
    guard !path.isEmpty, !FileBytes.isFolder(path) else { return }
    // A link to a folder that does not exist yet is followed too.
    let target = try OutputPlace(path).target
    let parent = parentFolder(of: path)
    if parent != path { try create(parent) }
    guard SystemPath.with(target, { mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
      throw FileError(.create, path, code: errno)
    }
    guard FileBytes.isFolder(path) else {
      throw FileError(.create, path, reason: "a file of that name is in the way")
    }
  }

  /// Removes a folder that holds nothing; leaves any other alone.
  static func removeIfEmpty(_ path: String) { _ = SystemPath.with(path) { rmdir($0) } }

  /// The folder part of a path: `a/b.txt` gives `a`, `b.txt` gives `.`.
  package static func parentFolder(of path: String) -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }
}
