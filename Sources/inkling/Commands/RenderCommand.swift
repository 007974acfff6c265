import ArgumentParser
import Files
import Networks
public import Report
import Study

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Figures as PNG, charts also as SVG.",
    discussion: """
      Kinds: \(FigureKind.allCases.map(\.rawValue).joined(separator: ", "))

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
  var kind: FigureKind

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
    let illustrations = try illustrations(subject)
    guard !illustrations.isEmpty else {
      throw Failure(
        kind == .training
          ? "\(checkpoint.checkpoint): it holds no history of its training"
          : "\(checkpoint.checkpoint): this network has nothing to draw as \(kind.rawValue)",
        .badData
      )
    }
    let entries = try FigureExport.write(illustrations, to: folder)
    if output.json { return try JSONOutput.print(Result(figures: entries)) }
    FigureExport.show(entries)
  }

  private func illustrations(_ subject: Study.Subject) throws -> [Illustration] {
    guard kind.needsImages else {
      return ReportFigures.figures(kind, of: subject, layer: layer)
    }
    let (set, split) = try DatasetSource(
      options: dataset, seed: seed.seed, checkpoint: subject.checkpoint
    ).load()
    let study = Study(subject, on: set, split: split, pool: threads.makePool())
    return ReportFigures.figures(kind, of: study, layer: layer, seed: seed.seed)
  }
}

extension FigureKind: ExpressibleByArgument {}
