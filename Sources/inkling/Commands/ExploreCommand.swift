import ArgumentParser
import Datasets
import Figures
import Files
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
      """)

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for figures.", valueName: "dir"))
  var folder: String?

  @Option(help: ArgumentHelp("Show this test image in the terminal.", valueName: "index"))
  var show: Int?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable {
    let dataset: String
    let figures: [FigureExport.Entry]
  }

  func run() throws {
    if let folder { try OutputPlace.check(folder: folder) }
    let (set, split) = try DatasetSource(options: dataset, seed: seed.seed).load(for: .looking)
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

  private func showImage(_ index: Int, _ set: Dataset, _ split: Split) {
    let test = split.test
    Terminal.print("\(set.name), test image \(index): “\(set.classes[test.labels[index]])”")
    HalfBlocks.show(test.floats([index]), height: test.height, width: test.width)
  }
}
