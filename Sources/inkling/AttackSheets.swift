import Attacks
import Drawing
import Figures
import Files
import Networks
import Report
import Study

/// Sheets of what an attack did.
enum AttackSheets {
  /// Pixels, three times enlarged, that stand beside each other on a sheet.
  private static let columns = 300

  /// Before, change and after of the first images that were fooled.
  static func write(
    _ outcome: Outcome, _ chosen: ImageChoice.Images, _ images: [Float], of checkpoint: Checkpoint,
    by method: String, in folder: String
  ) throws -> String {
    let shape = checkpoint.network.architecture.inputShape
    let size = shape.count
    let shown = outcome.labels.indices.filter(outcome.succeeded).prefix(24)
    let groups = shown.map { image -> [ImageGrid.Tile] in
      let range = image * size..<(image + 1) * size
      let (before, after) = (Array(chosen.pixels[range]), Array(images[range]))
      let change = zip(after, before).map { $0 - $1 }
      func name(_ index: Int, _ ink: Ink) -> StyledLine {
        StyledLine(checkpoint.classes[index], ink, weight: .semibold)
      }
      return [
        ImageGrid.Tile(
          Plane(before, shape).picture,
          caption: [name(outcome.labels[image], .ink), StyledLine(chosen.names[image])]),
        ImageGrid.Tile(Plane(change, shape).signedMap, caption: [StyledLine("change")]),
        ImageGrid.Tile(
          Plane(after, shape).picture,
          caption: [name(outcome.predictions[image], .wrong), StyledLine("read after it")],
          frame: .wrong),
      ]
    }
    // As many beside each other as a sheet has room for.
    let beside = max(1, min(Self.columns / max(shape.width * 3, 1), groups.count))
    let rows = groups.chunks(of: beside).map { ImageGrid.Row(tiles: $0.flatMap { $0 }) }
    let title =
      switch shown.count {
      case 0: "\(method) fooled none of \(Format.count(outcome.labels.count)) images"
      case 1: "The image that \(method) fooled, of \(Format.count(outcome.labels.count))"
      default: "The first \(shown.count) images that \(method) fooled"
      }
    let grid = ImageGrid(rows: rows, scale: 3)
    let figure = grid.figure(
      FigureText(
        name: method, title: title,
        caption: shown.isEmpty
          ? "" : "Orange adds ink, blue takes it away; each change is on a scale of its own."),
      width: grid.usedWidth(within: 984))
    let path = "\(folder)/\(method).png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    return path
  }

  /// An example of each pair of classes, with how many pass.
  static func write(
    _ grid: TargetGrid, of checkpoint: Checkpoint, by method: String, in folder: String
  ) throws -> String {
    let shape = checkpoint.network.architecture.inputShape
    let rows = grid.counts.indices.map { source in
      ImageGrid.Row(
        [StyledLine(checkpoint.classes[source])],
        tiles: grid.counts.indices.map { target in
          let picture = grid.examples[source][target].map { Plane($0, shape).picture }
          let rate = grid.rate(from: source, to: target)
          return ImageGrid.Tile(
            picture, caption: [StyledLine(rate.map { Format.percent($0, decimals: 0) } ?? "")],
            frame: picture == nil ? nil : .wrong)
        })
    }
    let mean = grid.meanRate.map { Format.percent($0) } ?? "none"
    let figure = ImageGrid(
      rows: rows, headers: checkpoint.classes.map { [StyledLine($0)] }, scale: 3
    ).figure(
      FigureText(
        name: "\(method)-grid", title: "Each class made to pass for each other by \(method)",
        caption:
          "Rows: the true class. Columns: the class aimed at. Below each picture the share of the"
          + " images, right before, that hit; on average \(mean)."), width: 984)
    let path = "\(folder)/\(method)-grid.png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    return path
  }
}
