import Attacks
import Drawing
import Engine
import Figures
import Files
import Networks

/// What `attack` can find out beyond one attack on one network.
extension AttackCommand {
  /// How each class's images pass for each other class.
  struct Grid: Encodable {
    let counts: [Int]
    let hits: [[Int]]
    let rates: [[Double?]]
    @Nullable var meanRate: Double?

    init(_ grid: TargetGrid) {
      counts = grid.counts
      hits = grid.hits
      rates = grid.rates
      meanRate = grid.meanRate
    }
  }

  /// What the changed images do to another network.
  struct Transfer: Encodable {
    let checkpoint: String
    let cleanAccuracy: Double
    let accuracy: Double
    @Nullable var transferRate: Double?
  }

  /// A sign of masked gradients, or none.
  struct Masking: Encodable {
    let check: String
    let baseline: Double
    let accuracy: Double
    let passes: Bool
    let verdict: String

    init(_ check: MaskingCheck) {
      self.check = check.kind.rawValue
      baseline = check.baseline
      accuracy = check.accuracy
      passes = check.passes
      verdict = check.verdict
    }
  }

  /// The other checkpoints, all of which can be given this network's images.
  func others(than loaded: Checkpoint) throws -> [(path: String, checkpoint: Checkpoint)] {
    try transfer.map { path in
      let other = try checkpoint.foreign.load(path)
      let (mine, its) = (loaded.network.architecture, other.network.architecture)
      guard mine.inputShape == its.inputShape, mine.outputs == its.outputs else {
        throw Failure(
          "--transfer: \(path) reads images of \(its.inputShape) for \(its.outputs) classes, not"
            + " \(mine.inputShape) for \(mine.outputs)", .badData)
      }
      return (path, other)
    }
  }

  func transfers(
    _ found: Outcome, _ clean: [Float], _ images: [Float],
    to others: [(path: String, checkpoint: Checkpoint)], _ pool: WorkerPool
  ) -> [Transfer] {
    others.map { path, other in
      let outcome = Outcome(
        clean: clean, adversarial: images, labels: found.labels, target: found.target,
        against: Executor(other.network, pool: pool))
      return Transfer(
        checkpoint: path, cleanAccuracy: outcome.cleanAccuracy, accuracy: outcome.robustAccuracy,
        transferRate: found.transferRate(to: outcome))
    }
  }

  func maskingChecks(_ clean: [Float], _ labels: [Int], _ executor: Executor) -> [MaskingCheck] {
    var line = ProgressLine()
    defer { line.finish() }
    let settings = AttackSettings(
      epsilon: epsilon, norm: norm, queries: queries, seed: seed.seed)
    return MaskingCheck.all(clean, labels: labels, against: executor, settings) {
      line.update("checking", $0, of: MaskingCheck.Kind.allCases.count + 1, unit: "attacks")
    }
  }

  func targetGrid(
    _ settings: AttackSettings, _ clean: [Float], _ labels: [Int], _ executor: Executor
  ) -> TargetGrid? {
    guard let kind = Attacks.kind(method) else { return nil }
    var line = ProgressLine()
    defer { line.finish() }
    let classes = executor.network.architecture.outputs
    return TargetGrid(kind, settings, clean, labels: labels, against: executor) {
      line.update("aiming", $0, of: classes, unit: "targets")
    }
  }

  /// An example of each pair of classes, with how many pass.
  func write(_ grid: TargetGrid, _ loaded: Checkpoint, in folder: String) throws -> String {
    let shape = loaded.network.architecture.inputShape
    let rows = grid.counts.indices.map { source in
      ImageGrid.Row(
        [StyledLine(loaded.classes[source])],
        tiles: grid.counts.indices.map { target in
          let picture = grid.examples[source][target].map { PixelPictures.picture($0, shape) }
          let rate = grid.rate(from: source, to: target)
          return ImageGrid.Tile(
            picture, caption: [StyledLine(rate.map { Format.percent($0, decimals: 0) } ?? "")],
            frame: picture == nil ? nil : .wrong)
        })
    }
    let mean = grid.meanRate.map { Format.percent($0) } ?? "none"
    let figure = ImageGrid(
      rows: rows, headers: loaded.classes.map { [StyledLine($0)] }, scale: 3
    ).figure(
      FigureText(
        name: "\(method)-grid", title: "Each class made to pass for each other by \(method)",
        caption:
          "Rows: the true class. Columns: the class aimed at. Below each picture the share of the"
          + " images, right before, that hit; on average \(mean)."), width: 984)
    let path = "\(folder)/\(method)-grid.png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    return path
  }

  func showStudies(_ result: Result) {
    if let grid = result.grid {
      Terminal.print("  aimed at each other class (rows: true class)")
      for (source, row) in grid.rates.enumerated() {
        let cells = row.map { padLeft($0.map { Format.percent($0, decimals: 0) } ?? "–", 5) }
        Terminal.print("  \(padLeft("\(source)", 3)) \(cells.joined())")
      }
    }
    for transfer in result.transfer ?? [] {
      Terminal.print(
        "  \(transfer.checkpoint): \(Format.percent(transfer.cleanAccuracy)) before,"
          + " \(Format.percent(transfer.accuracy)) on these images"
          + (transfer.transferRate.map { "; \(Format.percent($0)) of what fools here fools there" }
            ?? ""))
    }
    for check in result.masking ?? [] {
      Terminal.print(
        "  \(check.passes ? "passes" : "WARNS ") \(pad(check.check, 12))\(check.verdict)")
    }
  }
}
