import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Files
import Networks
import Report
import Study

extension AttributeCommand {
  /// What `--method all --output --json` prints.
  struct Overview: Encodable {
    let method: String
    let count: Int
    let seconds: Double
    /// There is one for each method that has one, and none for all.
    @Nullable var convergenceDelta: Double?
    let methods: [String]
    /// Methods that do not go with this network.
    let leftOut: [LeftOut]
    let figures: [String]
  }

  /// An image and eight maps, three rows of which hold all methods.
  private static let (tilesInARow, tileSide) = (9, 100)

  /// A name in two lines where one is too short for it.
  private static func lines(_ name: String) -> [String] {
    guard name.count > 13, let hyphen = name.lastIndex(of: "-") else { return [name] }
    return [String(name[...hyphen]), String(name[name.index(after: hyphen)...])]
  }

  /// The maps of every method on one sheet, image by image.
  func drawAll(
    _ chosen: ImageChoice.Images, _ predictions: Predictions, _ targets: [Int],
    _ executor: Executor, _ background: LabeledImages?, _ loaded: Checkpoint
  ) throws {
    guard let folder else { return }
    let clock = ContinuousClock()
    let start = clock.now
    let shape = executor.network.architecture.inputShape
    let (methods, leftOut) = everyMethod(for: executor.network.architecture, background)
    var line = ProgressLine()
    var maps: [[Picture]] = []
    for (name, method) in methods {
      line.update("explaining by \(name)", maps.count, of: methods.count, unit: "methods")
      let found = method.attribution(of: chosen.pixels, in: executor, for: targets)
      maps.append(chosen.names.indices.map { Plane(found.map($0), shape).signedMap })
    }
    line.finish()
    let tiles = chosen.names.indices.map { place -> [ImageGrid.Tile] in
      let pixels = Array(chosen.pixels[place * shape.count..<(place + 1) * shape.count])
      let label = loaded.classes[chosen.labels[place]]
      let answer = loaded.classes[predictions.predicted[place]]
      let image = ImageGrid.Tile(
        Plane(pixels, shape).picture,
        caption: [
          predictions.isCorrect(place)
            ? StyledLine("for \(loaded.classes[targets[place]])", .ink, weight: .semibold)
            : .mistake(label, readAs: answer),
          StyledLine(chosen.names[place]),
        ])
      return [image]
        + methods.indices.map { method in
          ImageGrid.Tile(
            maps[method][place], caption: Self.lines(methods[method].name).map { StyledLine($0) })
        }
    }
    let rows = tiles.flatMap { $0.chunks(of: Self.tilesInARow) }.map {
      ImageGrid.Row(tiles: Array($0))
    }
    let grid = ImageGrid(rows: rows, scale: max(1, Self.tileSide / shape.width))
    let figure = grid.figure(
      FigureText(
        name: "all-methods", title: "\(methods.count) methods, image by image",
        caption: "Orange speaks for the class, blue against it; each map is on a scale of its own."),
      width: grid.usedWidth(within: 984))
    let path = "\(folder)/all-methods.png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    let seconds = (clock.now - start) / .seconds(1)
    if output.json {
      return try JSONOutput.print(
        Overview(
          method: method, count: chosen.count, seconds: seconds, convergenceDelta: nil,
          methods: methods.map(\.name), leftOut: leftOut, figures: [path]))
    }
    Terminal.print(
      "\(methods.count) methods, \(chosen.count) images in \(Format.duration(seconds: seconds))")
    Terminal.print(path)
  }
}
