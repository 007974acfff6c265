public import ArgumentParser
import Augmentation
import Datasets
import Experiments
import Figures
import Files
import Generators
import Networks
public import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains a network and saves it.",
    discussion: """
      Examples:
        inkling train --model mlp --epochs 5 --output models/mlp.safetensors
        inkling train --model cnn --output models/cnn.safetensors
        inkling train --model "flatten linear(256) relu dropout(0.3) linear(10)" \\
          --optimizer sgd --learning-rate 0.1 --output models/wide.safetensors
        inkling train --model cnn --output models/cnn.safetensors --resume
        inkling train --model cnn --augment digits --label-smoothing 0.1 \\
          --average ema --output models/better.safetensors
        inkling train --dataset mnist --from models/drawn.safetensors --examples 10 \\
          --freeze all-but-head --output models/few.safetensors
        inkling train --preset best --output models/best.safetensors
        inkling train --dataset cifar-10 --preset colour \\
          --output models/colour.safetensors
        inkling train --preset vae --output models/vae.safetensors
        inkling train --preset vae --latents 2 --output models/plane.safetensors
        inkling train --model cnn --find-rate --output output/rates
        inkling train --model mlp --ensemble 5 --output models/five.safetensors
        inkling train --model cnn --adversarial pgd \\
          --output models/robust.safetensors
        inkling train --model cnn --tensorboard runs/cnn \\
          --output models/cnn.safetensors
        inkling train --model cnn --mlflow http://127.0.0.1:5000 \\
          --output models/cnn.safetensors
        inkling train --model cnn --random-labels \\
          --output models/cnn.random-labels.safetensors

      With --adversarial pgd the cnn gets about 98.6 % of MNIST's test images right,
      and 94 % of them when attack --method pgd --epsilon 0.3 --steps 40
      --step-size 0.01 has changed them; without, none of these.

      The last epoch is saved, or the best on validation with --early-stopping.
      Ctrl-C saves what is needed to go on with --resume.

      Built with MPI, mpirun -n 4 inkling train shares the work of one run among
      four processes, to the same bytes: docs/mpi.md.
      """)

  @OptionGroup var training: TrainingOptions

  @OptionGroup var generator: GeneratorOptions

  @OptionGroup var adversarial: AdversarialOptions

  @Option(
    help: ArgumentHelp("mlp, cnn or a specification. (default: mlp)", valueName: "spec"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A network with the run that makes the most of it; options given beside it win.",
      valueName: "name"))
  var preset: Recipe?

  @Option(
    help: ArgumentHelp(
      "A run as describe --run prints it; options given beside it win.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Begin with a trained network: other classes get a new head, other channels are adapted. Its own network unless --model says otherwise.",
      valueName: "checkpoint"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "The checkpoint to write, .safetensors; with --find-rate a folder for its figure.",
      valueName: "file"))
  var output: String?

  @Flag(
    help:
      "Train nothing, but let the learning rate rise until training breaks, and suggest one.")
  var findRate = false

  @Flag(help: "Save every epoch beside the output, as NAME.epoch-03.safetensors.")
  var keepEpochs = false

  @Flag(
    help: ArgumentHelp(
      "Learn \(Format.count(ControlNetwork.memorizedImages)) images with shuffled labels by heart: the control that attribute --judge"
        + " looks for as NAME.random-labels.safetensors."
    ))
  var randomLabels = false

  @Option(
    help: ArgumentHelp(
      "Train so many networks, from this seed and those that follow, and save them as one whose probabilities are their mean.",
      valueName: "k"))
  var ensemble: Int?

  @Flag(
    help:
      "Measure the test images too. They are for the end: choose by validation, and test what was chosen."
  )
  var test = false

  @Flag(help: "Go on from an interrupted run with the same options.")
  var resume = false

  @OptionGroup var tracking: TrackingOptions

  @OptionGroup var dataset: DatasetOptions
  @Option(help: "Seed of everything that is random. (default: 1)")
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    if preset != nil, config != nil {
      throw ValidationError("--preset and --config are both whole runs; leave one out.")
    }
    if findRate {
      guard !resume, !keepEpochs, ensemble == nil, !tracking.isOn else {
        throw ValidationError(
          "--find-rate takes no --resume, --keep-epochs, --ensemble, --tensorboard or --mlflow.")
      }
      return
    }
    guard let output else { throw ValidationError("Say with --output which checkpoint to write.") }
    guard output.hasSuffix(CheckpointName.ending) else {
      throw ValidationError(
        "--output must end in .safetensors, as in models/\(model.flatMap(Preset.init)?.rawValue ?? "mine").safetensors."
      )
    }
  }

  func run() throws { try Company.join { try run(in: $0) } }

  private func run(in company: Company) throws {
    // What is downloaded is downloaded once, by the first; the others find it.
    let first = try company.together { company.isFirst ? try prepare(company) : nil }
    let (configuration, source, set, split) = try company.together {
      try first ?? prepare(company)
    }
    if configuration.generator != nil {
      return try trainGenerator(configuration, on: set, split)
    }
    if findRate {
      let run = try PreparedRun(
        configuration, on: PreparedImages(for: configuration, of: set, split: split),
        from: source)
      return try RateSearchRun(run: run, pool: threads.makePool()).show(
        folder: output, json: outputOptions.json)
    }
    guard let outcome = try train(configuration, from: source, on: set, split, company) else {
      return
    }
    try show(outcome, of: set)
    if let missed = outcome.missed { throw missed }
  }

  /// Checks that nothing is asked of a generator's run that only a classifier's has.
  private func checkOptions(ofGeneratorIn company: Company) throws {
    for (option, isGiven) in [
      ("--find-rate", findRate), ("--keep-epochs", keepEpochs), ("--test", test),
      ("--tensorboard and --mlflow", tracking.isOn),
    ] where isGiven {
      throw Failure("\(option): for classifiers, not yet for generators", .usage)
    }
    guard company.ranks == nil else {
      throw Failure("a generator's run is not shared among processes; start one", .usage)
    }
  }

  private func trainGenerator(
    _ configuration: RunConfiguration, on set: Dataset, _ split: Split
  ) throws {
    let pool = threads.makePool()
    let prepared = try PreparedGenerator(
      configuration, on: PreparedImages(for: configuration, of: set, split: split))
    let result = try GeneratorRun(
      prepared: prepared, output: output ?? "", resumes: resume, pool: pool
    ).train()
    if outputOptions.json { return try JSONOutput.print(result) }
    GeneratorRun.show(result)
    Terminal.print("")
    Terminal.print(
      "Next: \(Shell.command(["inkling", "sample", result.checkpoint, "--output", "output/samples"]))"
    )
  }

  private func show(_ outcome: TrainingRun.Outcome, of set: Dataset) throws {
    let result = outcome.result
    if outputOptions.json { return try JSONOutput.print(result) }
    TrainingSummary.show(
      result,
      guessing: TrainingOutcome.guessing(outcome.split.train.counts(classes: set.classes.count)))
    HalfBlocks.showSurestMistake(
      outcome.validation, outcome.split.validation, "validation image", set.classes)
    Terminal.print("")
    Terminal.print(
      "Next: \(Shell.command(["inkling", "report", result.checkpoint] + dataset.place(of: set) + ["--output", "output/report"]))"
    )
  }

  /// What is trained on what: all that can be refused before it takes long.
  private func prepare(
    _ company: Company
  ) throws -> (run: RunConfiguration, source: Checkpoint?, set: Dataset, split: Split) {
    var configuration = try configuration()
    if company.ranks != nil, findRate || configuration.ensemble != nil {
      throw ValidationError(
        "\(findRate ? "--find-rate" : "--ensemble") is not shared among processes; start one.")
    }
    if keepEpochs, configuration.ensemble != nil {
      throw ValidationError("--keep-epochs is for a single network.")
    }
    // A specification that cannot be read is known before any data is; a generator's has sizes of images in it.
    if configuration.generator != nil {
      try checkOptions(ofGeneratorIn: company)
    } else {
      _ = try Specification(model: configuration.model, classes: 10)
    }
    if company.isFirst { try checkOutput(configuration) }
    if let origin = configuration.from, from == nil {
      throw RunRefusal.missing(origin)
    }
    let source = try from.map { try TransferSourceFile.read($0) }
    if let source {
      guard configuration.from == nil || configuration.from == source.origin else {
        throw Failure("\(from ?? ""): it is not the file that the run began with", .badData)
      }
      configuration.from = source.origin
    }
    let images = DatasetSource(
      options: dataset, run: configuration,
      startingFrom: [source?.checkpoint].compactMap(\.self))
    try images.validate()
    let (set, split) = try images.load(for: test ? .testing : .training)
    if let source, model == nil, config == nil, preset == nil {
      configuration.model = try RunConfiguration.model(
        from: source.checkpoint, classes: set.classes.count)
    }
    return (configuration, source?.checkpoint, set, split)
  }

  /// Checks that what the run leaves behind can be written.
  private func checkOutput(_ configuration: RunConfiguration) throws {
    guard let output else { return }
    if findRate { return try OutputPlace.check(folder: output) }
    try OutputPlace.check(file: output)
    try OutputPlace.check(file: ResumeFile.path(for: output))
    if keepEpochs { try OutputPlace.check(file: TrainingRun.epochPath(1, of: output)) }
    try tracking.check(members: configuration.ensemble)
    if let members = configuration.ensemble { try EnsembleRun.check(output, members: members) }
  }

  /// Trains one network, or the members of an ensemble; `nil` if another rank says what became of it.
  private func train(
    _ configuration: RunConfiguration, from source: Checkpoint?, on set: Dataset, _ split: Split,
    _ company: Company
  ) throws -> TrainingRun.Outcome? {
    let (pool, output) = (threads.makePool(processes: company.neighbours), output ?? "")
    if configuration.ensemble != nil {
      var run = try EnsembleRun(
        configuration, from: source, on: set, split: split, output: output, pool: pool)
      run.notes.forEach { Terminal.inform("note: \($0)") }
      run.resumes = resume
      run.tests = test
      if tracking.isOn { run.tracking = tracking }
      return try run.train()
    }
    var run = try company.together {
      try TrainingRun(
        configuration, from: source, on: set, split: split, output: output, pool: pool)
    }
    run.company = company
    run.notes.forEach { Terminal.inform("note: \($0)") }
    run.keepsEpochs = keepEpochs
    run.resumes = resume
    run.tests = test
    guard company.isFirst else {
      _ = try run.learn()
      return nil
    }
    if tracking.isOn {
      run.tracker = RunTracker(
        tracking, of: run.prepared, output: output, resumes: resume, pool: pool)
    }
    return try run.train()
  }

  /// The run that file and options ask for: what an option says is so, then what the file says, then what is usual.
  func configuration() throws -> RunConfiguration {
    var run = preset?.run ?? RunConfiguration()
    if let config {
      do {
        run = try RunConfiguration(json: FileBytes.read(config, limit: 1 << 20))
      } catch let error as RunConfigurationError {
        throw Failure("\(config): \(error)", .badData)
      }
    }
    if let model { run.model = model }
    try generator.apply(to: &run, hasModel: model != nil)
    // Another thing to learn takes other passes, unless they are asked for.
    let learnsOther = randomLabels && !run.randomLabels || adversarial.adversarial != nil
    if learnsOther { run.epochs = nil }
    training.apply(to: &run)
    if randomLabels { run.randomLabels = true }
    dataset.apply(to: &run)
    adversarial.apply(to: &run)
    if let seed { run.seed = seed }
    if let ensemble { run.ensemble = ensemble }
    do {
      try run.check()
    } catch {
      throw Failure("--\(error)", .usage)
    }
    try adversarial.checkUse(in: run)
    return run
  }
}

/// Options of a run besides network and data.
struct TrainingOptions: ParsableArguments {
  @Option(
    help:
      "Passes over the training images. (default: 5; with --adversarial 10, with --random-labels 120, with --examples up to 40)"
  )
  var epochs: Int?

  @Option(help: "Images to a step. (default: 64)")
  var batchSize: Int?

  @Option(
    help: ArgumentHelp("Learn from the first N training images only.", valueName: "n"))
  var trainingImages: Int?

  @Option(
    help: ArgumentHelp(
      "Learn from so many training images of each class, drawn by the seed.", valueName: "n"))
  var examples: Int?

  @Option(
    help: ArgumentHelp(
      "What happens to each image before the network sees it, as in “shift(2) rotate(10)”, or \(Augmentation.presets.map(\.name).joined(separator: ", ")); explore --augment shows it.",
      valueName: "text"))
  var augment: String?

  @Option(help: "How gradients become steps. (default: adam)")
  var optimizer: Optimizer.Kind?

  @Option(help: "Length of the steps, or their peak. (default: 0.001; sgd: 0.05)")
  var learningRate: Double?

  @Option(help: "Momentum of sgd. (default: 0.9)")
  var momentum: Double?

  @Flag(help: "Nesterov's momentum, with sgd.")
  var nesterov = false

  @Option(help: "Weight decay. (default: 0)")
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "What a label gives away to all classes together, as in 0.1. (default: 0)",
      valueName: "share"))
  var labelSmoothing: Float?

  @Option(help: ArgumentHelp("Cut longer gradients to this Euclidean norm.", valueName: "norm"))
  var clipNorm: Double?

  @Flag(help: "Lookahead: every 5 steps, go on from half of the way back.")
  var lookahead = false

  @Option(
    help: ArgumentHelp(
      "Keep a mean of the weights on their way: ema, fading over all steps, or swa, over the last quarter of the epochs.",
      valueName: "kind"))
  var average: WeightAverage?

  @Option(
    help: ArgumentHelp(
      "Layers or tensors that stay as they are, as in conv1,norm1.weight, or all-but-head; describe names them.",
      valueName: "layers"),
    transform: Self.names)
  var freeze: [String]?

  @Option(
    help: ArgumentHelp(
      "Factors on the learning rate of layers or tensors, as in conv1=0.1,norm1.bias=64.",
      valueName: "factors"),
    transform: Self.factors)
  var rateFactors: [String: Float]?

  @Option(
    help: ArgumentHelp(
      "Factors on the weight decay of layers or tensors, as in conv1=0.1,norm1.bias=0.",
      valueName: "factors"),
    transform: Self.factors)
  var decayFactors: [String: Float]?

  @Option(
    help: ArgumentHelp(
      "Factor on the learning rate for each layer further from the output, as in 0.75.",
      valueName: "factor"))
  var layerDecay: Double?

  @Option(help: "How the learning rate moves. (default: cosine)")
  var schedule: LearningRateSchedule?

  @Option(
    help: ArgumentHelp(
      "Stop when validation has not improved for so many epochs, and keep the best.",
      valueName: "patience"))
  var earlyStopping: Int?

  /// Names parted by commas.
  private static func names(_ text: String) throws -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else {
      throw ValidationError("Name layers with commas between them, as in conv1,norm1.")
    }
    return names
  }

  /// Names with a factor each.
  private static func factors(_ text: String) throws -> [String: Float] {
    var factors: [String: Float] = [:]
    for name in try names(text) {
      let parts = name.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let factor = Float(parts[1]) else {
        throw ValidationError("Give each layer its factor, as in conv1=0.1,linear2=2.")
      }
      guard factors.updateValue(factor, forKey: String(parts[0])) == nil else {
        throw ValidationError("\(parts[0]) has two factors.")
      }
    }
    return factors
  }

  /// Sets what is given.
  func apply(to run: inout RunConfiguration) {
    if let epochs { run.epochs = epochs }
    if let batchSize { run.batchSize = batchSize }
    if let trainingImages { run.trainingImages = trainingImages }
    if let examples { run.examples = examples }
    if let layerDecay { run.layerDecay = layerDecay }
    if let augment { run.augment = augment }
    if let optimizer {
      // The usual rate is the optimizer's own.
      if optimizer != run.optimizer { run.learningRate = nil }
      run.optimizer = optimizer
    }
    if let learningRate { run.learningRate = learningRate }
    if let momentum { run.momentum = momentum }
    if nesterov { run.nesterov = true }
    if let weightDecay { run.weightDecay = weightDecay }
    if let labelSmoothing { run.labelSmoothing = labelSmoothing }
    if let clipNorm { run.clipNorm = clipNorm }
    if lookahead { run.lookahead = true }
    if let average { run.average = average }
    if let freeze { run.freeze = freeze }
    if let rateFactors { run.rateFactors = rateFactors }
    if let decayFactors { run.decayFactors = decayFactors }
    if let schedule { run.schedule = schedule }
    if let earlyStopping { run.earlyStopping = earlyStopping }
  }
}

extension Recipe: ExpressibleByArgument {}
extension WeightAverage: ExpressibleByArgument {}
extension Optimizer.Kind: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
