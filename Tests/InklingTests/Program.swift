import Files
import Foundation
import TestSupport
import Testing

struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// The JSON object on standard output.
  func json() throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any],
      "not a JSON object: \(output) \(errors)")
  }
}

/// The program built beside the tests.
let program: String = {
  let own =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]
  var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
  // On macOS the tests run from a bundle inside the build folder.
  while folder.path.count > 1,
    !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("inkling").path)
  {
    folder.deleteLastPathComponent()
  }
  return folder.appendingPathComponent("inkling").path
}()

func process(
  _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
  executable: String = program
) -> (process: Process, output: URL, errors: URL) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: executable)
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
  // No cache and no network: mirrors are only asked where a test says so.
  process.environment = [
    "HOME": folder.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
  ].merging(environment) { $1 }
  let name = UUID().uuidString
  let output = URL(fileURLWithPath: folder.file("\(name).out"))
  let errors = URL(fileURLWithPath: folder.file("\(name).err"))
  for url in [output, errors] {
    _ = FileManager.default.createFile(atPath: url.path, contents: nil)
  }
  process.standardOutput = try? FileHandle(forWritingTo: output)
  process.standardError = try? FileHandle(forWritingTo: errors)
  process.standardInput = FileHandle.nullDevice
  return (process, output, errors)
}

func run(
  _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:],
  executable: String = program
) throws -> Run {
  let (process, output, errors) = process(
    arguments, in: folder, environment: environment, executable: executable)
  try process.run()
  process.waitUntilExit()
  return Run(
    status: process.terminationStatus,
    output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
    errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
}

/// Runs a line as a person would type it; `inkling` and `$INKLING` are the program.
func shell(_ line: String, in folder: TemporaryFolder) throws -> Run {
  try run(
    ["-c", line], in: folder,
    environment: [
      "INKLING": program, "PATH": "\(Folder.parentFolder(of: program)):/usr/bin:/bin",
    ], executable: "/bin/bash")
}

let few = ["--dataset", "drawn", "--drawn-count", "1200"]
let tiny =
  "conv(4,3) relu maxpool(2) flatten linear(16) relu dropout(0.1) linear(10)"

/// A checkpoint trained a little, in a folder of its own.
func trained(_ model: String = tiny, epochs: Int = 2) throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  let run = try run(
    [
      "train", "--model", model, "--epochs", "\(epochs)", "--output", "a.safetensors", "--quiet",
      "--json",
    ] + few, in: folder)
  #expect(run.status == 0 && run.errors == "", "\(run.errors)")
  return folder
}
