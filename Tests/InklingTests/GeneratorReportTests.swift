import Files
import Foundation
import TestSupport
import Testing

/// The report of a generator, as a person asks for it.
@Suite struct GeneratorReportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inkling(_ words: String...) throws -> Run { try run(words, in: folder) }

  private func train(_ words: String...) throws {
    let trained = try run(
      ["train", "--dataset", "drawn", "--drawn-count", "300", "--epochs", "1"] + words, in: folder)
    try #require(trained.status == 0, "\(trained.errors)")
  }

  @Test func `a generator has a report of its own, read by the learner's classifier`() throws {
    try train(
      "--preset", "vae", "--latents", "2", "--model",
      "flatten linear(16) relu linear({2*latents}) concat( | sample linear(16) relu linear({pixels}))",
      "--output", "vae.safetensors")
    try train("--model", "flatten linear(16) relu linear({classes})", "--output", "mlp.safetensors")
    let result = try inkling(
      "report", "vae.safetensors", "--classifier", "mlp.safetensors", "--output", "report",
      "--json"
    ).json()
    #expect(result["index"] as? String == "report/index.html")
    let files = try #require(result["files"] as? [String])
    #expect(files.contains("report/assets/latents.js") && files.contains("report/report.json"))
    let page = try String(contentsOfFile: folder.file("report/index.html"), encoding: .utf8)
    #expect(page.contains("What did it learn to draw, and is it new?"))
    let facts = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder.file("report/report.json"))))
        as? [String: Any])
    #expect(facts["kind"] as? String == "vae" && facts["quality"] is [String: Any])
    // The questions are graded as those of any report.
    try folder.write(
      Array("name = \"Ada\"\n[answers]\ngenerator-picture-numbers = 784\n".utf8), "ada.toml")
    let checked = try inkling("check", "ada.toml", "--report", "report")
    #expect(
      checked.status == 0 && checked.output.contains("generator-picture-numbers"),
      "\(checked.output) \(checked.errors)")

    let single = try inkling(
      "report", "vae.safetensors", "--single-file", "--output", "vae.html", "--threads", "1")
    #expect(single.status == 0, "\(single.errors)")
    let text = try String(contentsOfFile: folder.file("vae.html"), encoding: .utf8)
    #expect(text.contains("No classifier was given") && !text.contains("src=\"assets"))

    for (words, status, message) in [
      (["vae.safetensors", "mlp.safetensors"], 64, "on that one alone"),
      (["vae.safetensors", "--label-noise"], 64, "--label-noise does not go with a generator"),
      (["vae.safetensors", "--sweep", "x"], 64, "--sweep does not go with a generator"),
      (["vae.safetensors", "--extent", "full"], 64, "--extent does not go with a generator"),
      (["vae.safetensors", "--workbook", "w"], 64, "--workbook does not go with a generator"),
      (["vae.safetensors", "--model", "mlp"], 64, "--model says what a classifier"),
      (["mlp.safetensors", "--classifier", "mlp.safetensors"], 64, "goes with a generator"),
      (["vae.safetensors", "--classifier", "none.safetensors"], 66, "none.safetensors"),
      (["vae.safetensors", "--classifier", "vae.safetensors"], 65, "it is a generator"),
    ] {
      let refused = try run(["report"] + words + ["--output", "other"], in: folder)
      #expect(refused.status == status, "\(words): \(refused.errors)")
      #expect(refused.errors.contains(message), "\(words): \(refused.errors)")
      #expect(!FileBytes.exists(folder.file("other/index.html")))
    }
  }

  @Test func `a classifier of other images, or of other classes, is refused`() throws {
    try train(
      "--preset", "vae", "--latents", "2", "--model",
      "flatten linear(8) relu linear({2*latents}) concat( | sample linear({pixels}))",
      "--output", "vae.safetensors")
    for (words, message) in [
      (["--model", "flatten linear(10)", "--input-shape", "1,8,8"], "images of"),
      (["--model", "flatten linear(3)"], "classes"),
    ] {
      let shape = words.contains("1,8,8") ? 64 : 784
      let outputs = words[1].contains("(3)") ? 3 : 10
      var file = SafeTensorsText()
      file.append("linear1.weight", [outputs, shape])
      file.append("linear1.bias", [outputs])
      try folder.write(file.bytes, "other.safetensors")
      let refused = try run(
        ["report", "vae.safetensors", "--classifier", "other.safetensors", "--output", "r"] + words,
        in: folder)
      #expect(refused.status == 65 && refused.errors.contains(message), "\(refused.errors)")
    }
  }
}

/// A safetensors file of zeros, byte by byte.
private struct SafeTensorsText {
  private var entries: [String] = []
  private var size = 0

  mutating func append(_ name: String, _ shape: [Int]) {
    let end = size + 4 * shape.reduce(1, *)
    entries.append(
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(size),\(end)]}")
    size = end
  }

  var bytes: [UInt8] {
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return (0..<8).map { UInt8(header.count >> (8 * $0) & 0xff) } + header
      + [UInt8](repeating: 0, count: size)
  }
}
