import Datasets
import Drawing
import Files
import Foundation
import Networks
import Pictures
import TestSupport
import Testing

/// Runs of the built program on what users get wrong and machines refuse.
@Suite struct FailureTests {
  @Test func `errors are one line with the right status, and nothing is lost`() throws {
    let folder = try trained(epochs: 1)
    let good = try FileBytes.read(folder.file("a.safetensors"))
    try folder.write(Array("not a picture".utf8), "text.png")
    try folder.write(good.dropLast(100), "cut.safetensors")
    try folder.write([], "empty.safetensors")
    try folder.write(Array("hello".utf8), "text.safetensors")
    for file in KnownDataset.mnist.published.layout.files {
      try folder.write([0x1f, 0x8b, 8, 0, 0, 1, 2, 3], "bad/\(file.publishedName)")
    }
    try folder.write(gzipped(Array("no tar".utf8)), "bad/cifar-10-binary.tar.gz")
    for name in ["gzip.zip", "pathmnist.npz"] {
      try folder.write([0x50, 0x4b, 3, 4], "bad/\(name)")
    }
    try folder.write([1], "file")
    let cases: [(arguments: [String], status: Int32, word: String)] = [
      (["evaluate", "none.safetensors"] + few, 66, "none.safetensors"),
      (["evaluate", "cut.safetensors"] + few, 65, "cut short"),
      (["evaluate", "empty.safetensors"] + few, 65, "0 bytes"),
      (["evaluate", "text.safetensors"] + few, 65, "text.safetensors"),
      (["evaluate", "file"] + few, 65, "file"),
      (["evaluate", "a.safetensors", "--dataset", "mnist", "--data", "nowhere"], 66, "nowhere"),
      (["evaluate", "a.safetensors", "--dataset", "mnist", "--data", "bad"], 65, "byte"),
      (["evaluate", "a.safetensors", "--dataset", "nonsense"], 66, "nonsense"),
      (["predict", "a.safetensors", "text.png"], 65, "text.png"),
      (["predict", "a.safetensors", "none.png"], 66, "none.png"),
      (
        ["train", "--model", "conv(3,3) rleu flatten linear(10)", "--output", "b.safetensors"]
          + few, 64, "rleu"
      ),
      (
        ["train", "--model", "flatten linear(3)", "--output", "b.safetensors"] + few, 64,
        "linear(10)"
      ),
      (["train", "--output", "file/b.safetensors"] + few, 73, "file"),
      (["train", "--output", "b.txt"] + few, 64, ".safetensors"),
      (["train", "--output", "b.safetensors", "--epochs", "0"] + few, 64, "--epochs"),
      (["attribute", "a.safetensors", "--method", "magic"] + few, 64, "integrated-gradients"),
      (["attribute", "a.safetensors", "--method", "lrp:magic"] + few, 64, "epsilon-plus"),
      (
        ["attribute", "a.safetensors", "--method", "grad-cam", "--layer", "linear1"] + few, 64,
        "flat"
      ),
      (["attribute", "a.safetensors", "--samples", "0"] + few, 64, "--samples"),
      (["attribute", "a.safetensors", "--noise", "-1"] + few, 64, "--noise"),
      (["attribute", "a.safetensors", "--baseline", "white"] + few, 64, "black"),
      (["attribute", "a.safetensors", "--scale", "huge"] + few, 64, "per-row"),
      (["attribute", "a.safetensors", "--indices", "0-99999"] + few, 64, "0 to 9999"),
      (["attack", "a.safetensors", "--method", "pgd", "--epsilon", "-1"] + few, 64, "0 or more"),
      (["attack", "a.safetensors", "--target", "eleven"] + few, 64, "eleven"),
      (["attack", "a.safetensors", "--target", "10"] + few, 64, "10"),
      (["attack", "a.safetensors", "--method", "magic"] + few, 64, "hop-skip-jump"),
      (["attack", "a.safetensors", "--method", "deepfool", "--epsilon", "1"] + few, 64, "ball"),
      (["attack", "a.safetensors", "--method", "cw", "--norm", "linf"] + few, 64, "l2"),
      (["attack", "a.safetensors", "--curve", "0,-1"] + few, 64, "-1"),
      (["attack", "a.safetensors", "--count", "0"] + few, 64, "--count"),
      (["attack", "a.safetensors", "--count", "999999"] + few, 64, "there are only"),
      (
        ["attack", "a.safetensors", "--method", "deepfool", "--grid", "--target", "3"] + few, 64,
        "--grid"
      ),
      (["attack", "a.safetensors", "--method", "auto", "--grid"] + few, 64, "aim"),
      (
        ["attack", "a.safetensors", "--transfer", "none.safetensors"] + few, 66, "none.safetensors"
      ),
      (["attack", "none.safetensors"] + few, 66, "none.safetensors"),
      (["attack", "a.safetensors", "--output", "file"] + few, 73, "file"),
      (["attack", "a.safetensors", "--save", "file/x.safetensors"] + few, 73, "file"),
      (["attribute", "a.safetensors", "--target", "10"] + few, 64, "10"),
      (["attribute", "none.safetensors"] + few, 66, "none.safetensors"),
      (["attribute", "a.safetensors", "--output", "file"] + few, 73, "file"),
      (["attribute", "a.safetensors", "--save", "file/x.safetensors"] + few, 73, "file"),
      (["attribute", "a.safetensors", "--method", "all"] + few, 64, "--judge"),
      (
        ["attribute", "a.safetensors", "--method", "all", "--judge", "--layer", "magic"] + few, 64,
        "linear1"
      ),
      (["attribute", "a.safetensors", "--layer", "magic"] + few, 64, "linear1"),
      (
        ["attribute", "a.safetensors", "--method", "occlusion", "--stride", "8"] + few, 64, "stride"
      ),
      (
        [
          "attribute", "a.safetensors", "--target", "banana", "--dataset", "mnist", "--data",
          "nowhere",
        ], 64, "banana"
      ),
      (["train", "--output", "b.safetensors", "--adversarial", "deepfool"] + few, 64, "trades"),
      (
        [
          "train", "--output", "b.safetensors", "--adversarial", "pgd", "--adversarial-epsilon",
          "-1",
        ]
          + few, 64, "--adversarial-epsilon"
      ),
      (
        ["train", "--output", "b.safetensors", "--adversarial", "pgd", "--adversarial-steps", "0"]
          + few, 64, "--adversarial-steps"
      ),
      (
        ["train", "--output", "b.safetensors", "--adversarial-epsilon", "0.1"] + few, 64,
        "goes with"
      ),
      (["train", "--output", "file/b.safetensors", "--adversarial", "pgd"] + few, 73, "file"),
      (["report", "a.safetensors", "--output", "file"] + few, 73, "file"),
      (["report", "a.safetensors", "--output", "r", "--templates", "none"] + few, 66, "none"),
      (["report", "a.safetensors", "--output", "r", "--baseline", "none"] + few, 66, "none"),
      (
        ["report", "a.safetensors", "--output", "r", "--baseline", "a.safetensors"] + few, 65,
        "no report.json"
      ),
      (["render", "templates", "a.safetensors", "--output", "r"] + few, 65, "templates"),
      (
        ["render", "features", "a.safetensors", "--output", "r", "--layer", "x9"] + few, 64, "relu2"
      ),
      (["render", "nonsense", "a.safetensors", "--output", "r"] + few, 64, "nonsense"),
      (["evaluate", "a.safetensors", "--unknown"], 64, "unknown"),
      (["data", "fetch", "nonsense"], 64, "medmnist:NAME"),
      (["data", "fetch", "medmnist:chestmnist"], 64, "14 labels"),
      (["data", "info", "medmnist:organmnist3d"], 64, "volumes"),
      (["data", "info", "mnist", "--dataset", "mnist"], 64, "once"),
      (["data", "info", "cifar-10", "--data", "bad"], 65, "cifar-10-binary.tar.gz"),
      (["data", "info", "medmnist:pathmnist", "--data", "bad"], 65, "pathmnist.npz"),
      (["data", "info", "emnist-digits", "--data", "bad"], 65, "gzip.zip"),
      (["data", "info", "cifar-100", "--data", "bad"], 66, "cifar-100-binary.tar.gz"),
    ]
    for item in cases {
      let result = try run(item.arguments, in: folder)
      let name = item.arguments.joined(separator: " ")
      #expect(result.status == item.status, "\(name): \(result.status) \(result.errors)")
      #expect(result.errors.contains(item.word), "\(name): \(result.errors)")
      #expect(result.output == "", "\(name)")
      // One line; a specification's error adds two to show the place.
      let lines = result.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let isNote = { (line: Substring) in !line.hasPrefix("error: ") }
      #expect(lines.count == (item.word == "rleu" ? 3 : 1), "\(name): \(result.errors)")
      #expect(lines.first.map(isNote) == false, "\(name): \(result.errors)")
      #expect(!result.errors.contains("Fatal") && !result.errors.contains("Swift/"), "\(name)")
    }
    #expect(try FileBytes.read(folder.file("a.safetensors")) == good)
    #expect(!FileBytes.exists(folder.file("b.safetensors")))
  }

  @Test func `a full disk and a folder without permission end cleanly`() throws {
    let folder = try trained(epochs: 1)
    if FileBytes.exists("/dev/full") {
      // Standard output that cannot be written must not crash the program.
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      shell.arguments = ["-c", "'\(program)' describe mlp > /dev/full"]
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationReason == .exit && shell.terminationStatus == 74)
    }
    if getuid() != 0 {
      // Root may write everywhere.
      try FileManager.default.createDirectory(
        atPath: folder.file("locked"), withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o500])
      let locked = try run(
        ["train", "--output", "locked/a.safetensors"] + few, in: folder)
      #expect(locked.status == 73, "\(locked.errors)")
    }
    // A file size limit fails as a full disk does: in the middle of writing.
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let errors = Pipe()
    shell.standardError = errors
    shell.arguments = [
      "-c",
      "trap '' XFSZ; ulimit -f 8; '\(program)' train --model mlp --epochs 1 --quiet"
        + " --output full.safetensors --dataset drawn --drawn-count 500",
    ]
    try shell.run()
    let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 74, "\(words)")
    #expect(words.hasPrefix("error: ") && words.contains("full"), "\(words)")
    let names = try FileBytes.names(in: folder.path)
    #expect(!names.contains { $0.hasPrefix("full") }, "\(names)")
  }

  @Test func `without network and data a run uses drawn digits and says so`() throws {
    let folder = try TemporaryFolder()
    // Mirrors are reached through a proxy that refuses, so that no test talks to the world.
    let proxy = ["https_proxy": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1"]
    let result = try run(
      ["data", "info", "--drawn-count", "100", "--json"], in: folder, environment: proxy)
    #expect(try result.json()["name"] as? String == "drawn")
    #expect(result.errors.contains("not MNIST"))
    let asked = try run(["data", "info", "--dataset", "mnist"], in: folder, environment: proxy)
    #expect(asked.status == 69 && asked.errors.contains("mnist"), "\(asked.errors)")
  }

  @Test func `help has examples for every command`() throws {
    let folder = try TemporaryFolder()
    for command in [
      "journey", "explore", "describe", "train", "evaluate", "predict", "render", "attribute",
      "attack", "report", "convert", "data list", "data fetch", "data info",
    ] {
      let help = try run(command.split(separator: " ").map(String.init) + ["--help"], in: folder)
      #expect(help.status == 0 && help.output.contains("inkling \(command)"), "\(command)")
      #expect(help.output.contains("Example"), "\(command)")
    }
  }

  @Test func `small and odd runs work, or say why not`() throws {
    let folder = try TemporaryFolder()
    for (label, value) in [("dark", 20), ("light", 220)] as [(String, UInt8)] {
      for index in 0..<3 {
        let image = PixelImage(
          width: 4, height: 5, channels: 1,
          pixels: (0..<20).map { $0 == index ? value - 10 : value })
        try folder.write(try PNG.write(image), "two/\(label)/\(index).png")
      }
    }
    let two = ["--dataset", "two", "--validation", "0"]
    let train = try run(
      [
        "train", "--model", "flatten linear(4) norm relu linear(2)", "--batch-size", "999",
        "--epochs", "2", "--output", "a.safetensors", "--json",
      ] + two, in: folder)
    let json = try train.json()
    #expect(json["validation"] is NSNull, "a value that does not exist is null")
    let history = try #require(json["history"] as? [[String: Any]])
    #expect(history[0]["validation_loss"] is NSNull)
    for command in [
      ["attack", "a.safetensors", "--json"],
      ["attribute", "a.safetensors", "--target", "all", "--json"],
      ["report", "a.safetensors", "--output", "r", "--json"],
    ] {
      #expect(try run(command + two, in: folder).json().isEmpty == false)
    }
    let diverged = try run(
      [
        "train", "--model", "flatten linear(8) relu linear(10)", "--optimizer", "sgd",
        "--learning-rate", "1000", "--momentum", "0.999", "--output", "b.safetensors", "--quiet",
      ]
        + few, in: folder)
    #expect(
      diverged.status == 65 && diverged.errors.contains("--learning-rate"), "\(diverged.errors)")
    #expect(!FileBytes.exists(folder.file("b.safetensors")))
    let huge = try run(
      [
        "train", "--model", "conv(256,3) relu conv(256,3) relu flatten linear(10)", "--batch-size",
        "65536", "--output", "c.safetensors", "--dataset", "drawn", "--drawn-count", "70000",
      ], in: folder)
    #expect(huge.status == 64 && huge.errors.contains("MB"), "\(huge.errors)")
    var file = try SafeTensors(FileBytes.read(folder.file("a.safetensors")))
    for share in ["nan", "-1", "5", "1e300"] {
      file.metadata["run"] = nil
      file.metadata["recipe"] = "{\"validation\":\"\(share)\"}"
      try folder.write(file.encoded(), "odd.safetensors")
      let odd = try run(["evaluate", "odd.safetensors", "--dataset", "two"], in: folder)
      #expect(odd.status == 65 && odd.errors.contains("validation must be"), "\(odd.errors)")
    }
  }

  @Test func `an interruption outside training exits 130 too`() throws {
    let folder = try trained(epochs: 1)
    let (process, _, _) = process(
      ["attack", "a.safetensors", "--method", "pgd", "--steps", "5000"] + few, in: folder)
    try process.run()
    usleep(300_000)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
  }
}
