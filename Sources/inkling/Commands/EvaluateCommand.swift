import ArgumentParser
import Datasets
import Engine
import Evaluation
import Figures
import Files
import Networks

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "How good a network is: accuracy with interval, confusion, per class.",
    discussion: """
      Examples:
        inkling evaluate models/cnn.safetensors
        inkling evaluate models/cnn.safetensors --split validation --json
        inkling evaluate models/cnn.safetensors --label-noise --output output/labels
        inkling evaluate torch.safetensors --model cnn --dataset mnist \\
          --save logits.safetensors
      """)

  enum Part: String, ExpressibleByArgument, CaseIterable {
    case train, validation, test
  }

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(help: "Which images.")
  var split: Part = .test

  @Option(help: ArgumentHelp("Keep logits and labels in this safetensors file.", valueName: "file"))
  var save: String?

  @Flag(
    help:
      "Look for wrong labels instead: trains two networks of this kind, each on one half of the training images, and asks each about the other half."
  )
  var labelNoise = false

  @Option(
    help: ArgumentHelp("With --label-noise, a folder for its pictures.", valueName: "dir"))
  var output: String?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    if labelNoise, save != nil || split != .test {
      throw ValidationError(
        "--label-noise reads the training images; leave --save and --split out.")
    }
    if output != nil, !labelNoise {
      throw ValidationError("--output is for the pictures of --label-noise.")
    }
  }

  func run() throws {
    if labelNoise {
      let loaded = try checkpoint.load()
      return try LabelNoiseSearch(
        checkpoint: loaded,
        source: DatasetSource(options: dataset, seed: seed.seed, checkpoint: loaded),
        pool: threads.makePool()
      ).show(output: output, json: outputOptions.json)
    }
    if let save { try OutputPlace.check(file: save) }
    let loaded = try checkpoint.load()
    let (_, parts) = try DatasetSource(options: dataset, seed: seed.seed, checkpoint: loaded).load()
    let images = [Part.train: parts.train, .validation: parts.validation, .test: parts.test][split]
    guard let images, images.count > 0 else {
      throw Failure("there are no \(split.rawValue) images", .badData)
    }
    var line = ProgressLine()
    let predictions = Predictions(
      of: Executor(loaded.network, pool: threads.makePool()), on: images
    ) { line.update("evaluating", $0, of: images.count, unit: "images") }
    line.finish()
    let result = EvaluationResult(predictions, classNames: loaded.classes)
    if let save {
      var file = SafeTensors(metadata: ["format": "inkling-arrays"])
      file.append("logits", shape: [predictions.count, predictions.classes], predictions.logits)
      file.append("labels", predictions.labels)
      try AtomicFile.write(file.encoded(), to: save)
    }
    if outputOptions.json { return try JSONOutput.print(EvaluationOutput(result)) }
    show(result, names: loaded.classes)
    HalfBlocks.showSurestMistake(
      predictions, images, "\(split.rawValue) image", loaded.classes)
  }

  private func show(_ result: EvaluationResult, names: [String]) {
    let interval = result.accuracyInterval
    Terminal.print(
      "accuracy \(Format.percent(result.accuracy, interval: interval.low...interval.high)),"
        + " \(Format.count(result.errors)) errors in \(Format.count(result.count)) \(split.rawValue) images"
    )
    Terminal.print(
      "loss \(Format.fixed(result.loss, 4)), calibration error (ECE, 15 bins) \(Format.points(result.ece))"
    )
    Terminal.print("")
    func cell(_ value: Double?) -> String { value.map { Format.percent($0, decimals: 1) } ?? "–" }
    let rows = result.perClass
    let shown = names.map {
      $0.count <= Self.longestName ? $0 : $0.prefix(Self.longestName - 1) + "…"
    }
    TextTable([
      ["class"] + shown, ["images"] + rows.map { Format.count($0.count) },
      ["precision"] + rows.map { cell($0.precision) }, ["recall"] + rows.map { cell($0.recall) },
      ["F1"] + rows.map { cell($0.f1) },
    ]).lines().forEach(Terminal.print)
    guard names.count <= 20 else { return }
    Terminal.print("")
    Terminal.print("confusion: rows are true, columns predicted")
    let heads = Self.heads(names)
    TextTable(
      [[""] + shown]
        + names.indices.map { column in
          [heads[column]]
            + result.confusion.map { $0[column] == 0 ? "·" : Format.count($0[column]) }
        }
    ).lines().forEach(Terminal.print)
  }

  private static let longestName = 18

  /// The beginnings of names that tell them apart at a glance, at most four letters.
  private static func heads(_ names: [String]) -> [String] { names.map { String($0.prefix(4)) } }
}

/// What `evaluate --json` prints.
struct EvaluationOutput: Encodable {
  struct Row: Encodable {
    let `class`: Int
    let name: String
    let count: Int
    @Nullable var precision: Double?
    @Nullable var recall: Double?
    @Nullable var f1: Double?
  }

  let accuracy: Double
  let accuracyInterval: [Double]
  let errors: Int
  let count: Int
  let loss: Double
  let ece: Double
  let confusion: [[Int]]
  let perClass: [Row]

  init(_ result: EvaluationResult) {
    accuracy = result.accuracy
    accuracyInterval = [result.accuracyInterval.low, result.accuracyInterval.high]
    errors = result.errors
    count = result.count
    loss = result.loss
    ece = result.ece
    confusion = result.confusion
    perClass = result.perClass.map {
      Row(
        class: $0.class, name: $0.name, count: $0.count, precision: $0.precision,
        recall: $0.recall, f1: $0.f1)
    }
  }
}
