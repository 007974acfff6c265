import Figures

/// Progress on long work: a bar on a terminal, a plain line every few seconds elsewhere.
struct ProgressLine {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?
  private var isOpen = false

  /// Time between two lines.
  private var interval: Duration { Terminal.isInteractive ? .milliseconds(100) : .seconds(5) }

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
    let now = clock.now
    guard !Terminal.isSilent, last.map({ now - $0 >= interval }) ?? Terminal.isInteractive else {
      if last == nil { last = now }
      return
    }
    last = now
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let left = rate > 0 ? Double(total - done) / rate : 0
    var parts = [label]
    if Terminal.isInteractive { parts.append(bar(done, total)) }
    parts.append("\(Format.count(done)) of \(Format.count(total)) \(unit)")
    if rate > 0 { parts.append("\(Format.count(Int(rate))) \(unit)/s") }
    if done < total { parts.append("\(Format.duration(seconds: left)) left") }
    if !detail.isEmpty { parts.append(detail) }
    show(parts.joined(separator: "  "))
  }

  /// Shows a stage of the work.
  mutating func stage(_ text: String) {
    guard !Terminal.isSilent else { return }
    show(text)
  }

  /// Ends the line, replaced by `text` if given.
  mutating func finish(_ text: String? = nil) {
    guard !Terminal.isSilent else { return }
    if Terminal.isInteractive, isOpen { Terminal.rewriteLine("") }
    isOpen = false
    if let text { Terminal.note(text) }
  }

  private mutating func show(_ text: String) {
    if Terminal.isInteractive {
      Terminal.rewriteLine(text)
      isOpen = true
    } else {
      Terminal.note(text)
    }
  }

  private func bar(_ done: Int, _ total: Int) -> String {
    let width = 20
    let filled = total > 0 ? min(width, done * width / total) : width
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
