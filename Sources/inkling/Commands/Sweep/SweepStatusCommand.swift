import ArgumentParser
import Experiments
import Figures
import Files
import Training

struct SweepStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How far a sweep is, and what is best so far.",
    discussion: "Example: inkling sweep status output/course")

  @Argument(help: ArgumentHelp("The folder that sweep plan wrote.", valueName: "dir"))
  var folder: String
  @OptionGroup var output: OutputOptions

  func run() throws { try Self.show(folder, [], json: output.json) }

  /// Configurations that a table shows.
  private static let shown = 10

  struct Result: Encodable {
    struct Rung: Encodable {
      let epochs: Int
      let count: Int
      let done: Int
    }
    struct Best: Encodable {
      let id: String
      let epochs: Int
      let accuracy: Double
      let loss: Double
      let configuration: RunConfiguration
    }
    let finished: Bool
    /// Trials that came to something, over all rungs.
    let done: Int
    /// Trials that are at work.
    let running: Int
    /// Trials that nobody is at, as far as is known.
    let open: Int
    /// Trials that diverged or were refused.
    let failed: Int
    let rungs: [Rung]
    @Nullable var best: Best?
  }

  /// Says how far a sweep is.
  static func show(_ path: String, _ place: [String], json: Bool) throws {
    let progress = try SweepProgress(in: path)
    let running = try Claim.taken(in: progress.folder.claims).count
    let results = progress.rungs.flatMap { $0.results.joined() }.compactMap { $0 }
    let failed = results.count { $0.outcome != .trained }
    let open = max(0, progress.openTasks.count - running)
    if json {
      return try JSONOutput.print(
        Result(
          finished: progress.isFinished, done: results.count - failed, running: running, open: open,
          failed: failed,
          rungs: progress.rungs.map { .init(epochs: $0.epochs, count: $0.count, done: $0.done) },
          best: progress.best.flatMap { best in
            best.configuration.trials.first.map {
              Result.Best(
                id: $0.id, epochs: best.epochs, accuracy: best.score.accuracy,
                loss: best.score.loss, configuration: $0.run)
            }
          }))
    }
    for rung in progress.rungs {
      Terminal.print(
        "after \(pad("\(rung.epochs) epoch\(rung.epochs == 1 ? "" : "s")", 10)) \(Format.count(rung.done)) of"
          + " \(Format.count(rung.count)) trials done")
    }
    if failed > 0 {
      let diverged = results.count { $0.outcome == .diverged }
      Terminal.print(
        "\(Format.count(diverged)) diverged, \(Format.count(failed - diverged)) were refused")
      if let refused = results.first(where: { $0.outcome == .refused }) {
        Terminal.print("  such as \(refused.id): \(refused.reason ?? "")")
      }
    }
    if running > 0 { Terminal.print("\(running) at work") }
    let names = progress.folder.sweep.parameters.map(\.name)
    if let rung = progress.rungs.last(where: { !$0.ranking.isEmpty }) {
      Terminal.print("")
      let ranking = rung.ranking.prefix(shown)
      let configurations = ranking.map { progress.folder.configurations[rung.entrants[$0.entrant]] }
      let columns =
        [["validation"] + ranking.map { Format.percent($0.score.accuracy) }]
        + [["loss"] + ranking.map { Format.fixed($0.score.loss, 4) }]
        + names.indices.map { place in
          [names[place]] + configurations.map { $0.values[place].description }
        }
      TextTable(columns).lines(width: Terminal.width).forEach { Terminal.print($0) }
    }
    if progress.isFinished, let found = SweepFindings(progress), found.importances.count > 1 {
      Terminal.print("")
      Terminal.print("what matters: shares of the difference between the best tenth and all")
      TextBars(found.importances.map { ($0.parameter, $0.share) }).lines.forEach(Terminal.print)
    }
    Terminal.print("")
    let next =
      progress.isFinished
      ? ["best", path, "--output", "models/best.safetensors"] : ["run", path]
    Terminal.print(
      "Next: \(Shell.command(["inkling", "sweep"] + next + place))"
    )
  }
}
