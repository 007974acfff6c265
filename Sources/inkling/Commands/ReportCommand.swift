public import ArgumentParser
import Datasets
import Engine
import Experiments
import Figures
import Files
import Networks
import Report
public import Study
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "A static report about one checkpoint: a classifier, others compared with it, or a generator.",
    discussion: """
      Examples:
        inkling report models/cnn.safetensors --output output/cnn
        inkling report models/cnn.safetensors models/mlp.safetensors \\
          --output output/both
        inkling report models/new.safetensors models/old.safetensors \\
          --output output/change
        inkling report models/cnn.safetensors --single-file --output cnn.html
        inkling report models/best.safetensors --sweep output/course \\
          --output output/best
        inkling report models/vae.safetensors \\
          --classifier models/cnn.safetensors --output output/vae
      """)

  @Argument(
    help: ArgumentHelp(
      "Checkpoints; the first is studied. With two, the report begins with what changed from the second to the first.",
      valueName: "checkpoint"))
  var checkpoints: [String]

  @OptionGroup var report: ReportOptions
  @OptionGroup var workbook: WorkbookOptions
  @OptionGroup(title: "For networks from elsewhere") var foreign: ForeignOptions
  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  @Option(
    help: ArgumentHelp("The report's folder; a file with --single-file.", valueName: "dir"))
  var output: String

  @Flag(help: "One .html file with everything in it.")
  var singleFile = false

  @Flag(
    help:
      "Add training images whose labels may be wrong; that takes as long as training the network."
  )
  var labelNoise = false

  @Option(
    help: ArgumentHelp(
      "A sweep on the same images: what it found becomes a chapter.", valueName: "dir"))
  var sweep: String?

  @Option(
    help: ArgumentHelp(
      "For a generator: a classifier of the same images, which reads its pictures. Without it their quality is not measured.",
      valueName: "checkpoint"))
  var classifier: String?

  @Option(
    help: ArgumentHelp(
      "An earlier report.json: what is different since then stands at the top.",
      valueName: "file"))
  var baseline: String?

  @Option(
    help:
      "How much is computed: full, or quick for a first look with fewer images. (default: full; quick for a network of more than 100 million multiplications an image)"
  )
  var extent: Study.Extent.Preset?

  struct Result: Encodable {
    let index: String
    let files: [String]
    let seconds: Double
  }

  mutating func validate() throws {
    if checkpoints.isEmpty { throw ValidationError("Name a checkpoint.") }
    if singleFile, !output.hasSuffix(".html") {
      throw ValidationError("With --single-file, --output must end in .html.")
    }
  }

  func run() throws {
    if singleFile {
      try OutputPlace.check(file: output)
    } else {
      try Report.check(output)
    }
    try workbook.check()
    let pool = threads.makePool()
    let templates = try report.load(pool: pool)
    let clock = ContinuousClock()
    let start = clock.now
    if let generator = try generator() {
      let results = try study(generator, pool: pool)
      let document = Report(results, templates: templates, date: report.date)
      return try tell(try write(document), since: start)
    }
    guard classifier == nil else {
      throw Failure("--classifier goes with a generator, and none of these is one", .usage)
    }
    let subjects = try Study.Subject.read(checkpoints, foreign: foreign)
    let studied = subjects[0].checkpoint
    let searched = try sweep.map(SweepProgress.init(in:))
    let earlier = try baseline.map { try ReportSummary.read($0, for: studied) }
    for (path, other) in zip(checkpoints, subjects).dropFirst()
    where other.checkpoint.network.architecture.inputShape
      != studied.network.architecture.inputShape || other.checkpoint.classes != studied.classes
    {
      throw Failure(
        "\(path): it cannot be compared with \(checkpoints[0]): other images or classes", .badData)
    }
    let extent = extent ?? usualExtent(of: subjects)
    let source = DatasetSource(
      options: dataset, seed: seed.seed, checkpoint: studied,
      others: subjects.dropFirst().map(\.checkpoint))
    let (set, split) = try source.load()
    let findings = try searched.map { try self.findings($0, of: set) }
    let experiments = try CourseExperiments.read(beside: checkpoints[0], dataset: set.name)
    let noise =
      labelNoise
      ? try LabelNoiseSearch.facts(
        studied, set, split, limit: LabelNoiseSearch.reported, pool: pool) : nil
    var line = ProgressLine()
    var results = Study.run(
      subjects[0], comparedWith: Array(subjects.dropFirst()), on: set, split: split,
      strangers: try source.strangers(to: set), experiments: experiments, sweep: findings,
      labelNoise: noise, tellsChange: subjects.count == 2, extent: extent.extent,
      pool: pool
    ) { line.stage($0) }
    line.finish()
    (results.baseline, results.extent) = (earlier, extent)
    let document = Report(results, templates: templates, date: report.date)
    let files = try write(document)
    try tell(
      files + (try workbook.write(results, templates: templates, date: report.date)), since: start)
  }

  /// How much is computed of networks unless something else was asked for; says so where it is not all.
  private func usualExtent(of subjects: [Study.Subject]) -> Study.Extent.Preset {
    let cost = subjects.map(\.checkpoint.network.architecture.multiplications).max() ?? 0
    let extent = Study.Extent.Preset.usual(multiplications: cost)
    if extent == .quick {
      Terminal.inform(
        "note: an image costs \(subjects.count > 1 ? "the largest network" : "the network") \(Format.count(cost / 1_000_000)) million multiplications: fewer images are attacked and explained; --extent full takes all, and perhaps hours"
      )
    }
    return extent
  }

  /// Writes a report, and names its files.
  private func write(_ document: Report) throws -> [String] {
    guard singleFile else { return try document.write(to: output).map { "\(output)/\($0)" } }
    try document.writeSingleFile(to: output)
    return [output]
  }

  /// Says what was written.
  private func tell(_ files: [String], since start: ContinuousClock.Instant) throws {
    let clock = ContinuousClock()
    let result = Result(
      index: files[0], files: files, seconds: (clock.now - start) / .seconds(1))
    if outputOptions.json { return try JSONOutput.print(result) }
    Terminal.print(
      "\(result.index)  (\(files.count) files in \(Format.duration(seconds: result.seconds)))")
  }

  /// What a sweep found, if it is about the images of the report.
  private func findings(_ progress: SweepProgress, of set: Dataset) throws -> SweepFindings {
    let folder = progress.folder
    guard folder.holds(set) else {
      throw Failure(
        "\(folder.path): this sweep is of other images\(folder.sweep.base.dataset.map { " (\($0))" } ?? "") than the report (\(set.name))",
        .badData)
    }
    guard let found = SweepFindings(progress, choice: try SweepChoice.read(in: folder)) else {
      throw Failure("\(folder.path): no trial of the sweep is done yet; see sweep status", .badData)
    }
    return found
  }
}

/// `--templates` and `--date`.
struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the report's templates.", valueName: "dir"))
  var templates: String?

  @Option(help: ArgumentHelp("A date to show in the report, as you write it.", valueName: "text"))
  var date: String?

  /// The templates; a person's own are rehearsed first.
  ///
  /// - Throws: `TemplateError`.
  func load(pool: WorkerPool) throws -> Templates {
    let found = try Templates.find(folder: templates, executable: Executable.path)
    if templates != nil { try TemplateRehearsal.run(found, pool: pool) }
    return found
  }
}

extension Study.Extent.Preset: ExpressibleByArgument {}
