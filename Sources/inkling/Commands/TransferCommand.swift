import ArgumentParser
import Datasets
import Drawing
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Foundation
import Networks
import Report
import Synchronization
import Training

struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "What trained networks are worth as a beginning where examples are few.",
    usage: "inkling transfer [<options>] <checkpoint> ... --output <dir>",
    discussion: """
      Trains on 1, 2, 5, 10, 20 and 50 examples of each class and on all, from
      scratch, with all of the source but its head frozen, and with everything
      fine-tuned, each several times with other examples, and tests every network.
      The page shows accuracy against the number of examples. Stopped, it goes on
      from where it was with the same command.

      Examples:
        inkling train --dataset drawn --model cnn --output models/drawn.safetensors
        inkling transfer models/drawn.safetensors --dataset mnist \\
          --output output/transfer
        inkling transfer models/cnn.safetensors --dataset fashion-mnist \\
          --counts 5,50 --draws 5 --output output/fashion
      """)

  @Argument(help: ArgumentHelp("Trained networks to begin with.", valueName: "checkpoint"))
  var sources: [String]

  @Option(help: ArgumentHelp("The folder of the page.", valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp("Examples of each class, separated by commas.", valueName: "numbers"),
    transform: Self.numbers)
  var counts: [Int] = [1, 2, 5, 10, 20, 50]

  @Option(help: ArgumentHelp("Draws of examples for each of these numbers.", valueName: "n"))
  var draws = 20

  @Option(
    help: ArgumentHelp(
      "Seeds for all images, which take far longer than a few; 0 to leave all images out.",
      valueName: "n"))
  var drawsOfAll = 3

  @OptionGroup var report: ReportOptions
  @OptionGroup(title: "How each is trained") var training: TrainingOptions
  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  struct Output: Encodable {
    let index: String
    let files: [String]
    let results: TransferResults
  }

  private static func numbers(_ text: String) throws -> [Int] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.allSatisfy({ $0.map { $0 >= 1 } ?? false }) else {
      throw ValidationError("--counts takes whole numbers from 1 on, as in 1,5,20.")
    }
    return Set(parts.compactMap(\.self)).sorted()
  }

  mutating func validate() throws {
    if sources.isEmpty { throw ValidationError("Name a checkpoint.") }
    guard (1...1000).contains(draws), (0...1000).contains(drawsOfAll) else {
      throw ValidationError("--draws must be from 1 to 1,000, --draws-of-all from 0 to 1,000.")
    }
    guard training.examples == nil, training.trainingImages == nil, training.freeze == nil else {
      throw ValidationError(
        "How many examples there are and what is frozen is what transfer varies; leave --examples, --training-images"
          + " and --freeze out.")
    }
  }

  func run() throws {
    try TransferPage.check(output)
    try OutputPlace.check(file: TransferDraws.path(in: output))
    let templates = try report.load(pool: threads.makePool())
    let loaded = try sources.map { try TransferSourceFile.read($0) }
    var base = RunConfiguration()
    base.seed = seed.seed
    training.apply(to: &base)
    dataset.apply(to: &base)
    do {
      try base.check()
    } catch {
      throw Failure("--\(error)", .usage)
    }
    let source = DatasetSource(
      options: dataset, run: base, startingFrom: loaded.map(\.checkpoint))
    try source.validate()
    let (set, split) = try source.load()
    let study = TransferStudy(
      loaded, on: set, split: split, base: base, counts: counts, draws: (draws, drawsOfAll))
    try tell(study)
    let results = try train(study)
    let page = TransferPage(results, date: report.date, templates: templates)
    let files = try page.write(to: output).map { "\(output)/\($0)" }
    if outputOptions.json {
      return try JSONOutput.print(Output(index: files[0], files: files, results: results))
    }
    show(results)
    Terminal.print("")
    Terminal.print("\(files[0])  (\(files.count) files)")
  }

  /// Says what of the sources does not fit, and what is not tried, before anything is trained.
  private func tell(_ study: TransferStudy) throws {
    guard let first = study.tasks.first else {
      throw Failure(
        "there is nothing to train: some class has no more images than the smallest of --counts, and --draws-of-all is 0",
        .badData)
    }
    if !study.leftOut.isEmpty {
      Terminal.inform(
        "note: some class has too few images for \(study.leftOut.map(Format.count).joined(separator: ", ")) examples, which are"
          + " left out")
    }
    for (place, source) in study.sources.enumerated() {
      let task = TransferStudy.Task(
        source: place, way: .frozen, examples: first.examples, draw: first.draw)
      for note in try study.prepared(task).notes { Terminal.inform("\(source.name): \(note)") }
      if source.checkpoint.trainedOn == nil {
        Terminal.inform(
          "note: \(source.name) does not say which images it was trained on; some of the test images may be among them"
        )
      }
    }
  }

  /// Trains what is not done yet.
  private func train(_ study: TransferStudy) throws -> TransferResults {
    let (path, tasks) = (TransferDraws.path(in: output), study.tasks)
    let keys = try tasks.map(study.key)
    let known = try TransferDraws.read(path)
    let open = tasks.indices.filter { known.outcomes[keys[$0]] == nil }
    if open.count < tasks.count {
      Terminal.inform("going on after \(Format.count(tasks.count - open.count)) trainings")
    }
    let board = Board(known)
    var line = ProgressLine()
    defer { line.finish() }
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    try Crew.run(threads.threads ?? WorkerPool.processors) { isOn in
      let pool = WorkerPool(threads: 1)
      while isOn(), let place = board.next.take(below: open.count) {
        guard let outcome = try study.outcome(of: tasks[open[place]], pool: pool, while: isOn)
        else { return }
        try board.draws.withLock { draws in
          draws.outcomes[keys[open[place]]] = outcome
          try draws.write(to: path)
        }
      }
    } look: {
      let done = board.draws.withLock { draws in keys.count { draws.outcomes[$0] != nil } }
      line.update("training", done, of: tasks.count, unit: "networks")
    }
    line.finish()
    let draws = board.draws.withLock { $0 }
    let done = keys.count { draws.outcomes[$0] != nil }
    guard done == tasks.count else {
      throw Failure(
        "interrupted after \(done) of \(tasks.count) trainings; the same command goes on from there",
        .interrupted)
    }
    let pool = threads.makePool()
    let outcomes = Dictionary(
      uniqueKeysWithValues: zip(tasks, keys).compactMap { task, key in
        draws.outcomes[key].map { (task, $0) }
      })
    return study.results(
      outcomes, untouched: study.sources.indices.map { study.untouched($0, pool: pool) })
  }

  /// What the threads tell one another.
  private final class Board: Sendable {
    let next = Turns()
    let draws: Mutex<TransferDraws>
    init(_ draws: TransferDraws) { self.draws = Mutex(draws) }
  }

  private func show(_ results: TransferResults) {
    for facts in results.sources {
      guard let untouched = facts.untouched else { continue }
      Terminal.print("\(facts.name) as it is: \(Format.percent(untouched)) of the test images")
    }
    let sizes = results.series.max { $0.points.count < $1.points.count }?.points ?? []
    TextTable(
      [["examples of each class"] + sizes.map { $0.examples.map(Format.count) ?? "all" }]
        + results.series.map { series in
          [[series.source, series.way.words].compactMap(\.self).joined(separator: ", ")]
            + series.points.map { point in
              Format.percent(point.mean)
                + (point.interval.map { " ± \(Format.points(($0.high - $0.low) / 2))" } ?? "")
            }
        }
    ).lines().forEach(Terminal.print)
    drawBars(results)
  }

  /// The mean accuracies with the most examples that all have, as bars.
  private func drawBars(_ results: TransferResults) {
    let counts = results.series.map { Set($0.points.compactMap(\.examples)) }
    guard let common = counts.dropFirst().reduce(counts.first ?? [], { $0.intersection($1) }).max()
    else { return }
    Terminal.print("")
    Terminal.print("with \(Format.count(common)) examples of each class")
    let rows = results.series.compactMap { series in
      series.points.first { $0.examples == common }.map {
        ([series.source, series.way.words].compactMap(\.self).joined(separator: ", "), $0.mean)
      }
    }
    TextBars(rows).lines.forEach(Terminal.print)
  }
}

/// Outcomes that are known, kept while others are trained; those of other studies in the same folder stay.
struct TransferDraws: Codable, Sendable {
  /// By the training's key.
  var outcomes: [String: TransferStudy.Outcome] = [:]

  static func path(in folder: String) -> String { "\(folder)/draws.json" }

  /// Those of a file; none if there is none.
  static func read(_ path: String) throws -> TransferDraws {
    guard FileBytes.exists(path) else { return TransferDraws() }
    guard
      let found = try? JSONDecoder().decode(
        TransferDraws.self, from: Data(try FileBytes.read(path, limit: 1 << 26)))
    else {
      throw Failure("\(path): it does not hold the draws of a transfer; delete it", .badData)
    }
    return found
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try AtomicFile.write(Array(try encoder.encode(self)), to: path)
  }
}

/// A checkpoint file as a beginning.
enum TransferSourceFile {
  /// Reads it, with the hash by which it is known again.
  static func read(_ path: String) throws -> TransferStudy.Source {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return TransferStudy.Source(
      name: CheckpointName.stem(of: file),
      origin: RunConfiguration.Origin(
        name: file, sha256: SHA256(of: try FileBytes.read(path)).hexadecimal),
      checkpoint: try WholeCheckpoint.read(path))
  }
}
