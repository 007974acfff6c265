import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// TensorBoard and an MLflow server, if `Scripts/tracking.sh` has fetched them.
enum TrackingTools {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL
  private static let folder = root.appending(path: ".build/tracking").path

  /// True if they are there.
  static let areThere = FileManager.default.fileExists(atPath: "\(folder)/packages")

  /// Python that finds them.
  private static let environment = [
    "PYTHONPATH": folder,
    // MLflow's judges of language models want packages that nothing here needs.
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
  ]

  /// What TensorBoard's own reader finds below a folder: of each run its tags.
  static func events(below logs: String, in folder: TemporaryFolder) throws -> [String: Any] {
    let script = root.appending(path: "Scripts/tracking/read_events.py").path
    let read = try run(
      ["python3", script, logs], in: folder, environment: environment, executable: "/usr/bin/env")
    #expect(read.status == 0, "\(read.errors)")
    // Whatever it finds odd it says, and nobody would see it.
    #expect(!read.errors.contains("oddly"), "\(read.errors)")
    return try read.json()
  }

  /// A server of Python's on loopback that goes with the value.
  final class Server {
    /// Such as `http://127.0.0.1:4711`.
    let address: String
    private let process: Process

    /// Starts a module and waits until it answers at a path.
    init(
      _ arguments: (_ port: Int) -> [String], readyAt path: String, in folder: TemporaryFolder
    ) async throws {
      let free = try LoopbackServer([:])
      free.stop()
      let port = try #require(Int(free.address.dropLast().split(separator: ":").last ?? ""))
      address = "http://127.0.0.1:\(port)"
      process =
        InklingTests.process(
          ["python3", "-m"] + arguments(port), in: folder, environment: environment,
          executable: "/usr/bin/env"
        ).process
      try process.run()
      let clock = ContinuousClock()
      let start = clock.now
      while (try? await get(path)) == nil {
        try #require(process.isRunning, "the server has ended")
        try #require(clock.now - start < .seconds(120), "the server does not answer")
        try await Task.sleep(for: .milliseconds(200))
      }
    }

    deinit { process.terminate() }

    /// TensorBoard of a folder's event files.
    static func tensorBoard(_ logs: String, in folder: TemporaryFolder) async throws -> Server {
      try await Server(
        {
          [
            "tensorboard.main", "--logdir", logs, "--host", "127.0.0.1", "--port", "\($0)",
            "--samples_per_plugin", "images=1000,scalars=10000", "--reload_interval", "1",
          ]
        }, readyAt: "data/runs", in: folder)
    }

    /// MLflow with an empty store.
    static func mlflow(in folder: TemporaryFolder) async throws -> Server {
      try await Server(
        {
          [
            "mlflow", "server", "--backend-store-uri", "sqlite:///\(folder.file("mlflow.db"))",
            "--artifacts-destination", folder.file("artifacts"), "--host", "127.0.0.1", "--port",
            "\($0)", "--workers", "1",
          ]
        }, readyAt: "health", in: folder)
    }

    /// What a path gives.
    func get(_ path: String) async throws -> Data {
      let url = try #require(URL(string: "\(address)/\(path)"))
      let (data, response) = try await URLSession.shared.data(from: url)
      // Not required: whoever waits for something asks for it before it is there.
      guard (response as? HTTPURLResponse)?.statusCode == 200 else {
        throw URLError(.badServerResponse)
      }
      return data
    }

    /// The JSON object that a path gives.
    func object(_ path: String) async throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: await get(path)) as? [String: Any])
    }

    /// The JSON object that a path answers to another.
    func post(_ path: String, _ message: [String: Any]) async throws -> [String: Any] {
      var request = URLRequest(url: try #require(URL(string: "\(address)/\(path)")))
      request.httpMethod = "POST"
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = try JSONSerialization.data(withJSONObject: message)
      let (data, _) = try await URLSession.shared.data(for: request)
      return try #require(
        try JSONSerialization.jsonObject(with: data) as? [String: Any],
        "\(String(decoding: data, as: UTF8.self))")
    }
  }
}
