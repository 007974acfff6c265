#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The home folder of the person who runs the program, and `~` for it.
package enum HomeFolder {
  /// `$HOME`, or where that is missing or no absolute path, the password file's; `nil` if there is neither.
  package static func path(_ environment: [String: String]) -> String? {
    if let home = environment["HOME"], home.hasPrefix("/") { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
    let path = SystemPath.text(Array(UnsafeRawBufferPointer(start: home, count: strlen(home))))
    return path.isEmpty ? nil : path
  }

  /// A path with a `~` at its beginning replaced: the shell leaves it alone in `--output=~/x` and in quotes.
  package static func expanded(_ path: String, _ environment: [String: String]) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = Self.path(environment) else {
      return path
    }
    return home + path.dropFirst()
  }
}
