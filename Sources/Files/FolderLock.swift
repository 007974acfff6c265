#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock on a folder: writers share it while their temporary files stand there, and who has it alone knows that no
/// such file belongs to anybody.
struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// Shares the lock, waiting for a clean-up to end. Where a file system knows no locks, nothing is locked.
  init(sharing folder: String) {
    descriptor = Self.opened(folder)
    if descriptor >= 0 { _ = flock(descriptor, LOCK_SH) }
  }

  /// Takes the lock alone; `nil` if somebody else has it, or if there are no locks.
  init?(alone folder: String) {
    descriptor = Self.opened(folder)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Makes the names in the folder last.
  func sync() {
    if descriptor >= 0 { _ = fsync(descriptor) }
  }

  private static func opened(_ folder: String) -> Int32 {
    SystemPath.with(folder) { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }
}
