import ArgumentParser
import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Files
import Networks

struct AttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute", abstract: "Which pixels mattered: attribution maps of test images.",
    discussion: """
      Methods:
      \(AttributionMethods.all.map { "  \(pad($0.name, 22))\($0.summary)" }.joined(separator: "\n"))

      Examples:
        inkling attribute models/cnn.safetensors --method gradient --indices 0-9 --output output/maps
        inkling attribute models/cnn.safetensors --method integrated-gradients --indices 0-99 \\
          --target true --save maps.safetensors --json
      """)

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(help: ArgumentHelp("The method.", valueName: "name"))
  var method = Gradient.name

  @Option(
    help: ArgumentHelp("Test images, such as 0-99. (default: the first ten)", valueName: "a-b"))
  var indices: IndexRange?

  @Option(
    help: ArgumentHelp(
      "The class explained: predicted, true, all, or a class.", valueName: "target"))
  var target = "predicted"

  @Option(help: "Points along a path (integrated-gradients).")
  var steps: Int?

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for a contact sheet.", valueName: "dir")
  )
  var folder: String?

  @Option(help: ArgumentHelp("Keep images and maps in this safetensors file.", valueName: "file"))
  var save: String?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable {
    let method: String
    let count: Int
    let seconds: Double
    @Nullable var convergenceDelta: Double?
    var figures: [String]
  }

  mutating func validate() throws {
    if AttributionMethods.method(method) == nil {
      throw ValidationError(
        "There is no method “\(method)”; methods are \(AttributionMethods.all.map(\.name).joined(separator: ", "))."
      )
    }
    if let steps, !(1...10_000).contains(steps) {
      throw ValidationError("--steps must be from 1 to 10,000.")
    }
  }

  func run() throws {
    if let folder { try Folder.prepareForWriting(folder) }
    if let save { try Folder.prepareForFile(save) }
    let loaded = try checkpoint.load()
    let (_, split) = try DatasetSource(options: dataset, seed: seed.seed, checkpoint: loaded).load()
    let asked = indices ?? IndexRange(0..<min(10, split.test.count))
    // With all classes, each image stands once for each of them.
    let copies = target == "all" ? loaded.classes.count : 1
    let chosen = try asked.checked(below: split.test.count).flatMap {
      Array(repeating: $0, count: copies)
    }
    let images = split.test.floats(chosen)
    let labels = chosen.map { split.test.labels[$0] }
    let executor = Executor(loaded.network, pool: threads.makePool())
    let predictions = Predictions(
      logits: executor.logits(images), labels: labels, classes: loaded.classes.count)
    let targets = try targets(predictions, loaded.classes)
    guard let method = AttributionMethods.method(method, AttributionSettings(steps: steps)) else {
      return
    }
    let clock = ContinuousClock()
    let start = clock.now
    let attribution = explained(images, targets, method, executor)
    var result = Result(
      method: self.method, count: chosen.count / copies, seconds: (clock.now - start) / .seconds(1),
      convergenceDelta: attribution.convergenceDelta.map { deltas in
        deltas.reduce(0.0) { max($0, Double(abs($1))) }
      }, figures: [])
    if let save { try write(attribution, images, labels, loaded, to: save) }
    if let folder {
      result.figures = [
        try sheet(attribution, images, predictions, chosen, loaded, in: folder)
      ]
    }
    if output.json { return try JSONOutput.print(result) }
    Terminal.print(
      "\(self.method) of \(Format.count(result.count)) images in \(Format.duration(seconds: result.seconds))"
    )
    if let delta = result.convergenceDelta {
      Terminal.print("largest convergence delta \(Format.significant(delta, 2)) logits")
    }
    (result.figures + [save].compactMap { $0 }).forEach { Terminal.print($0) }
  }

  /// Explains some images at a time, so that there is something to tell and memory stays small.
  private func explained(
    _ images: [Float], _ targets: [Int], _ method: any AttributionMethod, _ executor: Executor
  ) -> Attribution {
    let size = executor.network.architecture.inputShape.count
    var line = ProgressLine()
    var scores: [Float] = []
    var deltas: [Float]?
    for start in stride(from: 0, to: targets.count, by: 128) {
      let range = start..<min(start + 128, targets.count)
      let part = method.attribution(
        of: Array(images[range.lowerBound * size..<range.upperBound * size]), in: executor,
        for: Array(targets[range]))
      scores += part.scores
      if let more = part.convergenceDelta { deltas = (deltas ?? []) + more }
      line.update("explaining", range.upperBound, of: targets.count, unit: "images")
    }
    line.finish()
    return Attribution(scores: scores, targets: targets, convergenceDelta: deltas)
  }

  private func targets(_ predictions: Predictions, _ names: [String]) throws -> [Int] {
    switch target {
    case "predicted": return predictions.predicted
    case "true": return predictions.labels
    case "all": return predictions.labels.indices.map { $0 % names.count }
    default:
      guard let index = names.firstIndex(of: target) ?? Int(target), names.indices.contains(index)
      else {
        throw Failure(
          "--target: “\(target)” is neither predicted, true, all nor a class (\(names.prefix(12).joined(separator: ", ")))",
          .usage)
      }
      return Array(repeating: index, count: predictions.count)
    }
  }

  private func write(
    _ attribution: Attribution, _ images: [Float], _ labels: [Int], _ loaded: Checkpoint,
    to path: String
  ) throws {
    let shape = [labels.count] + loaded.network.architecture.inputShape.dimensions
    var file = SafeTensors(metadata: ["format": "inkling-arrays", "method": method])
    file.append("images", shape: shape, images)
    file.append("attributions", shape: shape, attribution.scores)
    file.append("labels", labels)
    file.append("targets", attribution.targets)
    try AtomicFile.write(file.encoded(), to: path)
  }

  /// A contact sheet: each image beside its map, the digit ghosted underneath.
  private func sheet(
    _ attribution: Attribution, _ images: [Float], _ predictions: Predictions, _ chosen: [Int],
    _ loaded: Checkpoint, in folder: String
  ) throws -> String {
    let shape = loaded.network.architecture.inputShape
    let size = shape.count
    let shown = chosen.indices.prefix(100)
    let tiles = shown.flatMap { place -> [ImageGrid.Tile] in
      let pixels = Array(images[place * size..<(place + 1) * size])
      let map = Array(attribution.scores[place * size..<(place + 1) * size])
      let label = loaded.classes[predictions.labels[place]]
      let read = loaded.classes[predictions.predicted[place]]
      return [
        ImageGrid.Tile(
          PixelPictures.picture(pixels, shape),
          caption: [
            predictions.isCorrect(place) ? StyledLine("\(label)") : .mistake(label, readAs: read)
          ]),
        ImageGrid.Tile(
          PixelPictures.map(map, shape),
          caption: [StyledLine("for \(loaded.classes[attribution.targets[place]])")]),
      ]
    }
    let figure = ImageGrid(tiles, scale: 3).figure(
      FigureText(
        name: method, title: "\(method) of \(shown.count) test images",
        caption:
          "Orange speaks for the class, blue against it; each map by its own 99.5th percentile."),
      width: 984)
    let path = "\(folder)/\(method).png"
    try AtomicFile.write(try figure.png(theme: .light), to: path)
    return path
  }
}
