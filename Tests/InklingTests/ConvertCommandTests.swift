import Files
import Foundation
import Networks
import TestSupport
import Testing

/// Networks as files for other programs, at the command line.
@Suite struct ConvertCommandTests {
  private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../InterchangeTests/Fixtures/PyTorch/script.pt").standardizedFileURL
    .path(percentEncoded: false)

  private func bytes(_ name: String, in folder: TemporaryFolder) throws -> [UInt8] {
    try FileBytes.read(folder.file(name))
  }

  @Test func `a trained network goes out, and says what was written and how it is used`() throws {
    let folder = try trained()
    let onnx = try run(
      ["convert", "a.safetensors", "--to", "onnx", "--output", "out/a.onnx"], in: folder)
    #expect(onnx.status == 0 && onnx.output.isEmpty, "\(onnx.errors)")
    let size = try bytes("out/a.onnx", in: folder).count
    #expect(size > 1000 && onnx.errors.hasPrefix("a.safetensors -> out/a.onnx"))
    #expect(onnx.errors.contains("InferenceSession(\"out/a.onnx\")"))
    let json = try run(
      [
        "convert", "a.safetensors", "--to", "onnx", "--output", "out/b.onnx", "--json",
        "--normalisation", "outside",
      ], in: folder
    ).json()
    #expect(json["format"] as? String == "onnx" && json["opset"] as? Int == 17)
    #expect(json["normalisation"] as? String == "outside")
    #expect(json["input_shape"] as? [Int] == [1, 28, 28])
    let file = try #require((json["files"] as? [[String: Any]])?.first)
    #expect(file["path"] as? String == "out/b.onnx")
    #expect(file["bytes"] as? Int == (try bytes("out/b.onnx", in: folder).count))
    // And back: the same bytes, with the run and the images that it was trained on.
    let back = try run(
      ["convert", "out/b.onnx", "--to", "safetensors", "--output", "out/back.safetensors"],
      in: folder)
    #expect(back.status == 0, "\(back.errors)")
    #expect(
      try bytes("out/back.safetensors", in: folder) == bytes("a.safetensors", in: folder))
    let module = try run(
      ["convert", "a.safetensors", "--to", "pytorch", "--output", "out/net.py", "--quiet"],
      in: folder)
    #expect(module.status == 0 && module.errors.isEmpty, "\(module.errors)")
    #expect(
      try bytes("out/net.safetensors", in: folder) == bytes("a.safetensors", in: folder))
    // Beside the checkpoint, that is the weights' file itself.
    let beside = try run(
      ["convert", "a.safetensors", "--to", "pytorch", "--output", "a.py", "--json"], in: folder)
    #expect(beside.status == 0, "\(beside.errors)")
    #expect((try beside.json()["files"] as? [[String: Any]])?.count == 2)
    #expect(try bytes("a.py", in: folder) == bytes("out/net.py", in: folder))
  }

  @Test func `a network from elsewhere becomes a checkpoint that needs no more words`() throws {
    let folder = try TemporaryFolder()
    let network = [
      "--model", "conv(2,3,padding=0) norm relu maxpool(2) flatten linear(3)", "--input-shape",
      "1,6,6", "--mean", "0.5", "--standard-deviation", "0.25",
    ]
    let named = try run(
      [
        "convert", script, "--to", "safetensors", "--output", "own.safetensors", "--classes",
        "a,b,c",
      ]
        + network, in: folder)
    #expect(named.status == 0 && !named.errors.contains("no class names"), "\(named.errors)")
    let own = try Checkpoint.read(folder.file("own.safetensors"))
    #expect(own.classes == ["a", "b", "c"] && own.network.normalization.mean == [0.5])
    let described = try run(["describe", "own.safetensors"], in: folder)
    #expect(described.status == 0 && described.output.contains("norm1"))
    let nameless = try run(
      ["convert", script, "--to", "onnx", "--output", "own.onnx"] + network, in: folder)
    #expect(nameless.status == 0 && nameless.errors.contains("--classes names them"))
    // And once more: nothing is lost on the way.
    let again = try run(
      ["convert", "own.safetensors", "--to", "safetensors", "--output", "again.safetensors"],
      in: folder)
    #expect(again.status == 0)
    #expect(
      try bytes("again.safetensors", in: folder) == bytes("own.safetensors", in: folder))
  }

  @Test func `what cannot be written is refused before anything is`() throws {
    let folder = try trained(epochs: 1)
    let refusals: [(options: [String], status: Int32, words: String)] = [
      (["--to", "onnx", "--output", "a.safetensors"], 64, "ends in .onnx"),
      (["--to", "pytorch", "--output", "a.pt"], 64, "ends in .py"),
      (["--to", "pytorch", "--output", "my-net.py"], 64, "Python cannot import"),
      (["--to", "pytorch", "--output", "torch.py"], 64, "Python cannot import"),
      (["--to", "safetensors", "--output", "a.safetensors"], 64, "is what is read"),
      (["--to", "safetensors", "--output", "./a.safetensors"], 64, "is what is read"),
      (
        ["--to", "safetensors", "--output", "b.safetensors", "--normalisation", "inside"], 64,
        "goes with onnx and pytorch"
      ),
      (["--to", "keras", "--output", "a.keras"], 64, "keras"),
      (["--to", "onnx", "--output", "a.safetensors/b.onnx"], 73, "not a folder"),
    ]
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for (options, status, words) in refusals {
      let refused = try run(["convert", "a.safetensors"] + options, in: folder)
      #expect(refused.status == status && refused.errors.contains(words), "\(refused.errors)")
    }
    let missing = try run(["convert", "no.pt", "--to", "onnx", "--output", "b.onnx"], in: folder)
    #expect(missing.status == 66)
    let after = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      after.filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }.sorted()
        == before.filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") })
    // Weights that go beside a module replace no other network.
    try folder.write(Array("another".utf8), "c.safetensors")
    let other = try run(
      ["convert", "a.safetensors", "--to", "pytorch", "--output", "c.py"], in: folder)
    #expect(other.status == 73 && other.errors.contains("is another file"))
    #expect(try bytes("c.safetensors", in: folder) == Array("another".utf8))
    #expect(!FileBytes.exists(folder.file("c.py")))
  }

  @Test(.enabled(if: ReferencePython.isThere))
  func `onnxruntime and PyTorch read drawn digits as Inkling does`() throws {
    let folder = try TemporaryFolder()
    let networks = [
      "cnn": "conv(8,3) norm relu maxpool(2) flatten dropout(0.2) linear(32) relu linear(10)",
      "blocks":
        "conv(8,5,stride=2) norm gelu residual(conv(8,3) norm relu conv(8,3) norm) silu globalpool linear(10)",
    ]
    for (name, model) in networks {
      func done(_ words: String...) throws {
        let run = try run(words + ["--quiet"], in: folder)
        #expect(run.status == 0, "\(words): \(run.errors)")
      }
      try done(
        "train", "--model", model, "--epochs", "1", "--output", "\(name).safetensors", "--dataset",
        "drawn", "--drawn-count", "1200")
      try FileManager.default.createDirectory(
        atPath: folder.file("cases/\(name)"), withIntermediateDirectories: true)
      for place in ["inside", "outside"] {
        for (format, ending) in [("onnx", "onnx"), ("pytorch", "py")] {
          try done(
            "convert", "\(name).safetensors", "--to", format, "--normalisation", place, "--output",
            "cases/\(name)/\(place).\(ending)")
        }
      }
      try done(
        "evaluate", "\(name).safetensors", "--save", "cases/\(name)/logits.safetensors")
      try done(
        "attribute", "\(name).safetensors", "--method", "gradient", "--indices", "0-199",
        "--save", "cases/\(name)/images.safetensors")
    }
    let check = try ExportCheck(folder.file("cases"))
    #expect(check.failures.isEmpty, "\(check.failures)")
    #expect(check.differences.count >= 2 * networks.count)
    for (file, difference) in check.differences { #expect(difference < 1e-5, "\(file)") }
  }
}
