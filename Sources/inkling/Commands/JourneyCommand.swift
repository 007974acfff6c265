import ArgumentParser
import Datasets
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Networks
import Report
import Study
import Training

struct JourneyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journey",
    abstract: "The whole course: explore, train mlp and cnn, compare, explain, attack, report.",
    discussion: """
      Examples:
        inkling journey --output output/journey
        inkling journey --output output/first-look --quick
        inkling journey --dataset fashion-mnist --output output/fashion
        inkling journey --advanced --output output/whole

      --advanced goes on to networks that read row by row (lstm), look around (vit)
      and draw (vae, gan, flow), each with a report of its own under advanced/. That
      takes the better part of an hour on two cores.
      """)

  @Option(help: ArgumentHelp("The report's folder.", valueName: "dir"))
  var output = "output/journey"

  @Flag(help: "A first look: fewer images, fewer epochs, fewer attacks.")
  var quick = false

  @Flag(help: "Go on to sequences, attention and generators.")
  var advanced = false

  @OptionGroup var report: ReportOptions
  @OptionGroup var workbook: WorkbookOptions
  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  struct Result: Encodable {
    let index: String
    let checkpoints: [String]
    let seconds: Double
  }

  /// Training images of a first look.
  private static let quickImages = 12_000

  func run() throws {
    try Report.check(output)
    if advanced { try AdvancedCourse.check(in: output) }
    try workbook.check()
    // Checkpoints that a person trained are not for a course to replace.
    let folder = "\(output)/models"
    try OutputPlace.check(folder: folder)
    var models = try Manifest(of: folder, at: Manifest.fileName)
    try models.check(fileNames)
    let pool = threads.makePool()
    let templates = try report.load(pool: pool)
    let clock = ContinuousClock()
    let start = clock.now
    let source = DatasetSource(options: dataset, seed: seed.seed)
    try source.validate()
    let (set, whole) = try source.load()
    let split = quick ? whole.limited(train: Self.quickImages) : whole
    try models.add(fileNames)
    Terminal.inform(
      "1 the data: \(set.name), \(Format.count(split.train.count)) training,"
        + " \(Format.count(split.validation.count)) validation and"
        + " \(Format.count(split.test.count)) test images")
    var checkpoints: [String] = []
    for preset in [Preset.mlp, .cnn] {
      checkpoints.append(try train(preset, set, split, pool))
    }
    // The controls that judge attributions, for which a first look has no time.
    if !quick {
      _ = try train(.cnn, set, split, pool, as: .control)
      // Another seed holds other images out for validation.
      let other = try DatasetSource(options: dataset, seed: seed.seed &+ 1).load().split
      _ = try train(.cnn, set, other, pool, as: .secondSeed)
    }
    Terminal.inform("4 experiments: learning rates, activation functions, width and dropout")
    var trials = ProgressLine()
    let experiments = try experiments(set, split, pool) { trials.stage("  \($0)") }
    trials.finish()
    try experiments.write(in: folder)
    let foreign = try ForeignOptions.parse([])
    let subjects = try Study.Subject.read(checkpoints, foreign: foreign)
    var noise: LabelNoiseFacts?
    if !quick {
      Terminal.inform("  doubtful labels")
      do {
        noise = try LabelNoiseSearch.facts(
          subjects[1].checkpoint, set, split, limit: LabelNoiseSearch.reported, pool: pool)
      } catch let failure as Failure where failure.status == .badData {
        // A set too small to be halved has a report all the same.
        Terminal.inform("  note: \(failure.message)")
      }
    }
    Terminal.inform("5 looking inside, explaining, attacking")
    let extent: Study.Extent.Preset = quick ? .quick : .full
    var line = ProgressLine()
    let strangers = try source.strangers(to: set)
    var results = Study.run(
      subjects[1], comparedWith: [subjects[0]], on: set, split: split,
      strangers: strangers, experiments: experiments,
      labelNoise: noise, extent: extent.extent, pool: pool
    ) { line.stage("  \($0)") }
    line.finish()
    results.extent = extent
    if advanced {
      results.further = try AdvancedCourse(
        set: set, split: split, strangers: strangers, course: subjects[1], output: output,
        isQuick: quick, options: dataset, seed: seed.seed, templates: templates, date: report.date,
        pool: pool
      ).run()
    }
    Terminal.inform("\(advanced ? 7 : 6) writing the report")
    let files = try Report(results, templates: templates, date: report.date).write(to: output)
    try workbook.write(results, templates: templates, date: report.date)
    let result = Result(
      index: "\(output)/\(files[0])", checkpoints: checkpoints,
      seconds: (clock.now - start) / .seconds(1))
    if outputOptions.json { return try JSONOutput.print(result) }
    let evaluation = results.quality.evaluation
    Terminal.print("")
    for comparison in results.comparisons {
      Terminal.print(
        "\(pad(comparison.name, 6))\(Format.percent(comparison.accuracy)) of the test images")
    }
    Terminal.print("\(pad(results.model.name, 6))\(Format.percent(evaluation.accuracy))")
    Terminal.print("\(Format.duration(seconds: result.seconds)); open \(result.index)")
  }

  /// What it leaves in the folder of its models.
  private var fileNames: [String] {
    let (mlp, cnn) = (Self.fileName(.mlp), Self.fileName(.cnn))
    let epochs = (1...max(1, defaultEpochs)).map { TrainingRun.epochPath($0, of: cnn) }
    return [mlp, cnn, CourseExperiments.fileName] + epochs
      + (advanced ? AdvancedCourse.fileNames : [])
      + (quick ? [] : ControlNetwork.allCases.map { $0.path(beside: cnn) })
  }

  private static func fileName(_ preset: Preset) -> String {
    preset.rawValue + CheckpointName.ending
  }

  private var defaultEpochs: Int { quick ? 2 : RunConfiguration().passes }

  /// What a training of the course is for.
  private enum Part {
    case own
    /// By heart, from random labels.
    case control
    case secondSeed

    var words: String {
      switch self {
      case .own: ""
      case .control: " on random labels"
      case .secondSeed: " from another seed"
      }
    }
  }

  private func experiments(
    _ set: Dataset, _ split: Split, _ pool: WorkerPool, progress: (String) -> Void
  ) throws -> CourseExperiments {
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    let found = try CourseExperiments.run(
      on: set, split: split, epochs: quick ? 2 : 3, seed: seed.seed, pool: pool,
      progress: progress, while: { !Interruption.isRequested })
    guard let found, !Interruption.isRequested else {
      throw Failure("interrupted during the experiments", .interrupted)
    }
    return found
  }

  private func train(
    _ preset: Preset, _ set: Dataset, _ split: Split, _ pool: WorkerPool, as part: Part = .own
  ) throws -> String {
    let own = "\(output)/models/\(Self.fileName(preset))"
    let path =
      switch part {
      case .own: own
      case .control: ControlNetwork.randomLabels.path(beside: own)
      case .secondSeed: ControlNetwork.secondSeed.path(beside: own)
      }
    var configuration = RunConfiguration()
    dataset.apply(to: &configuration)
    configuration.model = preset.rawValue
    configuration.seed = part == .secondSeed ? seed.seed &+ 1 : seed.seed
    configuration.randomLabels = part == .control
    if quick { (configuration.epochs, configuration.trainingImages) = (2, Self.quickImages) }
    var run = try TrainingRun(
      configuration, on: set, split: split, output: path, pool: pool)
    run.keepsEpochs = preset == .cnn && part == .own
    run.canResume = false
    run.tellsEpochs = part == .own
    let architecture = try Architecture(
      preset.specification(classes: set.classes.count),
      inputShape: ImageShape(
        channels: set.train.channels, height: set.train.height, width: set.train.width))
    Terminal.inform(
      "\(preset == .mlp ? 2 : 3) \(preset.rawValue): \(architecture.specification),"
        + " \(Format.count(architecture.parameterCount)) parameters")
    Terminal.inform("  training \(preset.rawValue)\(part.words)")
    let result = try run.train().result
    if part == .control {
      Terminal.inform(
        "  \(Format.percent(result.train.accuracy)) of the random labels learned by heart")
    }
    return path
  }
}
