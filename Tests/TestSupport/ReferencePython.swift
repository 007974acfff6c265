import Foundation

/// A Python that has the packages which exports are checked with: onnx and onnxruntime, and torch if it can be had.
///
/// `INKLING_PYTHON` names one; otherwise that of `.venv`, or the system's with what `Scripts/interchange.sh` installs.
public enum ReferencePython {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// What came of a script.
  public struct Result {
    /// Its exit status.
    public let status: Int32
    /// What it wrote on standard output.
    public let output: String
    /// What it wrote on standard error.
    public let errors: String
  }

  private struct Interpreter {
    let path: String
    var environment = ["PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"]
  }

  private static let interpreter: Interpreter? = {
    let environment = ProcessInfo.processInfo.environment
    let own = root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    var system = Interpreter(path: "/usr/bin/env")
    system.environment["PATH"] = environment["PATH"]
    system.environment["PYTHONPATH"] =
      root.appending(path: ".build/interchange-python").path(percentEncoded: false)
    let candidates =
      [environment["INKLING_PYTHON"], own].compactMap { $0.map { Interpreter(path: $0) } }
      + [system]
    return candidates.first { candidate in
      FileManager.default.isExecutableFile(atPath: candidate.path)
        && (try? run(["-c", "import onnx, onnxruntime"], by: candidate).status) == 0
    }
  }()

  /// True if there is one.
  public static var isThere: Bool { interpreter != nil }

  /// True if it has further packages.
  public static func has(_ packages: [String]) -> Bool {
    guard let interpreter else { return false }
    return (try? run(["-c", "import \(packages.joined(separator: ", "))"], by: interpreter).status)
      == 0
  }

  /// Runs a script of `Scripts/reference`.
  ///
  /// - Parameters:
  ///   - script: its name.
  ///   - arguments: what follows it.
  /// - Returns: what came of it.
  /// - Throws: if there is no such Python, or it cannot be started.
  public static func run(_ script: String, _ arguments: [String]) throws -> Result {
    guard let interpreter else { throw CocoaError(.executableNotLoadable) }
    let path = root.appending(path: "Scripts/reference/\(script)").path(percentEncoded: false)
    return try run([path] + arguments, by: interpreter)
  }

  private static func run(_ arguments: [String], by interpreter: Interpreter) throws -> Result {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter.path)
    process.arguments = (interpreter.path == "/usr/bin/env" ? ["python3"] : []) + arguments
    process.environment = interpreter.environment
    let files = ["out", "err"].map { URL(fileURLWithPath: folder.file($0)) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
