public import ArgumentParser
import Datasets
import Figures
import Files
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
        inkling train --model cnn --adversarial pgd \\
          --output models/robust.safetensors
        inkling train --model cnn --random-labels \\
          --output models/cnn.random-labels.safetensors

      With --adversarial pgd the cnn gets about 98.6 % of MNIST's test images right,
      and 94 % of them when attack --method pgd --epsilon 0.3 --steps 40
      --step-size 0.01 has changed them; without, none of these.

      The last epoch is saved, or the best on validation with --early-stopping.
      Ctrl-C saves what is needed to go on with --resume.
      """)

  @OptionGroup var training: TrainingOptions

  @OptionGroup var adversarial: AdversarialOptions

  @Option(help: ArgumentHelp("mlp, cnn or a specification.", valueName: "spec"))
  var model = "mlp"

  @Option(help: ArgumentHelp("The checkpoint to write, .safetensors.", valueName: "file"))
  var output: String

  @Flag(help: "Save every epoch beside the output, as NAME.epoch-03.safetensors.")
  var keepEpochs = false

  @Flag(
    help: ArgumentHelp(
      "Learn \(Format.count(RandomLabels.images)) images with shuffled labels by heart: the control that attribute --judge"
        + " looks for as NAME.random-labels.safetensors."
    ))
  var randomLabels = false

  @Flag(
    help:
      "Measure the test images too. They are for the end: choose by validation, and test what was chosen."
  )
  var test = false

  @Flag(help: "Go on from an interrupted run with the same options.")
  var resume = false

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    guard output.hasSuffix(".safetensors") else {
      throw ValidationError(
        "--output must end in .safetensors, as in models/\(Preset(rawValue: model)?.rawValue ?? "mine").safetensors."
      )
    }
  }

  func run() throws {
    // A specification that cannot be read is known before any data is.
    _ = try Specification(model: model, classes: 10)
    try OutputPlace.check(file: output)
    try OutputPlace.check(file: ResumeFile.path(for: output))
    if keepEpochs { try OutputPlace.check(file: TrainingRun.epochPath(1, of: output)) }
    let source = DatasetSource(options: dataset, seed: seed.seed)
    try source.validate()
    let (set, labeled) = try source.load(for: test ? .testing : .training)
    let split = randomLabels ? RandomLabels.split(labeled, seed: seed.seed) : labeled
    var run = try TrainingRun(
      model: model, output: output,
      configuration: training.configuration(seed: seed.seed, defaultEpochs: defaultEpochs),
      dataset: set, split: split, recipe: recipe(set), pool: threads.makePool())
    run.keepsEpochs = keepEpochs
    run.resumes = resume
    run.tests = test
    run.adversary = adversarial.adversary(seed: seed.seed)
    let (result, validation) = try run.train()
    if outputOptions.json { return try JSONOutput.print(result) }
    TrainingSummary.show(
      result,
      guessing: TrainingOutcome.guessing(split.train.counts(classes: set.classes.count)))
    HalfBlocks.showSurestMistake(validation, split.validation, "validation image", set.classes)
    Terminal.print("")
    Terminal.print(
      "Next: \(Shell.command(["inkling", "report", result.checkpoint] + dataset.place(of: set) + ["--output", "output/report"]))"
    )
  }

  /// Adversarial training sees other images each time, and needs more passes; a few images more still to be learned
  /// by heart.
  private var defaultEpochs: Int {
    if randomLabels { return RandomLabels.epochs }
    return adversarial.adversarial == nil ? TrainingOptions.defaultEpochs : 10
  }

  private func recipe(_ set: Dataset) -> [String: String] {
    training.recipe(defaultEpochs: defaultEpochs).merging(dataset.recipe) { $1 }
      .merging(adversarial.recipe) { $1 }
      .merging(randomLabels ? RandomLabels.recipe : [:]) { $1 }
  }
}

/// What decides a run besides network and data.
struct TrainingOptions: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable {
    case sgd, adam, adamw
  }

  /// Passes unless more are needed.
  static let defaultEpochs = 5

  @Option(
    help:
      "Passes over the training images. (default: 5; with --adversarial 10, with --random-labels \(RandomLabels.epochs))"
  )
  var epochs: Int?

  @Option(help: "Images to a step.")
  var batchSize = 64

  @Option(help: "How gradients become steps.")
  var optimizer: OptimizerName = .adam

  @Option(help: "Length of the steps, or their peak. (default: 0.001; sgd: 0.05)")
  var learningRate: Double?

  @Option(help: "Momentum of sgd.")
  var momentum = 0.9

  @Option(help: "Weight decay.")
  var weightDecay = 0.0

  @Option(help: "How the learning rate moves.")
  var schedule: LearningRateSchedule = .cosine

  @Option(
    help: ArgumentHelp(
      "Stop when validation has not improved for so many epochs, and keep the best.",
      valueName: "patience"))
  var earlyStopping: Int?

  mutating func validate() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw ValidationError(message) }
    }
    try require(
      epochs.map { (1...100_000).contains($0) } ?? true, "--epochs must be from 1 to 100,000.")
    try require((1...65_536).contains(batchSize), "--batch-size must be from 1 to 65,536.")
    try require(
      learningRate.map { $0 > 0 && $0 <= 1000 } ?? true,
      "--learning-rate must be above 0 and at most 1000.")
    try require((0..<1).contains(momentum), "--momentum must be at least 0 and below 1.")
    try require(
      weightDecay >= 0 && weightDecay < 1, "--weight-decay must be at least 0 and below 1.")
    try require(earlyStopping.map { $0 >= 1 } ?? true, "--early-stopping must be at least 1.")
  }

  private var rate: Double { learningRate ?? (optimizer == .sgd ? 0.05 : 0.001) }

  func configuration(seed: UInt64, defaultEpochs: Int = defaultEpochs) -> TrainingConfiguration {
    let chosen: Optimizer =
      switch optimizer {
      case .sgd: .sgd(momentum: momentum, weightDecay: weightDecay)
      case .adam: .adam(weightDecay: weightDecay)
      case .adamw: .adamW(weightDecay: weightDecay)
      }
    return TrainingConfiguration(
      epochs: epochs ?? defaultEpochs, batchSize: batchSize, optimizer: chosen,
      learningRate: rate, schedule: schedule, patience: earlyStopping, seed: seed)
  }

  /// The choices in words, for the checkpoint.
  func recipe(defaultEpochs: Int = defaultEpochs) -> [String: String] {
    var recipe = [
      "epochs": "\(epochs ?? defaultEpochs)",
      "batch size": "\(batchSize)", "optimizer": optimizer.rawValue,
      "learning rate": "\(rate)", "schedule": schedule.rawValue,
    ]
    if optimizer == .sgd { recipe["momentum"] = "\(momentum)" }
    if weightDecay > 0 { recipe["weight decay"] = "\(weightDecay)" }
    if let earlyStopping { recipe["early stopping"] = "\(earlyStopping)" }
    return recipe
  }
}

extension LearningRateSchedule: ExpressibleByArgument {}
