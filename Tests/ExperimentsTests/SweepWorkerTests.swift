import Datasets
import Engine
import Experiments
import Files
import Foundation
import Synchronization
import TestSupport
import Testing
import Training

/// Trials that are done, by one worker or by many.
@Suite struct SweepWorkerTests {
  private let dataset = DrawnDigits.dataset(count: 240, testCount: 20)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var sweep: Sweep {
    get throws {
      try Sweep(
        toml: """
          model = "flatten {layers}*(linear({width}) relu) linear({classes})"
          epochs = 3
          strategy = "halving"
          [parameters]
          layers = [1, 2]
          width = [4, 8, 12]
          learning-rate = [0.01, 0.001]
          """)
    }
  }

  private func plan(_ sweep: Sweep, _ name: String) throws -> SweepFolder {
    try SweepFolder(planning: sweep, of: dataset, in: folder.file(name))
  }

  private func work(_ sweep: SweepFolder, atMost most: Int = .max) throws -> Int {
    try SweepWorker(sweep, on: dataset).work(
      pool: WorkerPool(threads: 1), most: most, pause: { Thread.sleep(forTimeInterval: 0.01) },
      while: { true })
  }

  /// Every result's name and bytes.
  private func results(_ name: String) throws -> [String: [UInt8]] {
    let path = folder.file("\(name)/results")
    return Dictionary(
      uniqueKeysWithValues: try FileBytes.names(in: path).map {
        ($0, try FileBytes.read("\(path)/\($0)"))
      })
  }

  @Test func `a sweep is done rung by rung, and only the best go on`() throws {
    let planned = try plan(sweep, "a")
    #expect(try work(planned) == 16)
    let progress = try SweepProgress(of: SweepFolder(planned.path))
    #expect(progress.isFinished && progress.openTasks.isEmpty)
    #expect(progress.rungs.map(\.epochs) == [1, 3] && progress.rungs.map(\.count) == [12, 4])
    #expect(progress.epochs.done == 12 + 4 * 2 && progress.epochs.planned == 20)
    // Who went on were the best of the first rung.
    let first = progress.rungs[0]
    let best = first.ranking.prefix(4).map { first.entrants[$0.entrant] }.sorted()
    #expect(progress.rungs[1].entrants == best)
    let (worst, chosen) = (try #require(first.ranking.last), try #require(first.ranking.first))
    #expect(worst.score < chosen.score)
    for trial in progress.rungs[1].results.joined() {
      let result = try #require(trial)
      // It went on from where it stood: the first epoch is the same.
      let before = try #require(
        first.results.joined().compactMap { $0 }.first { $0.id == result.id })
      #expect(result.curve.count == 3 && before.curve == Array(result.curve.prefix(1)))
      #expect(result.curve.allSatisfy { $0.validationCount == 20 && $0.trainAccuracy != nil })
    }
    // Nothing is left lying about.
    #expect(try FileBytes.names(in: planned.claims).isEmpty)
    #expect(try FileBytes.names(in: "\(planned.path)/states").isEmpty)
    // A trial that went on is the run that nobody stopped.
    let winner = try #require(progress.best)
    let alone = try #require(
      try SweepWorker(planned, on: dataset).train(
        winner.configuration.trials[0].run, pool: WorkerPool(threads: 2), while: { true }))
    #expect(alone.score == winner.score)
  }

  @Test func `many workers that are stopped at will end with the bytes of one`() throws {
    _ = try work(plan(sweep, "one"))
    let planned = try plan(sweep, "many")
    // Each is told to stop after some steps, in the middle of a trial.
    for steps in [3, 20, 7, 31] {
      var left = steps
      _ = try SweepWorker(planned, on: dataset).work(
        pool: WorkerPool(threads: 1), pause: {},
        while: {
          left -= 1
          return left >= 0
        })
    }
    #expect(try FileBytes.names(in: "\(planned.path)/states").count > 0)
    let worker = try SweepWorker(planned, on: dataset)
    let before = try results("many").count
    let done = Mutex(0)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 3) { _ in
      do {
        let count = try worker.work(
          pool: WorkerPool(threads: 1), pause: { Thread.sleep(forTimeInterval: 0.01) },
          while: { true })
        done.withLock { $0 += count }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    let own = try results("many")
    let one = try results("one")
    #expect(own.count == 16 && own == one)
    // No two of them did the same.
    #expect(done.withLock { $0 } == 16 - before)
  }

  @Test func `a wider sweep uses what is there`() throws {
    let first = try plan(sweep, "a")
    _ = try work(first)
    let before = try results("a")
    var wider = try sweep
    wider.parameters[2] = SweepParameter(
      name: "width", domain: .list([4, 8, 12, 16].map(ParameterValue.number)))
    #expect(wider.parameters.map(\.name) == ["layers", "learning-rate", "width"])
    let second = try plan(wider, "a")
    // Four configurations are new; six of sixteen go on, of which some went on before.
    let done = try work(second)
    #expect(done >= 4 && done <= 4 + 6)
    #expect(try SweepProgress(of: second).isFinished)
    for (name, bytes) in try results("a") where before[name] != nil {
      #expect(before[name] == bytes)
    }
  }

  @Test func `what cannot be, and what goes wrong, is a result with its reason`() throws {
    let planned = try plan(
      try Sweep(
        toml: """
          epochs = 2
          batch_size = 8
          optimizer = "sgd"
          # With the larger rate, every step makes the weights some hundred times as large.
          weight_decay = 0.9
          [parameters]
          model = ["flatten linear(10)", "maxpool(40) flatten linear(10)", "flatten linear(9)", "flatten liner(10)"]
          learning-rate = [0.01, 1000.0]
          """), "a")
    #expect(try work(planned) == 8)
    let progress = try SweepProgress(of: planned)
    let results = progress.rungs[0].results.map { $0[0] }
    let outcomes = results.map { $0?.outcome }
    #expect(progress.isFinished && outcomes.count { $0 == .refused } == 6)
    for (result, configuration) in try paired(results, planned.configurations) {
      let result = try #require(result)
      let (rate, model) = (configuration.values[0], configuration.values[1].description)
      switch model {
      case "flatten linear(10)":
        #expect(result.outcome == (rate == .number(1000) ? .diverged : .trained))
        #expect((result.score == nil) == (rate == .number(1000)))
      default:
        let reason = try #require(result.reason)
        #expect(
          reason.contains(
            model.contains("liner") ? "no layer" : model.contains("9") ? "9 outputs" : "maxpool"))
        #expect(result.curve.isEmpty && result.score == nil)
      }
    }
    #expect(progress.best?.configuration.values[1] == .text("flatten linear(10)"))
  }

  @Test func `numbers that overflow at the end of an epoch are a divergence`() throws {
    // One step an epoch, each of which makes the weights some hundred times as large.
    let planned = try plan(
      try Sweep(
        toml: """
          model = "flatten linear(10)"
          epochs = 20
          batch_size = 220
          optimizer = "sgd"
          weight_decay = 0.9
          schedule = "constant"
          [parameters]
          learning-rate = [0.01, 1000.0]
          """), "a")
    #expect(try work(planned) == 2)
    let progress = try SweepProgress(of: planned)
    let results = try progress.rungs[0].results.map { try #require($0[0]) }
    #expect(progress.isFinished && results.map(\.outcome) == [.trained, .diverged])
    #expect(results[0].curve.count == 20 && results[1].curve.count < 20)
    #expect(results[1].curve.allSatisfy { $0.validationLoss?.isFinite == true })
    #expect(results[1].reason?.contains("epoch \(results[1].curve.count + 1)") == true)
  }

  @Test func `several seeds are compared by their mean`() throws {
    var sweep = try sweep
    sweep.seeds = 2
    sweep.parameters = [
      sweep.parameters[0], SweepParameter(name: "width", domain: .list([.number(6)])),
    ]
    let planned = try plan(sweep, "a")
    #expect(try work(planned) == 4 + 2)
    let rung = try #require(try SweepProgress(of: planned).rungs.first)
    let scores = try rung.results[0].map { try #require($0?.score) }
    #expect(rung.score(0)?.accuracy == (scores[0].accuracy + scores[1].accuracy) / 2)
    #expect(scores[0] != scores[1])
  }

  @Test func `other images, a folder that is none and damaged files are told`() throws {
    let planned = try plan(sweep, "a")
    let other = DrawnDigits.dataset(count: 230, testCount: 20)
    #expect(throws: SweepError.self) { try SweepWorker(planned, on: other) }
    #expect(throws: SweepError.self) {
      try SweepFolder(planning: sweep, of: other, in: planned.path)
    }
    // The test images are for the end: nobody looks at them before.
    #expect(
      SweepFolder.Images(of: DrawnDigits.dataset(count: 240, testCount: 30), scheme: .standard)
        == planned.images)
    #expect(throws: FileError.self) { try SweepFolder(folder.file("none")) }
    try folder.write(Array("{}".utf8), "a/sweep.json")
    #expect(throws: SweepError.self) { try SweepFolder(planned.path) }
    let again = try plan(sweep, "b")
    let trial = again.configurations[0].trials[0]
    try folder.write(Array("[]".utf8), "b/results/\(trial.id)-1.json")
    #expect(throws: SweepError.self) { try work(again) }
    // A state that cannot be read is no state.
    try FileBytes.remove(folder.file("b/results/\(trial.id)-1.json"))
    try folder.write(Array("{}".utf8), "b/states/\(trial.id).safetensors")
    #expect(try work(again) == 16)
  }

  @Test func `the estimate is of one thread's time`() throws {
    let planned = try plan(sweep, "a")
    let seconds = try SweepWorker(planned, on: dataset).secondsPerEpoch()
    #expect(seconds > 0 && seconds < 60)
    // Nothing is kept of it.
    #expect(try results("a").isEmpty)
  }
}
