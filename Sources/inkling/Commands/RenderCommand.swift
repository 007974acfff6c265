import ArgumentParser
import Datasets
import Files
import Networks
import Report
import Study

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Figures as PNG, charts also as SVG.",
    discussion: """
      Kinds: \(Kind.names.joined(separator: ", "))

      Examples:
        inkling render filters models/cnn.safetensors --output output/figures
        inkling render confusion models/cnn.safetensors --output output/figures \\
          --json
        inkling render features models/cnn.safetensors --layer conv2 \\
          --output output/figures
        inkling render embedding models/cnn.safetensors --layer linear1 \\
          --output output/figures
      """)

  @Argument(help: ArgumentHelp("The kind of figure.", valueName: "kind"))
  var kind: Kind

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for the figures.", valueName: "dir"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "The layer looked at (filters, templates, features, top-patches, embedding).",
      valueName: "name"))
  var layer: String?

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable { let figures: [FigureExport.Entry] }

  func run() throws {
    try OutputPlace.check(folder: folder)
    let subject = try Study.Subject(path: checkpoint.checkpoint, foreign: checkpoint.foreign)
    try subject.checkpoint.network.architecture.checkLayer(layer)
    if case .report(let kind) = kind, let illustrations = try withoutData(kind, subject) {
      return try export(illustrations)
    }
    let (set, split) = try DatasetSource(
      options: dataset, seed: seed.seed, checkpoint: subject.checkpoint
    ).load()
    let pool = threads.makePool()
    let study = Study(subject, on: set, split: split, pool: pool)
    let drawing = ReportFigures(
      dataset: set.name, classes: subject.checkpoint.classes, channels: set.train.channels,
      testCount: split.test.count)
    let illustrations: [Illustration]
    switch kind {
    case .report(let kind):
      illustrations = try self.illustrations(kind, study, drawing)
    case .learned(let kind):
      illustrations = try LearnedFigures(
        study: study, drawing: drawing, classes: subject.checkpoint.classes, pool: pool,
        seed: seed.seed, layer: layer
      ).figures(kind)
    }
    try export(illustrations)
  }

  private func export(_ illustrations: [Illustration]) throws {
    guard !illustrations.isEmpty else {
      throw Failure(
        "\(checkpoint.checkpoint): this network has nothing to draw as \(kind.name)", .badData)
    }
    let entries = try FigureExport.write(illustrations, to: folder)
    if output.json { return try JSONOutput.print(Result(figures: entries)) }
    FigureExport.show(entries)
  }

  /// Figures that the checkpoint holds all of; `nil` for a kind that needs images.
  private func withoutData(
    _ kind: ReportFigures.Kind, _ subject: Study.Subject
  ) throws -> [Illustration]? {
    let checkpoint = subject.checkpoint
    let figures = ReportFigures(
      dataset: checkpoint.dataset, classes: checkpoint.classes,
      channels: checkpoint.network.architecture.inputShape.channels)
    switch kind {
    case .filters, .templates:
      let facts = FeatureFacts(weightsOf: checkpoint, layer: layer)
      guard let facts, facts.weights.shape.count == 4,
        facts.areTemplates == (kind == .templates)
      else { return [] }
      return [figures.weights(facts)]
    case .training:
      guard !checkpoint.history.isEmpty else {
        throw Failure(
          "\(self.checkpoint.checkpoint): it holds no history of its training", .badData)
      }
      return [
        figures.loss(checkpoint.history, data: nil),
        figures.accuracy(checkpoint.history, data: nil),
        figures.health(checkpoint.history, layers: subject.modelFacts.layers),
      ]
    case .samples, .activations, .saliency, .confusion, .mistakes, .adversarial: return nil
    }
  }

  private func illustrations(
    _ kind: ReportFigures.Kind, _ study: Study, _ figures: ReportFigures
  ) throws -> [Illustration] {
    let example = study.clearExample
    switch kind {
    case .samples: return [figures.samples(study.dataFacts(example))]
    case .activations:
      return [
        figures.activations(
          study.activations(example), of: example, in: study.subject.modelFacts)
      ]
    case .saliency: return [figures.saliency(study.explanationFacts())]
    case .confusion: return [figures.confusion(study.qualityFacts())]
    case .mistakes: return figures.mistakes(study.mistakes(), quality: study.qualityFacts())
    case .filters, .templates, .training: return []
    case .adversarial:
      let facts = study.robustnessFacts()
      return [figures.adversarial(facts), figures.curves(facts)]
    }
  }
}

extension RenderCommand {
  /// A figure as a report has it, or one of what the network has learned.
  enum Kind: ExpressibleByArgument {
    case report(ReportFigures.Kind)
    case learned(LearnedFigures.Kind)

    static let names =
      ReportFigures.Kind.allCases.map(\.rawValue) + LearnedFigures.Kind.allCases.map(\.rawValue)
    static var allValueStrings: [String] { names }

    init?(argument: String) {
      if let kind = ReportFigures.Kind(rawValue: argument) {
        self = .report(kind)
      } else if let kind = LearnedFigures.Kind(rawValue: argument) {
        self = .learned(kind)
      } else {
        return nil
      }
    }

    var name: String {
      switch self {
      case .report(let kind): kind.rawValue
      case .learned(let kind): kind.rawValue
      }
    }
  }
}
