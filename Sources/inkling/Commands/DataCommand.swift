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
          try? DatasetLocator(explicit: $0, environment: [:]).find(known)
        }
        let found =
          own ?? (try? DatasetLocator(explicit: nil, environment: environment).find(known))
        return Entry(name: known.name, path: found?.path)
      }
      let drawn = Entry(name: DrawnDigits.name, path: nil)
      if output.json { return try JSONOutput.print(Result(datasets: entries + [drawn])) }
      let width = 1 + (entries.map(\.name.count).max() ?? 0)
      for entry in entries {
        Terminal.print(
          "\(pad(entry.name, width)) \(entry.path ?? "not here: inkling data fetch \(entry.name)")")
      }
      Terminal.print("\(pad(drawn.name, width)) built in: digits that Inkling draws itself")
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads a set into the cache.",
      discussion: """
        A download that was cut is gone on with; an archive is checked and unpacked.

        Examples:
          inkling data fetch mnist
          inkling data fetch cifar-10
          inkling data fetch medmnist:pathmnist
        """)

    @Argument(help: ArgumentHelp("\(KnownDataset.names).", valueName: "name"))
    var name: String
    @OptionGroup var output: OutputOptions

    struct Result: Encodable {
      let name: String
      let path: String
    }

    func run() throws {
      guard let known = KnownDataset.named(name) else {
        if let refusal = KnownDataset.refusal(of: name) { throw refusal }
        throw Failure(
          "there is no data set “\(name)” to fetch; sets are \(KnownDataset.names)", .usage)
      }
      let locator = DatasetLocator(
        explicit: nil, environment: ProcessInfo.processInfo.environment)
      let found =
        try locator.find(known, inCacheOnly: true) ?? DatasetSource.fetch(known, locator)
      if output.json {
        try JSONOutput.print(Result(name: known.name, path: found.path))
      } else {
        Terminal.print("\(known.name) is in \(found.path)")
      }
    }
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Counts and statistics of a set.",
      discussion: """
        Examples:
          inkling data info cifar-10
          inkling data info medmnist:bloodmnist --data ~/datasets
          inkling data info ~/pictures
        """)

    @Argument(
      help: ArgumentHelp("The set, as --dataset has it.", valueName: "name|folder"))
    var name: String?
    @OptionGroup var dataset: DatasetOptions
    @OptionGroup var seed: SeedOptions
    @OptionGroup var output: OutputOptions

    struct Result: Encodable {
      let name: String
      let trainCount: Int
      /// Of the set's own validation images; `null` if it has none.
      @Nullable var validationCount: Int?
      let testCount: Int
      let shape: [Int]
      let classes: [String]
      let mean: [Float]
      let standardDeviation: [Float]
      let classCounts: [Int]
      /// Test images whose pixels are those of a training image.
      let duplicates: Int
      /// Whether the files are those that were published: `own`, `published`, `unverified` or `foreign`.
      let origin: String
      /// What was noticed while reading, such as files that are not the published ones.
      let notes: [String]
    }

    mutating func validate() throws {
      guard name == nil || dataset.dataset == nil else {
        throw ValidationError("Name the set once, with --dataset or without.")
      }
      dataset.dataset = name ?? dataset.dataset
    }

    func run() throws {
      let (set, _) = try DatasetSource(options: dataset, seed: seed.seed).load(for: .looking)
      let statistics = set.train.statistics()
      let counts = set.train.counts(classes: set.classes.count)
      let known = Set(set.train.identities)
      let duplicates = set.test.identities.count(where: known.contains)
      let result = Result(
        name: set.name, trainCount: set.train.count, validationCount: set.validation?.count,
        testCount: set.test.count,
        shape: [set.train.channels, set.train.height, set.train.width], classes: set.classes,
        mean: statistics.mean, standardDeviation: statistics.standardDeviation,
        classCounts: counts, duplicates: duplicates,
        origin: set.origin.rawValue, notes: set.notes)
      if output.json { return try JSONOutput.print(result) }
      Terminal.print(
        "\(set.name): \(Format.count(set.train.count)) training images,"
          + (set.validation.map { " \(Format.count($0.count)) validation images," } ?? "")
          + " \(Format.count(set.test.count)) test images of"
          + " \(result.shape.map(String.init).joined(separator: " × "))")
      switch set.origin {
      case .published: Terminal.print("its files have the published checksums")
      case .unverified:
        Terminal.print(
          "its files have the published numbers of images; they carry no published checksum to be held to"
        )
      case .own, .foreign: break
      }
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
      let width = max(14, set.classes.map(\.count).max() ?? 0)
      for (name, count) in zip(set.classes, counts) {
        Terminal.print("  \(pad(name, width)) \(Format.count(count))")
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
