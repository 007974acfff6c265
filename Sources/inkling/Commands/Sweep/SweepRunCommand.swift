import ArgumentParser
import Datasets
import Experiments
import Files

struct SweepRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Does all of a sweep here.",
    usage: "inkling sweep run [<options>] <dir>",
    discussion: """
      One thread to a trial, as many trials at once as there are processors. It
      may be stopped and started at will, and others may work on the same folder:
      sweep worker, on this machine or on another.

      Example: inkling sweep run output/course
      """)

  @OptionGroup var place: SweepPlace
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let crew = try place.crew(at: threads.threads)
    _ = try crew.work()
    try SweepStatusCommand.show(place.folder, place.words, json: output.json)
  }
}

struct SweepWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Does trials of a sweep beside other workers.",
    usage: "inkling sweep worker [<options>] <dir>",
    discussion: """
      One trial at a time, until none is left. Ctrl-C and the signals TERM and
      USR1 keep where the trial stands and end the program with status 130; the
      next worker goes on from there.

      Example: inkling sweep worker /shared/course --max-trials 20
      """)

  @OptionGroup var place: SweepPlace
  @Option(help: ArgumentHelp("End after so many trials.", valueName: "n"))
  var maxTrials: Int?
  @OptionGroup var output: OutputOptions

  mutating func validate() throws {
    if let maxTrials, maxTrials < 1 {
      throw ValidationError("--max-trials must be at least 1.")
    }
  }

  struct Result: Encodable {
    /// Trials that this worker did.
    let trials: Int
    /// True if nothing is left of the sweep.
    let finished: Bool
  }

  func run() throws {
    let crew = try place.crew(at: 1)
    let trials = try crew.work(atMost: maxTrials ?? .max)
    let progress = try SweepProgress(of: crew.folder)
    if output.json {
      return try JSONOutput.print(Result(trials: trials, finished: progress.isFinished))
    }
    Terminal.print(
      "\(trials) trial\(trials == 1 ? "" : "s") done; \(progress.isFinished ? "nothing is left" : "\(progress.openTasks.count) are open")"
    )
  }
}

/// The folder of a sweep, and where its images are.
struct SweepPlace: ParsableArguments {
  @Argument(help: ArgumentHelp("The folder that sweep plan wrote.", valueName: "dir"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The folder of the images, if they are no known set.", valueName: "folder"))
  var dataset: String?

  @Option(help: ArgumentHelp("Folder in which data sets are looked for.", valueName: "dir"))
  var data: String?

  /// The options that say where the images are, as words.
  var words: [String] {
    (dataset.map { ["--dataset", $0] } ?? []) + (data.map { ["--data", $0] } ?? [])
  }

  /// The images, for training or with some to be tested on.
  func load(
    _ sweep: Sweep, for use: DatasetSource.Use
  ) throws -> (dataset: Dataset, split: Split) {
    let source = DatasetSource(options: try DatasetOptions.parse(words), run: sweep.base)
    try source.validate()
    return try source.load(for: use)
  }

  /// Workers on the sweep.
  func crew(at threads: Int?) throws -> SweepCrew {
    let sweep = try SweepFolder(folder)
    return try SweepCrew(
      sweep, on: load(sweep.sweep, for: .training).dataset, threads: threads)
  }
}
