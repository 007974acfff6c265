import ArgumentParser
import Augmentation
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
        inkling evaluate models/cnn.safetensors --tta "shift(1) rotate(5)"
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

  @Option(
    help: ArgumentHelp(
      "Look at each image several times, changed as --augment of train would change it, and take the mean of the probabilities.",
      valueName: "text"))
  var tta: String?

  @Option(help: ArgumentHelp("Views of --tta, the image itself among them.", valueName: "n"))
  var views = 8

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
    if labelNoise, tta != nil { throw ValidationError("--label-noise takes no --tta.") }
    guard TestTimeAugmentation.viewCounts.contains(views) else {
      throw ValidationError("--views must be from 2 to 1,000.")
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
    let augmentation = try augmentation(of: tta)
    let loaded = try checkpoint.load()
    let (_, parts) = try DatasetSource(options: dataset, seed: seed.seed, checkpoint: loaded).load()
    let images = [Part.train: parts.train, .validation: parts.validation, .test: parts.test][split]
    guard let images, images.count > 0 else {
      throw Failure("there are no \(split.rawValue) images", .badData)
    }
    let pool = threads.makePool()
    let (predictions, looks) = try predictions(
      of: loaded.network, on: images, augmentation, ground: parts.train.ground, pool)
    let result = EvaluationResult(predictions, classNames: loaded.classes)
    let ensemble = ensemble(loaded.network, on: images, parts.validation, pool)
    if let save {
      var file = SafeTensors(metadata: ["format": "inkling-arrays"])
      file.append("logits", shape: [predictions.count, predictions.classes], predictions.logits)
      file.append("labels", predictions.labels)
      try AtomicFile.write(file.encoded(), to: save)
    }
    if outputOptions.json {
      return try JSONOutput.print(EvaluationOutput(result, views: looks, ensemble: ensemble))
    }
    show(result, names: loaded.classes)
    if let looks { show(looks) }
    if let ensemble { EnsembleTable.show(ensemble) }
    HalfBlocks.showSurestMistake(
      predictions, images, "\(split.rawValue) image", loaded.classes)
  }

  /// The augmentation of a text.
  private func augmentation(of text: String?) throws -> Augmentation? {
    guard let text else { return nil }
    do {
      let augmentation = try Augmentation(text: text)
      guard !augmentation.mixes else {
        throw ValidationError("--tta looks at one image alone: leave mixup and cutmix out.")
      }
      return augmentation
    } catch let error as SpecificationError {
      throw Failure("--tta: \(error)", .usage)
    }
  }

  /// What the network says, in the mean over views if there are any, beside what it says without them.
  private func predictions(
    of network: Network, on images: LabeledImages, _ augmentation: Augmentation?, ground: [Float],
    _ pool: WorkerPool
  ) throws -> (predictions: Predictions, views: EvaluationOutput.Views?) {
    let executor = Executor(network, pool: pool)
    var line = ProgressLine()
    defer { line.finish() }
    guard let augmentation else {
      let predictions = Predictions(of: executor, on: images) {
        line.update("evaluating", $0, of: images.count, unit: "images")
      }
      return (predictions, nil)
    }
    let both = TestTimeAugmentation(augmentation, views: views, ground: ground, seed: seed.seed)
      .predictions(of: executor, on: images) {
        line.update("evaluating views", $0, of: views * images.count, unit: "images")
      }
    return (
      both.mean, EvaluationOutput.Views(augmentation, views, plain: both.plain, mean: both.mean)
    )
  }

  /// What the members of an ensemble say each by itself and together; `nil` for any other network.
  private func ensemble(
    _ network: Network, on images: LabeledImages, _ validation: LabeledImages, _ pool: WorkerPool
  ) -> EnsembleResult? {
    let members = network.members
    guard members.count > 1 else { return nil }
    var line = ProgressLine()
    defer { line.finish() }
    let isOther = split != .validation && validation.count > 0
    var said: (here: [Predictions], validation: [Predictions]) = ([], [])
    for (place, member) in members.enumerated() {
      line.update("asking the members", place, of: members.count, unit: "members")
      let executor = Executor(member, pool: pool)
      said.here.append(Predictions(of: executor, on: images))
      if isOther { said.validation.append(Predictions(of: executor, on: validation)) }
    }
    return EnsembleResult(said.here, validation: said.validation)
  }

  private func show(_ views: EvaluationOutput.Views) {
    Terminal.print("")
    Terminal.print(
      "in the mean over \(views.count) views; \(Format.percent(views.plainAccuracy)) without: \(Format.count(views.onlyViews))"
        + " images only the views read, \(Format.count(views.onlyPlain)) only the plain look (McNemar, p ="
        + " \(Format.significant(views.pValue, 2)))")
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
  /// `nil` without `--tta`.
  @Nullable var tta: Views?
  /// `nil` for a single network.
  @Nullable var ensemble: EnsembleResult?

  /// What looking several times changes.
  struct Views: Encodable {
    let text: String
    let count: Int
    let plainAccuracy: Double
    let onlyViews: Int
    let onlyPlain: Int
    let pValue: Double

    init(_ augmentation: Augmentation, _ count: Int, plain: Predictions, mean: Predictions) {
      text = augmentation.description
      self.count = count
      let images = 0..<plain.count
      plainAccuracy = Double(images.count(where: plain.isCorrect)) / Double(max(1, plain.count))
      onlyViews = images.count { mean.isCorrect($0) && !plain.isCorrect($0) }
      onlyPlain = images.count { !mean.isCorrect($0) && plain.isCorrect($0) }
      pValue = McNemar.pValue(onlyFirst: onlyViews, onlySecond: onlyPlain)
    }
  }

  init(_ result: EvaluationResult, views: Views?, ensemble: EnsembleResult?) {
    tta = views
    self.ensemble = ensemble
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
