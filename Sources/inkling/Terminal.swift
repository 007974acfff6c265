import Files
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What people read goes to standard error, results to standard output.
enum Terminal {
  /// True if standard error is a terminal, so that a line can be written over.
  static let isInteractive = isatty(STDERR_FILENO) == 1
  /// True if standard output is a terminal that wants colours.
  static let hasColor =
    isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  /// True if it knows every colour, and not only 256.
  static let hasEveryColor = ["truecolor", "24bit"].contains(variable("COLORTERM"))

  /// The columns of the terminal; 80 if it does not say.
  static var width: Int {
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return Int(variable("COLUMNS")).flatMap { $0 > 0 ? $0 : nil } ?? TextTable.width
  }

  private static func variable(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }

  private static let silence = Atomic<Bool>(false)

  /// Stops notes and progress (`--quiet`); errors still show.
  static func silenceNotes() { silence.store(true, ordering: .relaxed) }
  static var isSilent: Bool { isMuted || silence.load(ordering: .relaxed) }

  private static let mute = Atomic<Bool>(false)

  /// If true, nothing is written at all: of ranks that work together, one speaks.
  static var isMuted: Bool {
    get { mute.load(ordering: .relaxed) }
    set { mute.store(newValue, ordering: .relaxed) }
  }

  /// A text without the characters that command a terminal: names and texts may come from anywhere.
  static func harmless(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> Character in
        let isCommand = scalar.properties.generalCategory == .control
        return isCommand && scalar != "\n" && scalar != "\t" ? "\u{fffd}" : Character(scalar)
      })
  }

  /// A line on standard error, made harmless.
  static func note(_ line: String) { put(harmless(line) + "\n", to: STDERR_FILENO) }

  /// A line of information on standard error, unless silenced.
  static func inform(_ line: String) {
    if !isSilent { note(line) }
  }

  /// A line on standard output; a result that cannot be delivered ends the program.
  static func print(_ line: String) { print(utf8: SystemPath.bytes(line)) }

  /// The same of a line's bytes.
  static func print(utf8 line: [UInt8]) {
    guard !put(line + Array("\n".utf8), to: STDOUT_FILENO) else { return }
    // Whoever read along has seen enough, as `head` has.
    if errno == EPIPE { exit(0) }
    let reason = String(cString: strerror(errno))
    note("error: cannot write to standard output: \(reason)")
    exit(ExitStatus.inputOutput.rawValue)
  }

  /// Writes over the current line of the terminal.
  static func rewriteLine(_ line: String) { put("\r\u{1b}[K" + line, to: STDERR_FILENO) }

  @discardableResult
  private static func put(_ text: String, to descriptor: Int32) -> Bool {
    put(SystemPath.bytes(text), to: descriptor)
  }

  @discardableResult
  private static func put(_ text: [UInt8], to descriptor: Int32) -> Bool {
    if isMuted { return true }
    var bytes = text[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
