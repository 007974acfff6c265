import Datasets
import Engine
import Figures
import Files
import Networks
import Report
import Study
import Training

/// Looks for training images whose labels are likely to be wrong.
struct LabelNoiseSearch {
  let checkpoint: Checkpoint
  let source: DatasetSource
  let pool: WorkerPool

  /// Suspects that are listed in full, and in the terminal.
  private static let (listed, shown) = (1000, 20)
  /// Suspects that a report keeps.
  static let reported = 100

  /// What `evaluate --label-noise --json` prints.
  struct Result: Encodable {
    struct Suspect: Encodable {
      let index: Int
      @Nullable var file: String?
      let label: Int
      let predicted: Int
      let labelProbability: Float
      let confidence: Float
    }

    let images: Int
    let agreed: Int
    let epochs: Int
    let doubted: Int
    let suspects: [Suspect]
    let figures: [FigureExport.Entry]
  }

  /// Finds them with networks of a checkpoint's kind.
  ///
  /// - Throws: `Failure` if there are too few images, training diverges or a person interrupts it.
  static func facts(
    _ checkpoint: Checkpoint, _ dataset: Dataset, _ split: Split, limit: Int,
    pool: WorkerPool
  ) throws -> LabelNoiseFacts {
    var line = ProgressLine()
    defer { line.finish() }
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    do {
      let found = try LabelNoiseFacts.search(
        with: checkpoint, in: split.train, files: dataset.files, limit: limit, pool: pool,
        progress: { line.update("training on halves", $0, of: $1, unit: "images") },
        while: { !Interruption.isRequested })
      guard let found else {
        throw Failure("interrupted while looking for wrong labels", .interrupted)
      }
      return found
    } catch CrossFittingError.tooFew(let label) {
      throw Failure(
        "too few images of “\(checkpoint.classes[label])” to halve: one half has none", .badData)
    } catch CrossFittingError.diverged {
      throw Failure(
        "training on a half diverged: the loss is no longer a number", .badData)
    }
  }

  /// Prints what is found, and draws it where there is a folder for it.
  func show(output: String?, json: Bool) throws {
    if let output { try OutputPlace.check(folder: output) }
    let (set, split) = try source.load(for: .training)
    let facts = try Self.facts(checkpoint, set, split, limit: Self.listed, pool: pool)
    var figures: [FigureExport.Entry] = []
    if let output, !facts.suspects.isEmpty {
      let drawing = ReportFigures(
        dataset: set.name, classes: checkpoint.classes, channels: set.train.channels)
      figures = try FigureExport.write([drawing.labelNoise(facts)], to: output)
    }
    guard !json else {
      return try JSONOutput.print(
        Result(
          images: facts.count, agreed: facts.agreed, epochs: facts.epochs, doubted: facts.doubted,
          suspects: facts.suspects.map {
            Result.Suspect(
              index: $0.index, file: $0.file, label: $0.label, predicted: $0.predicted,
              labelProbability: $0.labelProbability, confidence: $0.confidence)
          }, figures: figures))
    }
    Terminal.print(
      "\(Format.count(facts.doubted)) of \(Format.count(facts.count)) training labels are doubted by a network that had not"
        + " seen them; the surest first")
    guard let first = facts.suspects.first else { return }
    let shown = facts.suspects.prefix(Self.shown)
    func name(_ label: Int) -> String { String(checkpoint.classes[label].prefix(18)) }
    Terminal.print("")
    TextTable([
      ["image"] + shown.map { $0.file.map { String($0.suffix(30)) } ?? "#\($0.index)" },
      ["label"] + shown.map { name($0.label) }, ["read as"] + shown.map { name($0.predicted) },
      ["sure"] + shown.map { Format.probability(Double($0.confidence)) },
    ]).lines().forEach(Terminal.print)
    if facts.doubted > shown.count {
      Terminal.print(
        "… --json lists \(facts.doubted > Self.listed ? "the first \(Format.count(Self.listed))" : "all")"
          + (output == nil ? ", --output draws them" : ""))
    }
    Terminal.print("")
    Terminal.print("labelled \(name(first.label)), read as \(name(first.predicted)):")
    HalfBlocks.show(
      first.pixels.values, height: split.train.height, width: split.train.width)
    FigureExport.show(figures)
  }
}
