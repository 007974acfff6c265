import Files
import Foundation
import Networks
import Pictures
import TestSupport
import Testing

/// Generators by the built program: trained, drawn with, refused where a classifier is wanted.
@Suite struct GeneratorCommandTests {
  private let vae =
    [
      "train", "--preset", "vae", "--latents", "3", "--epochs", "2", "--quiet", "--json",
      "--output",
      "vae.safetensors",
    ] + few
  private let flow =
    [
      "train", "--generator", "flow", "--model", "conv(8,3) silu conv({channels},3) flatten",
      "--average", "ema", "--epochs", "1", "--quiet", "--json", "--output", "flow.safetensors",
    ] + few

  @Test func `an autoencoder is trained, described and drawn with`() throws {
    let folder = try TemporaryFolder()
    let trained = try run(vae, in: folder).json()
    #expect(trained["generator"] as? String == "vae" && trained["epochs"] as? Int == 2)
    let history = try #require(trained["history"] as? [[String: Any]])
    let bounds = history.compactMap { epoch in
      (epoch["validation"] as? [[String: Any]])?.first.flatMap { $0["value"] as? Double }
    }
    // Pictures that are all alike cost some 200 nats.
    #expect(bounds.count == 2 && bounds[1] < bounds[0] && bounds[1] < 300)
    let described = try run(["describe", "vae.safetensors", "--json"], in: folder).json()
    #expect(described["generator"] as? String == "vae")
    let again = try run(["describe", "vae.safetensors", "--run"], in: folder)
    try folder.write(again.output.utf8, "run.json")
    #expect(again.errors.contains("--generator vae --latents 3"), "\(again.errors)")
    let second = try run(
      ["train", "--config", "run.json", "--quiet", "--output", "again.safetensors"], in: folder)
    #expect(second.status == 0, "\(second.errors)")
    #expect(
      try FileBytes.read(folder.file("again.safetensors"))
        == FileBytes.read(folder.file("vae.safetensors")))

    let drawn = try run(
      ["sample", "vae.safetensors", "--count", "12", "--output", "s", "--json"], in: folder
    ).json()
    #expect(
      (drawn["pictures"] as? [String])?.last == "s/sample-11.png" && drawn["classes"] is NSNull)
    let numbers = try SafeTensors(FileBytes.read(folder.file("s/samples.safetensors")))
    let images = try #require(numbers.floats("images"))
    #expect(images.shape == [12, 1, 28, 28] && numbers.floats("latents")?.shape == [12, 3])
    let picture = try PNG.read(FileBytes.read(folder.file("s/sample-11.png")))
    #expect(
      picture.pixels.elementsEqual(images.values.suffix(784).map { UInt8($0 * 255 + 0.5) }))
    let grid = try PNG.read(FileBytes.read(folder.file("s/samples.png")))
    #expect(grid.width > 4 * 84 && grid.height > 3 * 84)
    // Fewer pictures are the same ones, and replace what was there.
    let fewer = try run(
      ["sample", "vae.safetensors", "--count", "3", "--output", "s", "--threads", "1"], in: folder)
    #expect(fewer.status == 0 && fewer.output.contains("3 pictures"))
    #expect(!FileBytes.exists(folder.file("s/sample-11.png")))
    #expect(FileBytes.exists(folder.file("s/sample-2.png")))
    let first = try SafeTensors(FileBytes.read(folder.file("s/samples.safetensors")))
    #expect(first.floats("images")?.values == Array(images.values.prefix(3 * 784)))
  }

  @Test func `a flow draws the class that it is told`() throws {
    let folder = try TemporaryFolder()
    _ = try run(flow, in: folder).json()
    let drawn = try run(
      [
        "sample", "flow.safetensors", "--class", "7", "--count", "4", "--steps", "3", "--output",
        "s", "--json",
      ], in: folder
    ).json()
    #expect(drawn["classes"] as? [String] == ["7", "7", "7", "7"])
    let turns = try run(
      ["sample", "flow.safetensors", "--count", "12", "--steps", "2", "--output", "t", "--json"],
      in: folder
    ).json()
    #expect(
      turns["classes"] as? [String] == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "1"])
    for (words, message) in [
      (["--class", "ten"], "there is no class “ten”"), (["--steps", "0"], "--steps must be"),
      (["--count", "0"], "--count must be"), (["--guidance", "-1"], "--guidance"),
    ] {
      let wrong = try run(
        ["sample", "flow.safetensors", "--output", "w"] + words, in: folder)
      #expect(wrong.status == 64 && wrong.errors.contains(message), "\(wrong.errors)")
    }
  }

  @Test func `a classifier's commands say what a generator is for, and the other way round`() throws
  {
    let folder = try trained(epochs: 1)
    _ = try run(vae, in: folder).json()
    for command in [
      ["evaluate", "vae.safetensors"], ["attack", "vae.safetensors", "--output", "a"],
      ["convert", "vae.safetensors", "--to", "onnx", "--output", "v.onnx"],
      ["predict", "vae.safetensors", "x.png"],
      ["train", "--from", "vae.safetensors", "--output", "b.safetensors"],
    ] {
      let refused = try run(command, in: folder)
      #expect(
        refused.status == 65 && refused.errors.contains("inkling sample"), "\(refused.errors)")
    }
    let classifier = try run(["sample", "a.safetensors", "--output", "s"], in: folder)
    #expect(classifier.status == 65 && classifier.errors.contains("it is no generator"))
    for (options, message) in [
      (["--class", "7"], "cannot be told"), (["--steps", "5"], "are for a flow"),
    ] {
      let refused = try run(["sample", "vae.safetensors", "--output", "s"] + options, in: folder)
      #expect(refused.status == 64 && refused.errors.contains(message), "\(refused.errors)")
    }
  }

  @Test(arguments: [
    (["--preset", "vae", "--find-rate", "--output", "f"], 64, "--find-rate"),
    (["--preset", "vae", "--keep-epochs", "--output", "a.safetensors"], 64, "--keep-epochs"),
    (["--preset", "vae", "--ensemble", "3", "--output", "a.safetensors"], 64, "--ensemble"),
    (["--preset", "vae", "--augment", "digits", "--output", "a.safetensors"], 64, "--augment"),
    (["--generator", "vae", "--output", "a.safetensors"], 64, "needs --model"),
    (["--latents", "3", "--output", "a.safetensors"], 64, "--latents goes with generator"),
    (
      ["--preset", "vae", "--model", "flatten linear(10)", "--output", "a.safetensors"], 64,
      "an autoencoder of 20 latents"
    ),
  ])
  func `what is asked wrongly is told in a line`(
    words: [String], status: Int32, message: String
  ) throws {
    let folder = try TemporaryFolder()
    let refused = try run(["train"] + words + few, in: folder)
    #expect(refused.status == status && refused.errors.contains(message), "\(refused.errors)")
    #expect(refused.errors.split(separator: "\n").count { $0.hasPrefix("error") } == 1)
  }

  @Test func `an interrupted run goes on to the same bytes`() throws {
    let folder = try TemporaryFolder()
    let long = vae.map { $0 == "2" ? "60" : $0 }.filter { $0 != "--quiet" }
    _ = try run(long, in: folder).json()
    let whole = try FileBytes.read(folder.file("vae.safetensors"))
    try FileBytes.remove(folder.file("vae.safetensors"))
    let (program, _, errors) = process(long, in: folder)
    try program.run()
    // Its first words mean that an epoch is done.
    while program.isRunning, (try? Data(contentsOf: errors))?.isEmpty != false { usleep(5000) }
    kill(program.processIdentifier, SIGINT)
    program.waitUntilExit()
    // A machine may be quick enough to be done.
    if program.terminationStatus != 0 {
      let said = try String(decoding: Data(contentsOf: errors), as: UTF8.self)
      #expect(program.terminationStatus == 130 && said.contains("--resume"), "\(said)")
      #expect(!FileBytes.exists(folder.file("vae.safetensors")))
      let resumed = try run(long + ["--resume", "--threads", "1"], in: folder)
      #expect(resumed.status == 0 && resumed.errors.contains("going on"), "\(resumed.errors)")
    }
    #expect(try FileBytes.read(folder.file("vae.safetensors")) == whole)
    #expect(!FileBytes.exists(folder.file("vae.resume.safetensors")))
  }

  @Test func `an advanced course goes on to other networks, each with a page`() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      [
        "journey", "--advanced", "--quick", "--output", "j", "--json", "--dataset", "drawn",
        "--drawn-count", "500",
      ], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let page = String(decoding: try FileBytes.read(folder.file("j/index.html")), as: UTF8.self)
    for name in ["lstm", "vit", "vae", "gan", "flow"] {
      #expect(page.contains("href=\"advanced/\(name)/index.html\""), "\(name)")
      #expect(FileBytes.exists(folder.file("j/advanced/\(name)/index.html")), "\(name)")
      #expect(FileBytes.exists(folder.file("j/models/\(name).safetensors")), "\(name)")
    }
    let stored = try JSONSerialization.jsonObject(
      with: FileBytes.read(folder.file("j/report.json")).withUnsafeBytes { Data($0) })
    let further = try #require((stored as? [String: Any])?["further"] as? [[String: Any]])
    #expect(further.compactMap { $0["name"] as? String } == ["lstm", "vit", "vae", "gan", "flow"])
    // Its own report by the command, without a classifier.
    let alone = try run(
      [
        "report", "j/models/vae.safetensors", "--output", "v", "--dataset", "drawn",
        "--drawn-count", "500",
      ], in: folder)
    #expect(alone.status == 0, "\(alone.errors)")
  }
}
