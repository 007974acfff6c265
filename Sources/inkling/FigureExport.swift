import Drawing
import Figures
import Files
import Pictures
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

  /// Writes figures into a folder, where they replace those that Inkling made before.
  static func write(_ illustrations: [Illustration], to folder: String) throws -> [Entry] {
    var entries: [Entry] = []
    var files: [(name: String, bytes: ContiguousArray<UInt8>)] = []
    for illustration in illustrations {
      let figure = illustration.exported()
      let bytes = try figure.png(theme: .light)
      let picture = try PNG.read(bytes)
      files.append(("\(figure.name).png", ContiguousArray(bytes)))
      let title = figure.title + (figure.title.last.map { ".!?…".contains($0) } ?? true ? "" : ".")
      let caption = [title, figure.caption].filter { !$0.isEmpty }.joined(separator: " ")
      entries.append(
        Entry(
          file: "\(folder)/\(figure.name).png", width: picture.width, height: picture.height,
          caption: caption))
      guard !illustration.isPictures else { continue }
      files.append(
        ("\(figure.name).svg", ContiguousArray(try figure.svg(standalone: true).utf8)))
      entries.append(
        Entry(
          file: "\(folder)/\(figure.name).svg", width: Int(figure.width.rounded()),
          height: Int(figure.height.rounded()),
          caption: caption))
    }
    var manifest = try Manifest(of: folder, at: Manifest.fileName)
    try manifest.check(files.map(\.name))
    try manifest.add(files.map(\.name))
    try AtomicFile.write(files.map { (path: "\(folder)/\($0.name)", bytes: $0.bytes) })
    return entries
  }

  /// Prints what was written.
  static func show(_ entries: [Entry]) {
    for entry in entries { Terminal.print("\(entry.file)  \(entry.width) × \(entry.height)") }
  }
}
