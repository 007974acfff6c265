public import ArgumentParser
import Datasets
import Files
import Networks
public import Report
import Study

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Figures as PNG, charts also as SVG.",
    discussion: """
      Kinds: \(ReportFigures.Kind.allCases.map(\.rawValue).joined(separator: ", "))

      Examples:
        inkling render filters models/cnn.safetensors --output output/figures
        inkling render confusion models/cnn.safetensors --output output/figures --json
      """)

  @Argument(help: ArgumentHelp("The kind of figure.", valueName: "kind"))
  var kind: ReportFigures.Kind

  @OptionGroup var checkpoint: CheckpointOptions

  @Option(
    name: .customLong("output"), help: ArgumentHelp("Folder for the figures.", valueName: "dir"))
  var folder: String

  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  struct Result: Encodable { let figures: [FigureExport.Entry] }

  func run() throws {
    try Folder.prepareForWriting(folder)
    let subject = try Study.Subject(path: checkpoint.checkpoint, foreign: checkpoint.foreign)
    let (set, split) = try DatasetSource(
      options: dataset, seed: seed.seed, checkpoint: subject.checkpoint
    ).load()
    let study = Study(subject, on: set, split: split, pool: threads.makePool())
    let illustrations = try illustrations(study, subject)
    guard !illustrations.isEmpty else {
      throw Failure(
        "\(checkpoint.checkpoint): this network has nothing to draw as \(kind.rawValue)", .badData)
    }
    let entries = try FigureExport.write(illustrations, to: folder)
    if output.json { return try JSONOutput.print(Result(figures: entries)) }
    FigureExport.show(entries)
  }

  private func illustrations(
    _ study: Study, _ subject: Study.Subject
  ) throws -> [Illustration] {
    let checkpoint = subject.checkpoint
    let figures = ReportFigures(dataset: study.dataset.name, classes: checkpoint.classes)
    let example = study.clearExample
    switch kind {
    case .samples: return [figures.samples(study.dataFacts(example))]
    case .filters, .templates:
      let facts = study.featureFacts(example)
      return facts.areTemplates == (kind == .templates) ? [figures.weights(facts)] : []
    case .activations: return [figures.activations(study.featureFacts(example), of: example)]
    case .saliency: return [figures.saliency(study.explanationFacts())]
    case .confusion: return [figures.confusion(study.qualityFacts())]
    case .mistakes: return figures.mistakes(study.mistakes(), quality: study.qualityFacts())
    case .training:
      guard !checkpoint.history.isEmpty else {
        throw Failure("\(self.checkpoint.checkpoint): it holds no history of its training", .badData)
      }
      return [
        figures.loss(checkpoint.history), figures.accuracy(checkpoint.history),
        figures.health(checkpoint.history, layers: study.modelFacts().layers),
      ]
    case .adversarial:
      let facts = study.robustnessFacts()
      return [figures.adversarial(facts), figures.curves(facts)]
    }
  }
}

extension ReportFigures.Kind: ExpressibleByArgument {}
