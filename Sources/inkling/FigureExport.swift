import Drawing
import Figures
import Files
import Report

/// Figures written as files: PNG, and SVG as well for charts.
enum FigureExport {
  /// One file, as `--json` tells it.
  struct Entry: Encodable {
    let file: String
    let width: Int
    let height: Int
    let caption: String
  }

  /// Writes figures into a folder.
  static func write(_ illustrations: [Illustration], to folder: String) throws -> [Entry] {
    var entries: [Entry] = []
    for illustration in illustrations {
      let figure = illustration.exported()
      let bytes = try figure.png(theme: .light)
      let picture = try PNG.read(bytes)
      let path = "\(folder)/\(figure.name).png"
      try AtomicFile.write(bytes, to: path)
      let title = figure.title + (figure.title.last.map { ".!?…".contains($0) } ?? true ? "" : ".")
      let caption = [title, figure.caption].filter { !$0.isEmpty }.joined(separator: " ")
      entries.append(
        Entry(file: path, width: picture.width, height: picture.height, caption: caption))
      guard !illustration.isPictures else { continue }
      let drawing = "\(folder)/\(figure.name).svg"
      try AtomicFile.write(text: try figure.svg(standalone: true), to: drawing)
      entries.append(
        Entry(
          file: drawing, width: Int(figure.width.rounded()), height: Int(figure.height.rounded()),
          caption: caption))
    }
    return entries
  }

  /// Prints what was written.
  static func show(_ entries: [Entry]) {
    for entry in entries { Terminal.print("\(entry.file)  \(entry.width) × \(entry.height)") }
  }
}
