import ArgumentParser
import Datasets
import Figures
import Files
import Foundation

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Data sets: which there are, where they are, what is in them.",
    subcommands: [List.self, Fetch.self, Info.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The known sets and where they are.",
      discussion: "Example: inkling data list --data ~/datasets")

    @Option(help: ArgumentHelp("Folder in which data sets are looked for.", valueName: "dir"))
    var data: String?
    @OptionGroup var output: OutputOptions

    struct Entry: Encodable {
      let name: String
      @Nullable var path: String?
    }
    struct Result: Encodable { let datasets: [Entry] }

    func run() throws {
      let environment = ProcessInfo.processInfo.environment
      let entries = KnownDataset.all.map { known in
        // A folder given by hand need not hold every set.
        let own = data.flatMap {
          try? DatasetLocator(explicit: $0, environment: [:]).folder(of: known)
        }
        let path =
          own ?? (try? DatasetLocator(explicit: nil, environment: environment).folder(of: known))
        return Entry(name: known.name, path: path ?? nil)
      }
      let drawn = Entry(name: DrawnDigits.name, path: nil)
      if output.json { return try JSONOutput.print(Result(datasets: entries + [drawn])) }
      let cache =
        DatasetLocator(explicit: nil, environment: environment).cache ?? "a folder for --data"
      for entry in entries {
        let canFetch = KnownDataset.named(entry.name)?.mirrors.isEmpty == false
        let missing =
          canFetch
          ? "not here: inkling data fetch \(entry.name)"
          : "not here: put its files into \(cache)/\(entry.name)"
        Terminal.print("\(pad(entry.name, 14)) \(entry.path ?? missing)")
      }
      Terminal.print("\(pad(drawn.name, 14)) built in: digits that Inkling draws itself")
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads a set into the cache.",
      discussion: "Example: inkling data fetch mnist")

    @Argument(help: ArgumentHelp("mnist or fashion-mnist.", valueName: "name"))
    var name: String
    @OptionGroup var output: OutputOptions

    struct Result: Encodable {
      let name: String
      let path: String
    }

    func run() throws {
      guard let known = KnownDataset.named(name) else {
        throw Failure(
          "there is no data set “\(name)” to fetch; sets are"
            + " \(KnownDataset.all.map(\.name).joined(separator: ", "))", .usage)
      }
      let locator = DatasetLocator(
        explicit: nil, environment: ProcessInfo.processInfo.environment)
      var folder = try locator.folder(of: known, inCacheOnly: true) ?? ""
      if folder.isEmpty {
        folder = try locator.folderForDownload(of: known)
        try DatasetSource.fetch(known, into: folder)
      }
      if output.json {
        try JSONOutput.print(Result(name: known.name, path: folder))
      } else {
        Terminal.print("\(known.name) is in \(folder)")
      }
    }
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Counts and statistics of a set.",
      discussion: "Example: inkling data info --dataset fashion-mnist")

    @OptionGroup var dataset: DatasetOptions
    @OptionGroup var seed: SeedOptions
    @OptionGroup var output: OutputOptions

    struct Result: Encodable {
      let name: String
      let trainCount: Int
      let testCount: Int
      let shape: [Int]
      let classes: [String]
      let mean: [Float]
      let standardDeviation: [Float]
      let classCounts: [Int]
      /// Test images whose pixels are those of a training image.
      let duplicates: Int
      /// What was noticed while reading, such as files that are not the published ones.
      let notes: [String]
    }

    func run() throws {
      let (set, _) = try DatasetSource(options: dataset, seed: seed.seed).load(for: .looking)
      let statistics = set.train.statistics()
      let counts = set.train.counts(classes: set.classes.count)
      let known = Set(set.train.identities)
      let duplicates = set.test.identities.count(where: known.contains)
      let result = Result(
        name: set.name, trainCount: set.train.count, testCount: set.test.count,
        shape: [set.train.channels, set.train.height, set.train.width], classes: set.classes,
        mean: statistics.mean, standardDeviation: statistics.standardDeviation,
        classCounts: counts, duplicates: duplicates, notes: set.notes)
      if output.json { return try JSONOutput.print(result) }
      Terminal.print(
        "\(set.name): \(Format.count(set.train.count)) training images,"
          + " \(Format.count(set.test.count)) test images of"
          + " \(result.shape.map(String.init).joined(separator: " × "))")
      for channel in statistics.mean.indices {
        let name = statistics.mean.count == 1 ? "pixels" : "channel \(channel)"
        Terminal.print(
          "\(name): mean \(Format.fixed(Double(statistics.mean[channel]), 4)),"
            + " standard deviation \(Format.fixed(Double(statistics.standardDeviation[channel]), 4))"
        )
      }
      if duplicates > 0 {
        Terminal.print(
          "\(Format.count(duplicates)) test images are copies of training images and are left out of every test"
        )
      }
      for (name, count) in zip(set.classes, counts) {
        Terminal.print("  \(pad(name, 14)) \(Format.count(count))")
      }
    }
  }
}

/// Text filled up with spaces to a width.
func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Text moved to the right end of a width.
func padLeft(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
