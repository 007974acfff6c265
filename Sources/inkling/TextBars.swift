import Drawing
import Evaluation
import Figures

/// Shares as bars, a row each, for the end of a command.
struct TextBars {
  private let rows: [(name: String, share: Double)]

  /// The length of a bar for all.
  private static let length = 40

  /// Bars of shares in 0...1 with their names.
  init(_ rows: [(name: String, share: Double)]) { self.rows = rows }

  /// The lines.
  var lines: [String] {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { name, share in
      let length = Int(bounding: share * Double(Self.length), in: 0...Self.length)
      return
        "  \(pad(name, width))  \(padLeft(Format.percent(share), 7))  \(String(repeating: "█", count: length))"
    }
  }
}
