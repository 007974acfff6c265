import Engine

/// Which Inkling this is.
enum Version {
  /// The edition, as CHANGELOG.md names it; `-dev` from one release to the next.
  static let number = "0.2.0-dev"

  /// The commit that was built, with a `+` if files differed from it; nothing if it was not built from a clone.
  static let commit: String? = namedCommit.isEmpty ? nil : namedCommit

  /// What `--version` prints; the second word is the number.
  static var text: String {
    let commit = commit.map { " (commit \($0))" } ?? ""
    return "inkling \(number)\(commit), kernels \(InstructionSet.level)"
  }
}
