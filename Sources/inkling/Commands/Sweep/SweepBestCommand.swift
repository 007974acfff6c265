import ArgumentParser
import Datasets
import Engine
import Evaluation
import Experiments
import Figures
import Files
import Networks
import Training

struct SweepBestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Trains the best configuration of a sweep once more, saves it, and measures it.",
    usage: "inkling sweep best [<options>] <dir> --output <file>",
    discussion: """
      Whoever chooses the best of many is a little too proud of it: part of its
      lead was luck. So it is trained with fresh seeds as well, and beside it the
      usual run, with which nothing was searched; the differences are told. The
      test images are read here, and only here.

      Example: inkling sweep best output/course --output models/best.safetensors
      """)

  @OptionGroup var place: SweepPlace
  @Option(help: ArgumentHelp("The checkpoint to write, .safetensors.", valueName: "file"))
  var output: String
  @Option(help: "Further seeds to train it and the usual run with, 0 for none.")
  var freshSeeds = 3
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var outputOptions: OutputOptions

  mutating func validate() throws {
    guard output.hasSuffix(CheckpointName.ending) else {
      throw ValidationError("--output must end in .safetensors, as in models/best.safetensors.")
    }
    guard (0...100).contains(freshSeeds) else {
      throw ValidationError("--fresh-seeds must be from 0 to 100.")
    }
  }

  func run() throws {
    try OutputPlace.check(file: output)
    let folder = try SweepFolder(place.folder)
    let progress = try SweepProgress(of: folder)
    guard progress.isFinished else {
      throw Failure(
        "the sweep is not done: \(Format.count(progress.openTasks.count)) trials are open; go on with"
          + " \(Shell.command(["inkling", "sweep", "run", place.folder]))", .usage)
    }
    guard let best = progress.best, let trial = best.configuration.trials.first else {
      throw Failure("no trial of the sweep came to anything; see sweep status", .badData)
    }
    let (dataset, split) = try place.load(folder.sweep, for: .testing)
    let worker = try SweepWorker(folder, on: dataset)
    let pool = threads.makePool()
    // Nothing searched for may be no run at all: a frozen layer that the usual network has not.
    let usual = try? folder.sweep.usual(classes: dataset.classes.count)
    let isTrained = usual.map(worker.canTrain) ?? false
    if !isTrained {
      Terminal.inform(
        "note: with what is varied left as usual, nothing can be trained here to set beside it")
    }
    Terminal.inform("training \(trial.run.model)")
    var training = try TrainingRun(
      trial.run, on: dataset, split: split, output: output, pool: pool)
    (training.tellsEpochs, training.canResume) = (false, false)
    training.tests = true
    let own = try training.train().result
    func choice(_ fresh: [Double?], _ usual: [Double?]?) -> SweepChoice {
      SweepChoice(
        id: trial.id, configurations: folder.configurations.count, chosen: best.score.accuracy,
        fresh: fresh, usual: usual, test: own.test?.accuracy)
    }
    // The test images are read once: what they said is kept, whatever becomes of the rest.
    try choice([], nil).write(in: folder)
    let fresh = try again(trial.run, "the best", of: folder.sweep, by: worker, on: pool)
    try choice(fresh, nil).write(in: folder)
    let beside = try (isTrained ? usual : nil).map {
      try again($0, "the usual run", of: folder.sweep, by: worker, on: pool)
    }
    let choice = choice(fresh, beside)
    try choice.write(in: folder)
    if outputOptions.json {
      return try JSONOutput.print(
        Result(checkpoint: output, configuration: trial.run, choice: choice))
    }
    Terminal.print("\(output)  the best of \(Format.count(choice.configurations)) configurations")
    for (parameter, value) in zip(folder.sweep.parameters, best.configuration.values) {
      Terminal.print("  \(pad(parameter.name, 16)) \(value)")
    }
    Terminal.print("")
    Terminal.print("\(pad("validation, when it was chosen", 32)) \(Format.percent(choice.chosen))")
    if let mean = choice.freshMean {
      Terminal.print("\(pad("validation, with fresh seeds", 32)) \(Format.percent(mean))")
    }
    if let mean = choice.usualMean, let usual {
      Terminal.print(
        "\(pad("the usual run, the same seeds", 32)) \(Format.percent(mean))  \(usual.model)")
    }
    for (name, values) in [("it", choice.fresh), ("the usual run", choice.usual ?? [])] {
      let failed = values.count { $0 == nil }
      guard failed > 0 else { continue }
      Terminal.print("\(name) diverged with \(failed) of \(values.count) fresh seeds")
    }
    if let test = choice.test {
      Terminal.print("\(pad("test", 32)) \(Format.percent(test))")
    }
    Terminal.print("")
    Terminal.print(
      "Next: \(Shell.command(["inkling", "report", output, "--sweep", place.folder] + place.words + ["--output", "output/report"]))"
    )
  }

  /// Validation accuracies of a run with seeds that the sweep did not try, `nil` where it diverged.
  ///
  /// - Throws: `Failure` on Ctrl-C.
  private func again(
    _ run: RunConfiguration, _ name: String, of sweep: Sweep, by worker: SweepWorker,
    on pool: WorkerPool
  ) throws -> [Double?] {
    // With the course's split another seed would learn from the test images of this one.
    let seeds = sweep.base.splitScheme == .course ? 0 : freshSeeds
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    return try (0..<seeds).map { seed in
      Terminal.inform("\(name) with a fresh seed, \(seed + 1) of \(seeds)")
      var own = run
      own.seed = sweep.base.seed &+ UInt64(sweep.seeds + seed)
      guard
        let result = try worker.train(own, pool: pool, while: { !Interruption.isRequested })
      else { throw Failure("interrupted; the network is in \(output)", .interrupted) }
      return result.score?.accuracy
    }
  }

  struct Result: Encodable {
    let checkpoint: String
    let configuration: RunConfiguration
    let choice: SweepChoice
  }
}
