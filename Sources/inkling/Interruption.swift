import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C as a flag, so that training can save before it ends.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// From here on, the first Ctrl-C sets the flag; a second ends the program at once.
  static func watch() {
    signal(SIGINT) { _ in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    signal(SIGTERM) { _ in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(SIGTERM, SIG_DFL)
    }
  }

  /// From here on, Ctrl-C ends the program at once with status 130.
  static func exitAtOnce() {
    // Whoever started the program may have blocked the signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in _exit(ExitStatus.interrupted.rawValue) }
    }
  }

  /// True once Ctrl-C was pressed.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
