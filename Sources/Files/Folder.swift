#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Making and checking the folders that output goes to.
public enum Folder {
  /// Creates a folder and the folders above it; one that exists already is fine.
  ///
  /// - Throws: `FileError` if a part of the path cannot be created or is not a folder.
  public static func create(_ path: String) throws(FileError) {
    guard !path.isEmpty, !FileBytes.isFolder(path) else { return }
    let parent = parentFolder(of: path)
    if parent != path { try create(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw FileError(.create, path, code: errno)
    }
    guard FileBytes.isFolder(path) else {
      throw FileError(.create, path, reason: "a file of that name is in the way")
    }
  }

  /// Checks that files can be created in `path`, creating the folder if needed.
  ///
  /// - Throws: `FileError` if the folder cannot be created or written to.
  public static func prepareForWriting(_ path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "“”", reason: "the name is empty") }
    try create(path)
    guard access(path, W_OK | X_OK) == 0 else {
      throw FileError(.create, path, code: errno)
    }
  }

  /// Checks that a file can be created at `path`, creating the folder above it if needed.
  ///
  /// - Throws: `FileError` if `path` is a folder, or the folder above cannot be created or written to.
  public static func prepareForFile(_ path: String) throws(FileError) {
    guard !path.isEmpty else { throw FileError(.create, "“”", reason: "the name is empty") }
    guard !FileBytes.isFolder(path) else {
      throw FileError(.create, path, reason: "it is a folder; name a file")
    }
    try prepareForWriting(parentFolder(of: path))
  }

  /// The folder part of a path: `a/b.txt` gives `a`, `b.txt` gives `.`.
  public static func parentFolder(of path: String) -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }
}
