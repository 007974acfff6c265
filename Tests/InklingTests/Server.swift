import Foundation
import Synchronization
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

  /// Python that runs a module and hears signals: threads of tests block them, and what they start inherits that.
  private static let module = """
    import os, signal, sys
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(sys.executable, [sys.executable, "-m"] + sys.argv[1:])
    """

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

  /// A server of Python's on loopback that goes with the value. Whoever asks it waits in a thread of their own: where all
  /// tests run at once on few processors, a task that waits may wait for all of them.
  final class Server {
    /// Such as `http://127.0.0.1:4711`.
    let address: String
    private let process: Process

    /// Starts a module and waits until it answers at a path.
    init(
      _ arguments: (_ port: Int) -> [String], readyAt path: String, in folder: TemporaryFolder
    ) throws {
      let free = try LoopbackServer([:])
      free.stop()
      let port = try #require(Int(free.address.dropLast().split(separator: ":").last ?? ""))
      address = "http://127.0.0.1:\(port)"
      process =
        InklingTests.process(
          ["python3", "-c", module] + arguments(port), in: folder, environment: environment,
          executable: "/usr/bin/env"
        ).process
      try process.run()
      let isReady = try Self.wait { [process] in
        try #require(process.isRunning, "the server has ended")
        return (try? get(path)) != nil
      }
      try #require(isReady, "the server does not answer")
    }

    deinit {
      process.terminate()
      process.waitUntilExit()
    }

    /// Waits until something is so, at most five minutes; false if it is not then.
    static func wait(until isSo: () throws -> Bool) throws -> Bool {
      for _ in 0..<300 {
        if try isSo() { return true }
        usleep(1_000_000)
      }
      return false
    }

    /// TensorBoard of a folder's event files.
    static func tensorBoard(_ logs: String, in folder: TemporaryFolder) throws -> Server {
      try Server(
        {
          [
            "tensorboard.main", "--logdir", logs, "--host", "127.0.0.1", "--port", "\($0)",
            "--samples_per_plugin", "images=1000,scalars=10000", "--reload_interval", "1",
          ]
        }, readyAt: "data/runs", in: folder)
    }

    /// MLflow with an empty store.
    static func mlflow(in folder: TemporaryFolder) throws -> Server {
      try Server(
        {
          [
            "mlflow", "server", "--backend-store-uri", "sqlite:///\(folder.file("mlflow.db"))",
            "--artifacts-destination", folder.file("artifacts"), "--host", "127.0.0.1", "--port",
            "\($0)", "--workers", "1",
          ]
        }, readyAt: "health", in: folder)
    }

    /// What a path gives.
    func get(_ path: String) throws -> Data {
      try answer(to: URLRequest(url: try #require(URL(string: "\(address)/\(path)"))))
    }

    /// The JSON object that a path gives.
    func object(_ path: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: get(path)) as? [String: Any])
    }

    /// The JSON object that a path answers to another.
    func post(_ path: String, _ message: [String: Any]) throws -> [String: Any] {
      var request = URLRequest(url: try #require(URL(string: "\(address)/\(path)")))
      request.httpMethod = "POST"
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
      request.httpBody = try JSONSerialization.data(withJSONObject: message)
      return try #require(
        try JSONSerialization.jsonObject(with: answer(to: request)) as? [String: Any])
    }

    private func answer(to request: URLRequest) throws -> Data {
      let (done, found) = (DispatchSemaphore(value: 0), Found())
      let task = URLSession.shared.dataTask(with: request) { data, response, _ in
        if (response as? HTTPURLResponse)?.statusCode == 200 {
          found.data.withLock { $0 = data }
        }
        done.signal()
      }
      task.resume()
      done.wait()
      // Not required: whoever waits for something asks for it before it is there.
      guard let data = found.data.withLock({ $0 }) else { throw URLError(.badServerResponse) }
      return data
    }

    private final class Found: Sendable { let data = Mutex<Data?>(nil) }
  }
}
