import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Ctrl-C, a request to end, a cluster's warning before its time limit (USR1) or a closed terminal as a flag, so that training can save before it ends.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  private static var signals: [Int32] {
    [SIGINT, SIGTERM, SIGUSR1] + (isIgnored(SIGHUP) ? [] : [SIGHUP])
  }

  /// From here on, the first signal of a kind sets the flag; a second ends the program at once.
  static func watch() {
    for number in signals {
      signal(number) { number in
        Interruption.flag.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// True for a signal that whoever started the program wants it to outlive, as nohup does.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    #else
      let handler = unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self)
    #endif
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// From here on, each of these signals ends the program at once with status 130.
  static func exitAtOnce() {
    // Whoever started the program may have blocked the signals.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for number in signals { sigaddset(&blocked, number) }
    pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
    for number in signals {
      signal(number) { _ in _exit(ExitStatus.interrupted.rawValue) }
    }
  }

  /// True once Ctrl-C was pressed.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
