import Files
import Foundation
import TestSupport
import Testing

/// `train --mlflow` and `convert --to mlflow`, with servers that fail and with a real one.
@Suite struct MLflowTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func train(_ server: String, _ more: String...) throws -> Run {
    try run(
      ["train", "--model", tiny, "--epochs", "3", "--output", "a.safetensors", "--mlflow", server]
        + few + more, in: folder)
  }

  /// What is said when a server does not take what it is told: once on the way, once at the end.
  private func checkSaved(_ made: Run, _ words: String) throws {
    #expect(made.status == 69, "\(made.errors)")
    let lines = made.errors.split(separator: "\n").map(String.init)
    let warnings = lines.filter { $0.hasPrefix("warning: ") }
    #expect(warnings.count == 1 && warnings[0].contains(words), "\(made.errors)")
    #expect(
      lines.last?.hasPrefix("error: a.safetensors is saved, but not all of its course") == true
        && lines.last?.contains(words) == true, "\(made.errors)")
    #expect(made.output.contains("after 3 epochs"))
    #expect(try run(["describe", "a.safetensors"], in: folder).status == 0)
  }

  @Test func `a server that is away, refuses or answers nonsense loses no training`() throws {
    let gone = try LoopbackServer([:])
    gone.stop()
    try checkSaved(try train(gone.address), "cannot be reached")
    let other = try LoopbackServer([:])
    defer { other.stop() }
    try checkSaved(try train(other.address), "is no MLflow server: HTTP status 404")
    let path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=inkling"
    let refusing = try LoopbackServer([
      path: [.file(Array(#"{"error_code": "PERMISSION_DENIED", "message": "not\nyou"}"#.utf8))]
    ])
    defer { refusing.stop() }
    try checkSaved(try train(refusing.address), "refuses: not you")
    for server in [gone.address, refusing.address] {
      let converted = try run(
        ["convert", "a.safetensors", "--to", "mlflow", "--output", server], in: folder)
      #expect(converted.status == 69)
      #expect(converted.errors.split(separator: "\n").count == 1, "\(converted.errors)")
    }
  }

  @Test func `a server that is silent costs seconds and not the training`() throws {
    let path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=inkling"
    let silent = try LoopbackServer([path: [.silent]])
    defer { silent.stop() }
    let clock = ContinuousClock()
    let start = clock.now
    try checkSaved(try train(silent.address), "MLflow at")
    // At the beginning, after the second epoch and at the end.
    #expect(clock.now - start < .seconds(25))
  }

  /// One value of the tags, parameters or metrics of a run.
  private func pairs(_ run: [String: Any], _ kind: String) -> [String: Any] {
    let data = run["data"] as? [String: Any] ?? [:]
    return Dictionary(
      (data[kind] as? [[String: Any]] ?? []).compactMap { pair in
        (pair["key"] as? String).flatMap { key in pair["value"].map { (key, $0) } }
      }
    ) { first, _ in first }
  }

  private func info(_ run: [String: Any], _ key: String) -> String? {
    (run["info"] as? [String: Any])?[key] as? String
  }

  @Test(.enabled(if: TrackingTools.areThere, "Scripts/tracking.sh fetches an MLflow server"))
  func `a real server has every number of a run, one that was resumed and those of a sweep`()
    throws
  {
    let server = try TrackingTools.Server.mlflow(in: folder)
    func runs(_ experiment: String) throws -> [[String: Any]] {
      let found = try server.object(
        "api/2.0/mlflow/experiments/get-by-name?experiment_name=\(experiment)")
      let id = try #require((found["experiment"] as? [String: Any])?["experiment_id"])
      let answer = try server.post(
        "api/2.0/mlflow/runs/search", ["experiment_ids": [id], "max_results": 100])
      return answer["runs"] as? [[String: Any]] ?? []
    }
    func points(_ run: [String: Any], _ key: String) throws -> [(step: Int, value: Double)] {
      let id = try #require(info(run, "run_id"))
      let answer = try server.object(
        "api/2.0/mlflow/metrics/get-history?run_id=\(id)&metric_key=\(key)")
      return (answer["metrics"] as? [[String: Any]] ?? []).map {
        ($0["step"] as? Int ?? 0, $0["value"] as? Double ?? .nan)
      }.sorted { $0.0 < $1.0 }
    }

    // A run.
    let made = try train(server.address, "--json")
    #expect(made.status == 0, "\(made.errors)")
    let history = try #require(try made.json()["history"] as? [[String: Any]])
    let run = try #require(try runs("inkling").first)
    #expect(info(run, "status") == "FINISHED" && info(run, "run_name") == "a")
    let parameters = pairs(run, "params")
    #expect(parameters["batch-size"] as? String == "64" && parameters["model"] as? String == tiny)
    let losses = try points(run, "loss/validation")
    let last = try #require(history.last?["validation_loss"] as? Double)
    #expect(losses.count == 6 && losses.last?.step == 54 && losses.last?.value == last)
    #expect(try points(run, "loss/batch").map(\.step) == Array(1...54))

    // One that is stopped and goes on is one run, and no step is told twice.
    let arguments =
      ["train", "--model", "cnn", "--epochs", "3", "--dataset", "drawn", "--drawn-count", "12000"]
      + ["--output", "b.safetensors", "--quiet", "--mlflow", server.address]
      + ["--mlflow-experiment", "stopped"]
    let (process, _, _) = process(arguments, in: folder)
    try process.run()
    while process.isRunning, !FileBytes.exists(folder.file("b.resume.safetensors")) {
      usleep(20_000)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(info(try #require(try runs("stopped").first), "status") == "KILLED")
    let resumed = try InklingTests.run(arguments + ["--resume"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let both = try runs("stopped")
    #expect(both.count == 1 && info(both[0], "status") == "FINISHED")
    let steps = try points(both[0], "loss/batch").map(\.step)
    #expect(Set(steps).count == steps.count && steps.count > 100)
    #expect(try points(both[0], "training/epoch").map(\.value) == [1, 2, 3])

    // What a checkpoint keeps.
    let converted = try InklingTests.run(
      [
        "convert", "a.safetensors", "--to", "mlflow", "--output", server.address,
        "--mlflow-experiment", "kept", "--json",
      ], in: folder
    ).json()
    #expect(converted["runs"] as? Int == 1)
    let kept = try #require(try runs("kept").first)
    #expect(
      pairs(kept, "metrics") as? [String: Double] == pairs(run, "metrics") as? [String: Double])
    #expect(pairs(kept, "params") as? [String: String] == parameters as? [String: String])

    // A sweep.
    try folder.write(Array(SweepCommandTests.sweep.utf8), "sweep.toml")
    _ = try InklingTests.run(["sweep", "plan", "sweep.toml", "--output", "s"], in: folder)
    _ = try InklingTests.run(["sweep", "run", "s", "--quiet"], in: folder)
    let sent = try InklingTests.run(
      [
        "convert", "s", "--to", "mlflow", "--output", server.address, "--mlflow-experiment", "s",
        "--json",
      ], in: folder
    ).json()
    #expect(sent["runs"] as? Int == 12)
    let trials = try runs("s")
    #expect(trials.count == 12 && trials.allSatisfy { info($0, "status") == "FINISHED" })
    #expect(Set(trials.compactMap { pairs($0, "params")["width"] as? String }) == ["32", "64"])
  }
}
