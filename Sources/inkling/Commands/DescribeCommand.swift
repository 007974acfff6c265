import ArgumentParser
import Datasets
import Drawing
import Engine
import Figures
import Files
import Networks
import Training

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "A network's layers, shapes and parameters.",
    discussion: """
      Examples:
        inkling describe cnn
        inkling describe "conv(16,5) relu maxpool(2) flatten linear(10)"
        inkling describe mlp --predict 0     untrained, asked about test image 0
        inkling describe models/cnn.safetensors
        inkling describe models/cnn.safetensors --run > run.json
        inkling train --config run.json --output models/again.safetensors

      Layers of a specification:
      \(LayerKinds.all.map { "  \(pad($0.form, 29))\($0.summary)" }.joined(separator: "\n"))

      init=NAME is one of \(Initialization.allCases.map(\.rawValue).joined(separator: ", "));
      PyTorch's default otherwise.
      """)

  @Argument(
    help: ArgumentHelp("mlp, cnn, a specification, or a checkpoint.", valueName: "model|checkpoint")
  )
  var subject = "mlp"

  @OptionGroup(title: "For networks from elsewhere") var foreign: ForeignOptions

  @Option(help: ArgumentHelp("Predict this test image.", valueName: "index"))
  var predict: Int?

  @Flag(
    name: .customLong("run"),
    help: "The run that made a checkpoint, as train --config reads it, and its command.")
  var showsRun = false

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct LayerRow: Encodable {
    let name: String
    let type: String
    /// The layers that it reads, in the order of the branches; `input` for the image.
    let inputs: [String]
    let outputShape: [Int]
    let parameters: Int
    /// True if the run that made the checkpoint left it as it was.
    let frozen: Bool
    let frozenTensors: [String]
  }

  struct Result: Encodable {
    let model: String
    let layers: [LayerRow]
    let parameters: Int
    let trainingBytes: Int
    /// How it learned to draw, if it is a generator.
    var generator: GeneratorKind?
    var probabilities: [Float]?
    var label: Int?

    init(_ architecture: Architecture, frozen: Set<String>, threads: Int) {
      model = architecture.specification.description
      layers = architecture.entries.map {
        LayerRow(
          name: $0.name, type: $0.layer.text, inputs: architecture.inputNames(of: $0),
          outputShape: $0.outputShape.dimensions, parameters: $0.parameterCount,
          frozen: $0.isFrozen(frozen), frozenTensors: $0.frozenTensors(of: frozen))
      }
      parameters = architecture.parameterCount
      trainingBytes = TrainingExecutor.byteCount(architecture, batchSize: 64, threads: threads)
    }
  }

  func run() throws {
    if isPath, let generator = try GeneratorCheckpoint.found(at: subject)?.checkpoint {
      return try show(generator)
    }
    let checkpoint = isPath ? try foreign.load(subject) : nil
    if showsRun { return try showRun { try checkpoint?.configuration() } }
    let data =
      predict == nil
      ? nil
      : try DatasetSource(options: dataset, seed: seed.seed, checkpoint: checkpoint)
        .load(for: .looking)
    let network = try checkpoint?.network ?? untrained(data)
    let architecture = network.architecture
    let pool = threads.makePool()
    let frozen = Self.frozen(in: checkpoint)
    var result = Result(architecture, frozen: frozen, threads: pool.threads)
    if !output.json { printTable(result, architecture, frozen) }
    if let predict, let data {
      guard (0..<data.split.test.count).contains(predict) else {
        throw Failure("--predict: test images are 0 to \(data.split.test.count - 1)", .usage)
      }
      let pixels = data.split.test.floats([predict])
      let probabilities = CrossEntropy.probabilities(Executor(network, pool: pool).logits(pixels))
      result.probabilities = probabilities
      result.label = data.split.test.labels[predict]
      if !output.json {
        printPrediction(
          pixels, probabilities, data.dataset, architecture, label: data.split.test.labels[predict],
          isTrained: checkpoint != nil)
      }
    }
    if output.json { try JSONOutput.print(result) }
  }

  private func show(_ generator: GeneratorCheckpoint) throws {
    if showsRun { return try showRun { try generator.configuration() } }
    guard predict == nil else {
      throw Failure("--predict: a generator draws pictures; inkling sample shows them", .usage)
    }
    let architecture = generator.network.architecture
    var result = Result(architecture, frozen: [], threads: threads.makePool().threads)
    result.generator = generator.kind
    if output.json { return try JSONOutput.print(result) }
    Terminal.print("a \(generator.kind.noun) of pictures of \(generator.imageShape)")
    printTable(result, architecture, [])
  }

  /// JSON alone on standard output, the command beside it: what is written to a file can be read again.
  private func showRun(_ made: () throws -> RunConfiguration?) throws {
    guard isPath else {
      throw Failure("--run: “\(subject)” is no checkpoint, and no run made it", .usage)
    }
    let run: RunConfiguration?
    do {
      run = try made()
    } catch {
      throw Failure("\(subject): the run: \(error)", .badData)
    }
    guard let configuration = run else {
      throw Failure("\(subject): it does not say which run made it", .badData)
    }
    try JSONOutput.print(configuration)
    let command = ["inkling", "train"] + configuration.options + ["--output", "again.safetensors"]
    Terminal.inform(Shell.command(command))
  }

  /// The tensors that the run of a checkpoint froze, by their full names, in every member of an ensemble.
  private static func frozen(in checkpoint: Checkpoint?) -> Set<String> {
    guard let checkpoint, let run = try? checkpoint.configuration(), !run.freeze.isEmpty else {
      return []
    }
    let architecture = checkpoint.network.architecture
    let members = run.ensemble == nil ? [architecture] : architecture.members
    var start = 0
    return Set(
      members.flatMap { member in
        let names = Set(member.layers(named: run.freeze))
        defer { start += member.entries.count }
        return zip(member.entries, architecture.entries[start...]).flatMap { own, entry in
          own.parameters.map(\.name).filter {
            names.contains(own.name) || names.contains("\(own.name).\($0)")
          }.map { "\(entry.name).\($0)" }
        }
      })
  }

  /// True for a checkpoint's path; the presets' names and specifications are not.
  private var isPath: Bool {
    Preset(rawValue: subject) == nil
      && (CheckpointName.isOne(subject) || subject.contains("/")
        || FileBytes.exists(subject))
  }

  private func untrained(_ data: (dataset: Dataset, split: Split)?) throws -> Network {
    let images = data?.split.train
    let classes = data?.dataset.classes.count ?? 10
    let shape = images.map {
      ImageShape(channels: $0.channels, height: $0.height, width: $0.width)
    }
    let architecture = try Architecture(
      Specification(model: subject, classes: classes),
      inputShape: shape ?? ImageShape(channels: 1, height: 28, width: 28))
    let statistics = images?.statistics()
    return .untrained(
      architecture,
      normalization: statistics.map {
        Normalization(mean: $0.mean, standardDeviation: $0.standardDeviation)
      } ?? .identity(channels: architecture.inputShape.channels), seed: seed.seed)
  }

  private func printTable(
    _ result: Result, _ architecture: Architecture, _ frozen: Set<String>
  ) {
    Terminal.print(result.model)
    Terminal.print("")
    for line in LayerTable(architecture, frozen: frozen).lines { Terminal.print(line) }
    Terminal.print("")
    Terminal.print(
      "\(Format.count(result.parameters)) parameters: the weights and biases that training learns.")
    Terminal.print(
      "Training with mini-batches of 64 takes \(Format.count(result.trainingBytes / 1_000_000)) MB."
    )
  }

  private func printPrediction(
    _ pixels: [Float], _ probabilities: [Float], _ dataset: Dataset, _ architecture: Architecture,
    label: Int, isTrained: Bool
  ) {
    let shape = architecture.inputShape
    Terminal.print("")
    HalfBlocks.show(pixels, height: shape.height, width: shape.width)
    Terminal.print("")
    Terminal.print(
      "Test image \(predict ?? 0) is “\(dataset.classes[label])”. The \(isTrained ? "trained" : "untrained") network says:"
    )
    let width = dataset.classes.map(\.count).max() ?? 1
    for (name, probability) in zip(dataset.classes, probabilities) {
      let bar = String(repeating: "█", count: Int(bounding: probability * 40, in: 0...40))
      Terminal.print(
        "  \(pad(name, width))  \(padLeft(Format.probability(Double(probability)), 6))  \(bar)")
    }
    guard !isTrained else { return }
    Terminal.print("")
    Terminal.print(
      "Why is this random? The weights were drawn by chance and have seen no image yet, so every")
    Terminal.print(
      "class gets about \(Format.probability(1 / Double(max(1, probabilities.count)))). With another --seed it is another guess."
    )
  }
}
