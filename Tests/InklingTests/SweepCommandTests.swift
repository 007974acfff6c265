import Files
import Foundation
import TestSupport
import Testing

/// `inkling sweep`, as a person and as many machines use it.
@Suite struct SweepCommandTests {
  private let folder: TemporaryFolder

  /// Twelve small networks, of which four go on to nine epochs' third and two to all.
  static let sweep = """
    dataset = "drawn"
    drawn_count = 1500
    model = "flatten {layers}*(linear({width}) relu) linear({classes})"
    epochs = 9
    strategy = "halving"
    [parameters]
    layers = [1, 2]
    width = [32, 64]
    learning-rate = [0.1, 0.01, 0.001]
    """

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Array(Self.sweep.utf8), "sweep.toml")
  }

  private func inkling(_ words: String...) throws -> Run { try run(words, in: folder) }

  static func results(_ folder: TemporaryFolder, _ name: String) throws -> [String: [UInt8]] {
    let path = folder.file("\(name)/results")
    return Dictionary(
      uniqueKeysWithValues: try FileBytes.names(in: path).map {
        ($0, try FileBytes.read("\(path)/\($0)"))
      })
  }

  @Test func `plan, run, status and best tell one story`() throws {
    let plan = try inkling("sweep", "plan", "sweep.toml", "--output", "s", "--json").json()
    #expect(plan["count"] as? Int == 12 && plan["configurations"] as? Int == 12)
    // 12 epochs, then two more for four, then six more for two.
    #expect(plan["epochs"] as? Int == 32)
    #expect((plan["estimated_seconds"] as? Double ?? 0) > 0)
    let trials = try #require(plan["trials"] as? [[String: Any]])
    #expect(Set(trials.compactMap { $0["id"] as? String }).count == 12)
    let before = try inkling("sweep", "status", "s", "--json").json()
    #expect(before["open"] as? Int == 12 && before["done"] as? Int == 0)
    #expect(before["best"] is NSNull && before["finished"] as? Bool == false)
    let early = try inkling("sweep", "best", "s", "--output", "b.safetensors")
    #expect(early.status == 64 && early.errors.contains("12 trials are open"))

    let some = try inkling("sweep", "worker", "s", "--max-trials", "2", "--json").json()
    #expect(some["trials"] as? Int == 2 && some["finished"] as? Bool == false)
    let done = try inkling("sweep", "run", "s", "--json").json()
    #expect(done["finished"] as? Bool == true && done["done"] as? Int == 12 + 4 + 2)
    #expect(
      done["open"] as? Int == 0 && done["running"] as? Int == 0 && done["failed"] as? Int == 0)
    let best = try #require(done["best"] as? [String: Any])
    #expect(best["epochs"] as? Int == 9)
    // Done again, there is nothing to do.
    let table = try inkling("sweep", "run", "s")
    #expect(table.status == 0 && table.output.contains("4 of 4 trials done"))
    #expect(
      table.output.contains("learning-rate") && table.output.contains("Next: inkling sweep best s"))

    let chosen = try inkling(
      "sweep", "best", "s", "--output", "b.safetensors", "--fresh-seeds", "2", "--json"
    ).json()
    let choice = try #require(chosen["choice"] as? [String: Any])
    #expect(choice["id"] as? String == best["id"] as? String)
    #expect(choice["chosen"] as? Double == best["accuracy"] as? Double)
    #expect((choice["fresh"] as? [Double])?.count == 2 && choice["configurations"] as? Int == 12)
    // Beside it the run that nothing was searched for, with seeds that the sweep did not try.
    let usual = try inkling(
      "train", "--model", "mlp", "--dataset", "drawn", "--drawn-count", "1500", "--epochs", "9",
      "--seed", "2",
      "--output", "usual.safetensors", "--json"
    ).json()
    #expect(
      (choice["usual"] as? [Double])?.first
        == (usual["validation"] as? [String: Any])?["accuracy"] as? Double)
    // What is saved is the network that was chosen, and its test value is that of the file.
    let evaluated = try inkling("evaluate", "b.safetensors", "--json").json()
    #expect(evaluated["accuracy"] as? Double == choice["test"] as? Double)
    let validation = try inkling(
      "evaluate", "b.safetensors", "--split", "validation", "--json"
    ).json()
    #expect(validation["accuracy"] as? Double == choice["chosen"] as? Double)

    // A report of it has what the sweep found; one of other images has not.
    let report = try inkling(
      "report", "b.safetensors", "--sweep", "s", "--single-file", "--output", "b.html")
    #expect(report.status == 0)
    let page = try String(contentsOfFile: folder.file("b.html"), encoding: .utf8)
    #expect(page.contains("Better settings") && page.contains("fig-sweep-ranking"))
    #expect(page.contains("A sweep of 12 configurations on the same images."))
    let other = try inkling(
      "report", "b.safetensors", "--sweep", "s", "--drawn-count", "1600", "--output", "other")
    #expect(other.status == 65 && other.errors.contains("this sweep is of other images"))
  }

  @Test func `a usual run that cannot be is told of, and what was chosen is kept`() throws {
    try folder.write(
      Array(
        """
        dataset = "drawn"
        drawn_count = 600
        model = "flatten linear({width}) relu linear(16) relu linear({classes})"
        freeze = ["linear3"]
        epochs = 1
        [parameters]
        width = [8, 12]
        """.utf8), "frozen.toml")
    _ = try inkling("sweep", "plan", "frozen.toml", "--output", "s")
    _ = try inkling("sweep", "run", "s")
    let best = try inkling("sweep", "best", "s", "--output", "b.safetensors", "--fresh-seeds", "1")
    #expect(
      best.status == 0 && best.errors.contains("nothing can be trained here to set beside it"))
    #expect(best.output.contains("with fresh seeds") && !best.output.contains("the usual run"))
    let report = try inkling("sweep", "report", "s", "--output", "page")
    #expect(report.status == 0)
    let page = try String(contentsOfFile: folder.file("page/index.html"), encoding: .utf8)
    #expect(page.contains("What choosing the best of many cost"))
  }

  @Test func `workers that are killed at any moment end with the bytes of one`() throws {
    _ = try inkling("sweep", "plan", "sweep.toml", "--output", "one")
    _ = try inkling("sweep", "run", "one")
    _ = try inkling("sweep", "plan", "sweep.toml", "--output", "many")
    let kills = ProcessInfo.processInfo.environment["INKLING_KILLS"].flatMap(Int.init) ?? 6
    for kill in 0..<kills {
      let (worker, _, _) = process(["sweep", "run", "many", "--quiet"], in: folder)
      try worker.run()
      // From before it has read the data to the middle of its trials; where it is hit is left to the machine.
      Thread.sleep(forTimeInterval: 0.05 + 0.37 * Double(kill % 5) / 4)
      Foundation.kill(worker.processIdentifier, SIGKILL)
      worker.waitUntilExit()
    }
    let last = try inkling("sweep", "run", "many", "--json").json()
    #expect(last["finished"] as? Bool == true)
    let (many, one) = (
      try Self.results(folder, "many"), try Self.results(folder, "one")
    )
    #expect(one.count == 18 && many == one)
  }

  @Test func `Ctrl-C and USR1 keep where a trial stands`() throws {
    try folder.write(
      Array(
        Self.sweep.replacing("1500", with: "20000").replacing("epochs = 9", with: "epochs = 900")
          .utf8),
      "long.toml")
    _ = try inkling("sweep", "plan", "long.toml", "--strategy", "grid", "--output", "s")
    for signal in [SIGINT, SIGUSR1] {
      let (worker, _, errors) = process(["sweep", "worker", "s"], in: folder)
      try worker.run()
      for _ in 0..<3000 where try FileBytes.names(in: folder.file("s/claims")).isEmpty {
        Thread.sleep(forTimeInterval: 0.02)
      }
      Foundation.kill(worker.processIdentifier, signal)
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 130)
      let words = try String(decoding: Data(contentsOf: errors), as: UTF8.self)
      #expect(words.contains("the same command goes on from here"))
      #expect(try FileBytes.names(in: folder.file("s/states")).count == 1)
      #expect(try FileBytes.names(in: folder.file("s/claims")).isEmpty)
    }
  }

  @Test(
    arguments: [
      (["plan", "none.toml", "--output", "s"], 66, "none.toml"),
      (["plan", "sweep.toml", "--preset", "course", "--output", "s"], 64, "not both"),
      (["plan", "--vary", "width", "--output", "s"], 64, "--vary takes a name with values"),
      (["plan", "--vary", "width=1,2", "--output", "s"], 65, "no “width” to vary"),
      (["plan", "sweep.toml", "--epochs", "0", "--output", "s"], 64, "--epochs must be"),
      (["plan", "sweep.toml", "--output", "sweep.toml/x"], 73, "sweep.toml"),
      (["run", "none"], 66, "none/sweep.json"),
      (["worker", "none", "--max-trials", "0"], 64, "--max-trials"),
      (["best", "none", "--output", "a.png"], 64, ".safetensors"),
      (["script", "none"], 64, "--slurm"),
    ] as [([String], Int32, String)])
  func `what is asked wrongly is told in a line`(
    words: [String], status: Int32, message: String
  ) throws {
    let run = try run(["sweep"] + words, in: folder)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(message) && run.output.isEmpty)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
  }

  @Test func `options make the same sweep as a file`() throws {
    _ = try inkling("sweep", "plan", "sweep.toml", "--output", "file")
    _ = try inkling(
      "sweep", "plan", "--dataset", "drawn", "--drawn-count", "1500", "--model",
      "flatten {layers}*(linear({width}) relu) linear({classes})", "--epochs", "9", "--strategy",
      "halving", "--vary", "layers=1,2", "--vary", "width=32,64", "--vary",
      "learning-rate=0.1,0.01,0.001", "--output", "options")
    #expect(
      try FileBytes.read(folder.file("file/sweep.json"))
        == FileBytes.read(folder.file("options/sweep.json")))
    let ranges = try inkling(
      "sweep", "plan", "--dataset", "drawn", "--drawn-count", "300", "--vary",
      "learning-rate=1e-4..0.1:log", "--vary", "augment=shift(2) elastic(18,4),flip", "--strategy",
      "random", "--trials", "4", "--output", "random")
    #expect(ranges.status == 0, "\(ranges.errors)")
    #expect(ranges.output.contains("0.0001 to 0.1, every power as likely"))
    #expect(ranges.output.contains("shift(2) elastic(18,4), flip"))
  }
}
