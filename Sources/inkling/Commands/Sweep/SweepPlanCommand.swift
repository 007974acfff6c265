import ArgumentParser
import Datasets
import Engine
import Experiments
import Figures
import Files
import Foundation
import Training

struct SweepPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Says what is to be tried, and what it will cost.",
    usage: "inkling sweep plan [<file>] [<options>] --output <dir>",
    discussion: """
      The file is TOML or JSON. Fields that all trials share are called as in
      describe --run; what is varied stands under parameters, as a list or as low
      and high. A word in braces in the network's text is a parameter too;
      {classes} is the number of classes.

        model = "flatten linear({width}) relu linear({classes})"
        epochs = 9
        strategy = "halving"          # or grid, or random with trials = 50
        seeds = 1                     # trials of each configuration
        [parameters]
        width = [64, 128, 256]
        batch-size = [32, 128]
        learning-rate = { low = 1e-4, high = 0.1, log = true }

      Examples:
        inkling sweep plan sweep.toml --output output/sweep
        inkling sweep plan --preset course --output output/course
        inkling sweep plan --model cnn --epochs 3 --vary learning-rate=0.01,0.001 \\
          --vary batch-size=32,64,128 --seeds 3 --output output/rates
        inkling sweep plan --model "flatten linear({width}) relu linear({classes})" \\
          --vary width=16..512:log --vary learning-rate=1e-4..0.1:log \\
          --strategy random --trials 40 --output output/random

      Halving trains all for a few epochs, the best third for three times as many,
      and so on up to --epochs. Choices are made on validation images; the test
      images are not looked at.
      """)

  /// Sweeps that are there already.
  enum Preset: String, CaseIterable, ExpressibleByArgument {
    case course
  }

  @Argument(help: ArgumentHelp("A sweep, .toml or .json.", valueName: "file"))
  var file: String?

  @Option(
    help:
      "course: 1 to 3 hidden layers of 64 to 512 units, four rates, batch sizes and shares of dropout, SGD and Adam: 1,536 configurations."
  )
  var preset: Preset?

  @Option(help: ArgumentHelp("The folder of the sweep.", valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A parameter with its values, as in width=64,128 or learning-rate=1e-4..0.1:log; may be given again.",
      valueName: "name=values"))
  var vary: [String] = []

  @Option(help: "How configurations are chosen and compared. (default: grid)")
  var strategy: Sweep.Strategy?

  @Option(help: "Trials of each configuration, with seeds one after the other. (default: 1)")
  var seeds: Int?

  @Option(help: "Configurations to draw at random.")
  var trials: Int?

  @Option(
    help: ArgumentHelp(
      "What all trials share: mlp, cnn or a specification, with words in braces for what is varied. (default: mlp)",
      valueName: "spec"))
  var model: String?

  @OptionGroup var training: TrainingOptions
  @OptionGroup var dataset: DatasetOptions
  @Option(help: "Seed of the draws and of the first trial of each configuration. (default: 1)")
  var seed: UInt64?
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    guard file == nil || preset == nil else {
      throw ValidationError("Give a file or --preset, not both.")
    }
  }

  struct Result: Encodable {
    struct Entry: Encodable {
      let id: String
      let configuration: RunConfiguration
    }
    let output: String
    let strategy: Sweep.Strategy
    /// Trials of the first rung.
    let count: Int
    let configurations: Int
    /// Epochs to be trained in all.
    let epochs: Int
    /// Seconds of one processor, by a measurement of some of the trials.
    let estimatedSeconds: Double
    let trials: [Entry]
  }

  func run() throws {
    let sweep = try sweep()
    try sweep.check()
    let (set, _) = try DatasetSource(options: dataset, run: sweep.base).load(for: .training)
    let folder = try SweepFolder(planning: sweep, of: set, in: output)
    let progress = try SweepProgress(of: folder)
    let epochs = progress.epochs
    let seconds = try SweepWorker(folder, on: set).secondsPerEpoch() * Double(epochs.planned)
    let trials = folder.configurations.flatMap(\.trials)
    if outputOptions.json {
      return try JSONOutput.print(
        Result(
          output: output, strategy: sweep.strategy, count: trials.count,
          configurations: folder.configurations.count, epochs: epochs.planned,
          estimatedSeconds: seconds,
          trials: trials.map { Result.Entry(id: $0.id, configuration: $0.run) }))
    }
    let rungs = sweep.rungs.map(String.init)
    Terminal.print(
      "\(Format.count(folder.configurations.count)) configurations, \(Format.count(trials.count)) trials"
        + (rungs.count > 1
          ? "; compared after \(rungs.joined(separator: ", ")) epochs, the best third goes on" : "")
    )
    for parameter in sweep.parameters {
      Terminal.print("  \(pad(parameter.name, 16)) \(parameter.domain.words)")
    }
    if epochs.done > 0 {
      Terminal.print(
        "\(Format.count(epochs.done)) of \(Format.count(epochs.planned)) epochs are done already")
    }
    let open = seconds * Double(epochs.planned - epochs.done) / Double(max(1, epochs.planned))
    Terminal.print(
      "\(Format.count(epochs.planned)) epochs, about \(Format.duration(seconds: open / Double(WorkerPool.processors))) on the"
        + " \(WorkerPool.processors) processors of this machine")
    Terminal.print("")
    Terminal.print(
      "Next: \(Shell.command(["inkling", "sweep", "run", output] + dataset.place(of: set)))")
  }

  /// The sweep that file and options ask for: what an option says is so, then what the file says, then what is usual.
  func sweep() throws -> Sweep {
    var sweep = Sweep()
    switch preset {
    case .course: sweep = .course
    case nil: break
    }
    if let file {
      let bytes = try FileBytes.read(file, limit: 1 << 24)
      do {
        sweep =
          file.hasSuffix(".toml")
          ? try Sweep(toml: String(decoding: bytes, as: UTF8.self)) : try Sweep(json: bytes)
      } catch let error where error is SweepError || error is RunConfigurationError {
        throw Failure("\(file): \(error)", .badData)
      }
    }
    if let model { sweep.base.model = model }
    training.apply(to: &sweep.base)
    dataset.apply(to: &sweep.base)
    if let seed { sweep.base.seed = seed }
    for text in vary {
      let parameter = try Self.parameter(text)
      sweep.parameters.removeAll { $0.name == parameter.name }
      sweep.parameters.append(parameter)
    }
    sweep.parameters.sort { $0.name < $1.name }
    if let strategy { sweep.strategy = strategy }
    if let seeds { sweep.seeds = seeds }
    if let trials { sweep.trials = trials }
    do {
      try sweep.base.check()
    } catch {
      throw Failure("--\(error)", .usage)
    }
    return sweep
  }

  /// `NAME=V1,V2` or `NAME=LOW..HIGH` or `NAME=LOW..HIGH:log`.
  private static func parameter(_ text: String) throws -> SweepParameter {
    let usage = "--vary takes a name with values, as in width=64,128 or learning-rate=1e-4..0.1:log"
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw Failure("\(usage), not “\(text)”", .usage)
    }
    let name = String(text[..<equals])
    let values = text[text.index(after: equals)...]
    if let match = values.wholeMatch(of: /([^,()]+?)\.\.([^,()]+?)(:log)?/) {
      guard let low = Double(match.output.1), let high = Double(match.output.2) else {
        throw Failure("\(usage), not “\(text)”", .usage)
      }
      return SweepParameter(
        name: name,
        domain: .range(low: low, high: high, isLogarithmic: match.output.3 != nil))
    }
    return SweepParameter(
      name: name,
      domain: .list(pieces(of: values).map { ParameterValue(words: $0) }))
  }

  /// Parts between commas, but for those within parentheses.
  private static func pieces(of text: Substring) -> [String] {
    var pieces = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    return pieces.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}

extension Sweep.Strategy: ExpressibleByArgument {}

extension SweepParameter.Domain {
  /// What a person reads.
  var words: String {
    switch self {
    case .list(let values): values.map(\.description).joined(separator: ", ")
    case .range(let low, let high, let isLogarithmic):
      "\(ParameterValue.number(low)) to \(ParameterValue.number(high))"
        + (isLogarithmic ? ", every power as likely" : "")
    }
  }
}
