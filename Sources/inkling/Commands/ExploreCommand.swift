import ArgumentParser
import Augmentation
import Datasets
import Engine
import Figures
import Files
import Networks
import Report
import Study

struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Looks at the data: samples, class balance, mean images, one digit as numbers.",
    discussion: """
      Examples:
        inkling explore --output output/explore
        inkling explore --show 7                 test image 7 in the terminal
        inkling explore --dataset fashion-mnist --output output/fashion
        inkling explore --augment digits --output output/augmented
        inkling explore --augment "shift(3) rotate(20)" \\
          --checkpoint models/cnn.safetensors --output output/augmented

      Steps of an augmentation:
      \(AugmentationKinds.all.map { "  \(pad($0.form, 29))\($0.summary)" }.joined(separator: "\n"))

      Presets:
      \(Augmentation.presets.map { "  \(pad($0.name, 10))\($0.text)" }.joined(separator: "\n"))
      """)

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for figures.", valueName: "dir"))
  var folder: String?

  @Option(help: ArgumentHelp("Show this test image in the terminal.", valueName: "index"))
  var show: Int?

  @Option(
    help: ArgumentHelp(
      "Show what this augmentation makes of training images: steps, or a preset's name.",
      valueName: "text"))
  var augment: String?

  @Option(
    help: ArgumentHelp("A network that is asked about the augmented images.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable {
    let dataset: String
    let figures: [FigureExport.Entry]
    var augmentation: Augmented?

    struct Augmented: Encodable {
      let text: String
      let images: Int
      let losingInk: Double
      @Nullable var readOriginal: Double?
      @Nullable var readDrawn: Double?
    }
  }

  mutating func validate() throws {
    if checkpoint != nil, augment == nil {
      throw ValidationError("--checkpoint is for --augment: it is asked about augmented images.")
    }
  }

  func run() throws {
    if let folder { try OutputPlace.check(folder: folder) }
    let augmentation = try augment.map { try Augmentation(text: $0) }
    let network = try checkpoint.map { try WholeCheckpoint.read($0) }
    let (set, split) = try DatasetSource(
      options: dataset, seed: seed.seed, checkpoint: network
    ).load(for: .looking)
    if let augmentation { return try explore(augmentation, network, set, split) }
    let shown = show ?? 0
    guard (0..<split.test.count).contains(shown) else {
      throw Failure("--show: test images are 0 to \(split.test.count - 1)", .usage)
    }
    let facts = DataFacts(set, split: split, seed: seed.seed)
    var entries: [FigureExport.Entry] = []
    if let folder {
      let figures = ReportFigures(
        dataset: set.name, classes: set.classes, channels: set.train.channels)
      entries = try FigureExport.write(
        [figures.samples(facts), figures.numbers(facts), figures.histogram(facts)], to: folder)
    }
    if output.json { return try JSONOutput.print(Result(dataset: set.name, figures: entries)) }
    showImage(shown, set, split)
    let counts = zip(set.classes, facts.classCounts)
    let width = set.classes.map(\.count).max() ?? 1
    let most = max(1, facts.classCounts.max() ?? 1)
    Terminal.print("")
    Terminal.print("training images of each class")
    for (name, count) in counts {
      let bar = String(repeating: "█", count: count * 40 / most)
      Terminal.print("  \(pad(name, width))  \(padLeft(Format.count(count), 6))  \(bar)")
    }
    FigureExport.show(entries)
  }

  private func explore(
    _ augmentation: Augmentation, _ checkpoint: Checkpoint?, _ set: Dataset, _ split: Split
  ) throws {
    let facts = AugmentationFacts(
      augmentation, of: split.train, seed: seed.seed,
      readBy: checkpoint.map {
        Executor($0.network, pool: WorkerPool(threads: WorkerPool.processors))
      })
    let figure = ReportFigures(
      dataset: set.name, classes: set.classes, channels: set.train.channels
    ).augmentation(facts)
    let entries = try folder.map { try FigureExport.write([figure], to: $0) } ?? []
    guard !output.json else {
      return try JSONOutput.print(
        Result(
          dataset: set.name, figures: entries,
          augmentation: Result.Augmented(
            text: facts.text, images: facts.count, losingInk: facts.losingInk,
            readOriginal: facts.readOriginal, readDrawn: facts.readDrawn)))
    }
    if let row = facts.rows.first {
      Terminal.print(
        "\(set.name), a training image: “\(set.classes[row.label])”, as it is and drawn")
      let shape = set.train
      for plane in [row.original] + row.draws.prefix(2) {
        HalfBlocks.show(plane.values, height: shape.height, width: shape.width)
      }
    }
    Terminal.print("")
    Terminal.print(facts.text)
    Terminal.print(figure.exported().title)
    FigureExport.show(entries)
  }

  private func showImage(_ index: Int, _ set: Dataset, _ split: Split) {
    let test = split.test
    Terminal.print("\(set.name), test image \(index): “\(set.classes[test.labels[index]])”")
    HalfBlocks.show(test.floats([index]), height: test.height, width: test.width)
  }
}
