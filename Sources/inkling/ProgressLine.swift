import Drawing
import Figures

/// Progress on long work: a bar on a terminal, elsewhere a plain line now and then and one for each stage.
struct ProgressLine {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?
  /// How much was done when it was first told: that was done before.
  private var first: Int?
  private var isOpen = false
  /// Time between two lines. What is no terminal keeps every line, so that each waits longer than the one before.
  private var interval: Duration = Terminal.isInteractive ? .milliseconds(100) : .seconds(5)
  private static let longestInterval = Duration.seconds(300)

  init() { start = clock.now }

  /// Time since the beginning.
  var elapsed: Duration { clock.now - start }

  /// Shows how far the work is, if it is time to.
  ///
  /// - Parameters:
  ///   - label: what is being done.
  ///   - done: how much is done.
  ///   - total: how much there is.
  ///   - unit: of what.
  ///   - detail: what else is worth knowing.
  mutating func update(
    _ label: String, _ done: Int, of total: Int, unit: String, detail: String = ""
  ) {
    let before = first ?? done
    first = before
    guard isTime() else { return }
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Double(done - before) / seconds : 0
    let left = rate > 0 && done < total ? Double(total - done) / rate : nil
    show(
      Self.line(
        Parts(
          label: label, bar: Terminal.isInteractive ? Self.bar(done, total) : "",
          percent: "\(total > 0 ? min(100, 100 * done / total) : 100)%",
          count: "\(Format.count(done)) of \(Format.count(total)) \(unit)",
          rate: rate >= 1
            ? "\(Format.count(Int(bounding: rate, in: 0...Int.max / 2))) \(unit)/s" : "",
          left: left.map { "\(Format.duration(seconds: $0)) left" } ?? "", detail: detail),
        width: Terminal.isInteractive ? Terminal.width - 1 : nil))
  }

  /// Shows a stage of the work: they are few, and whoever waits wants to know in which.
  mutating func stage(_ text: String) {
    guard !Terminal.isSilent else { return }
    show(Terminal.isInteractive ? String(text.prefix(Terminal.width - 1)) : text)
  }

  /// Shows a line that stays, and goes on.
  mutating func keep(_ text: String) {
    finish(text)
    last = clock.now
  }

  /// Ends the line, replaced by `text` if given.
  mutating func finish(_ text: String? = nil) {
    guard !Terminal.isSilent else { return }
    if Terminal.isInteractive, isOpen { Terminal.rewriteLine("") }
    isOpen = false
    if let text { Terminal.note(text) }
  }

  /// True if a line may be shown now.
  private mutating func isTime() -> Bool {
    guard !Terminal.isSilent else { return false }
    let now = clock.now
    if let last {
      guard now - last >= interval else { return false }
    } else if !Terminal.isInteractive {
      // Work that is done at once is not worth a line.
      last = now
      return false
    }
    if !Terminal.isInteractive, last != nil { interval = min(interval * 2, Self.longestInterval) }
    last = now
    return true
  }

  private mutating func show(_ text: String) {
    if Terminal.isInteractive {
      Terminal.rewriteLine(text)
      isOpen = true
    } else {
      Terminal.note(text)
    }
  }

  /// What a line can say.
  struct Parts {
    var label: String
    var bar: String
    var percent: String
    var count: String
    var rate: String
    var left: String
    var detail: String
  }

  /// As much of it as there is room for, at least the percentage.
  ///
  /// - Parameters:
  ///   - parts: what could be said.
  ///   - width: the columns of the terminal; `nil` for as many as are needed.
  /// - Returns: one line.
  static func line(_ parts: Parts, width: Int?) -> String {
    let choices = [
      [parts.label, parts.bar, parts.count, parts.rate, parts.left, parts.detail],
      [parts.label, parts.bar, parts.count, parts.left, parts.detail],
      [parts.label, parts.bar, parts.percent, parts.left, parts.detail],
      [parts.label, parts.bar, parts.percent, parts.left],
      [parts.label, parts.percent, parts.left], [parts.label, parts.percent],
    ].map { $0.filter { !$0.isEmpty }.joined(separator: "  ") }
    guard let width else { return choices[0] }
    return choices.first { $0.count <= width } ?? String(parts.percent.prefix(max(width, 0)))
  }

  private static func bar(_ done: Int, _ total: Int) -> String {
    let width = 20
    let filled = total > 0 ? min(width, done * width / total) : width
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
