import Datasets
import Drawing
import Files
import Foundation
import Networks
import TestSupport
import Testing

/// Runs of the built program, as a user or a script sees them.
@Suite struct CommandLineTests {
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
  static let program: String = {
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

  private func process(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) -> (process: Process, output: URL, errors: URL) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program)
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

  private func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Run {
    let (process, output, errors) = process(arguments, in: folder, environment: environment)
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  private static let few = ["--dataset", "drawn", "--drawn-count", "1200"]
  private static let tiny =
    "conv(4,3) relu maxpool(2) flatten linear(16) relu dropout(0.1) linear(10)"

  /// A checkpoint trained a little, in a folder of its own.
  private func trained(_ model: String = tiny, epochs: Int = 2) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let run = try run(
      [
        "train", "--model", model, "--epochs", "\(epochs)", "--output", "a.safetensors", "--quiet",
        "--json",
      ] + Self.few, in: folder)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    return folder
  }

  // MARK: What works

  @Test func `train, evaluate, predict, attribute and attack keep their promises`() throws {
    let folder = try TemporaryFolder()
    let train = try run(
      [
        "train", "--model", Self.tiny, "--epochs", "3", "--output", "m/a.safetensors",
        "--learning-rate", "0.01",
        "--keep-epochs", "--json",
      ] + Self.few, in: folder
    ).json()
    #expect(
      Set([
        "checkpoint", "epochs", "seconds", "images_per_second", "train", "validation", "test",
        "history",
      ])
      .isSubset(of: train.keys))
    let test = try #require(train["test"] as? [String: Double])
    // Chance is 0.1; three epochs on 1,200 digits give about 0.6.
    #expect(try #require(test["accuracy"]) > 0.4)
    #expect((train["history"] as? [Any])?.count == 3)
    let names = try FileBytes.names(in: folder.file("m"))
    #expect(
      names == [
        "a.epoch-01.safetensors", "a.epoch-02.safetensors", "a.epoch-03.safetensors",
        "a.safetensors",
      ])

    let evaluate = try run(
      ["evaluate", "m/a.safetensors", "--json", "--save", "logits.safetensors"]
        + Self.few.suffix(2), in: folder
    ).json()
    #expect(evaluate["accuracy"] as? Double == test["accuracy"])
    let interval = try #require(evaluate["accuracy_interval"] as? [Double])
    #expect(interval.count == 2 && interval[0] < interval[1])
    #expect((evaluate["confusion"] as? [[Int]])?.flatMap { $0 }.reduce(0, +) == 10_000)
    #expect((evaluate["per_class"] as? [[String: Any]])?.count == 10)
    let logits = try SafeTensors(FileBytes.read(folder.file("logits.safetensors")))
    #expect(logits.floats("logits")?.shape == [10_000, 10])
    #expect(logits.entry("labels")?.type == .int64)

    let digit = DrawnDigits.dataset(count: 10, testCount: 1).train
    let png = try PNG.write(
      PixelImage(width: 28, height: 28, channels: 1, pixels: Array(digit.bytes(0)).map { 255 - $0 })
    )
    try folder.write(png, "digit.png")
    let predict = try run(["predict", "m/a.safetensors", "digit.png", "--json"], in: folder).json()
    let prediction = try #require((predict["predictions"] as? [[String: Any]])?.first)
    #expect(prediction["class"] is Int && prediction["name"] is String)
    #expect(prediction["file"] as? String == "digit.png")
    #expect((prediction["probabilities"] as? [Double])?.count == 10)

    let attribute = try run(
      [
        "attribute", "m/a.safetensors", "--method", "integrated-gradients", "--indices", "0-4",
        "--target", "true", "--save", "maps.safetensors", "--output", "maps", "--json",
      ]
        + Self.few.suffix(2), in: folder
    ).json()
    #expect(attribute["count"] as? Int == 5 && attribute["convergence_delta"] is Double)
    let maps = try SafeTensors(FileBytes.read(folder.file("maps.safetensors")))
    #expect(maps.floats("attributions")?.shape == [5, 1, 28, 28])
    #expect(maps.entry("targets")?.bytes == maps.entry("labels")?.bytes)
    #expect(FileBytes.exists(folder.file("maps/integrated-gradients.png")))

    let attack = try run(
      [
        "attack", "m/a.safetensors", "--method", "pgd", "--epsilon", "0.2", "--steps", "5",
        "--count", "50", "--curve", "0,0.1", "--save", "adv.safetensors", "--output", "adv",
        "--json",
      ]
        + Self.few.suffix(2), in: folder
    ).json()
    for key in ["clean_accuracy", "robust_accuracy", "robust_accuracy_8bit", "max_linf", "seconds"]
    {
      #expect(attack[key] is Double, "\(key)")
    }
    #expect(try #require(attack["max_linf"] as? Double) < 0.2 + 1e-6)
    let curve = try #require(attack["curve"] as? [[String: Double]])
    #expect(curve[0]["robust_accuracy"] == attack["clean_accuracy"] as? Double)
    let adversarial = try SafeTensors(FileBytes.read(folder.file("adv.safetensors")))
    #expect(adversarial.floats("adversarial")?.shape == [50, 1, 28, 28])
  }

  @Test(arguments: [
    "samples", "filters", "activations", "saliency", "confusion", "mistakes", "training",
    "adversarial",
  ])
  func `every kind of figure is drawn`(kind: String) throws {
    let folder = try trained(epochs: 1)
    let result = try run(
      ["render", kind, "a.safetensors", "--output", "f", "--json"] + Self.few.suffix(2), in: folder)
    let figures = try #require(try result.json()["figures"] as? [[String: Any]])
    #expect(!figures.isEmpty)
    for figure in figures {
      let file = try #require(figure["file"] as? String)
      let bytes = try FileBytes.read(folder.file(file))
      if file.hasSuffix(".png") {
        let picture = try PNG.read(bytes)
        #expect(
          picture.width == figure["width"] as? Int && picture.height == figure["height"] as? Int)
        #expect(Set(picture.pixels).count > 3, "\(file) is blank")
      } else {
        #expect(String(decoding: bytes, as: UTF8.self).contains("</svg>"))
      }
      #expect((figure["caption"] as? String)?.isEmpty == false)
    }
  }

  @Test func `explore, describe and data speak`() throws {
    let folder = try TemporaryFolder()
    let explore = try run(["explore", "--output", "e", "--json"] + Self.few, in: folder).json()
    #expect((explore["figures"] as? [Any])?.isEmpty == false)
    let shown = try run(["explore", "--show", "3"] + Self.few, in: folder)
    #expect(shown.output.contains("▀") || shown.output.contains("█"))
    let describe = try run(
      ["describe", "cnn", "--predict", "0", "--json"] + Self.few, in: folder
    ).json()
    #expect(describe["parameters"] as? Int == 421_642)
    let layers = try #require(describe["layers"] as? [[String: Any]])
    #expect(layers.map { $0["name"] as? String }[3] == "conv2")
    #expect(layers[3]["output_shape"] as? [Int] == [64, 14, 14])
    #expect((describe["probabilities"] as? [Double])?.count == 10)
    let words = try run(["describe", "mlp", "--predict", "0"] + Self.few, in: folder).output
    #expect(words.contains("Why is this random?") && words.contains("101,770"))
    let list = try run(["data", "list", "--json"], in: folder).json()
    #expect((list["datasets"] as? [[String: Any]])?.count == 4)
    let info = try run(["data", "info", "--json"] + Self.few, in: folder).json()
    #expect(info["shape"] as? [Int] == [1, 28, 28] && info["train_count"] as? Int == 1200)
    #expect(info["name"] as? String == "drawn" && info["test_count"] as? Int == 10_000)
  }

  @Test func `a journey on a folder of colour pictures gives a whole report`() throws {
    let folder = try TemporaryFolder()
    for (label, color) in [("red", 0), ("green", 1), ("blue", 2)] {
      for index in 0..<40 {
        let noise = hashed(300, UInt64(index * 3 + color))
        let pixels = noise.indices.map {
          UInt8($0 % 3 == color ? 150 + noise[$0] * 100 : noise[$0] * 120)
        }
        try folder.write(
          try PNG.write(PixelImage(width: 10, height: 10, channels: 3, pixels: pixels)),
          "data/shapes/\(label)/\(index).png")
      }
    }
    let result = try run(
      ["journey", "--quick", "--dataset", "data/shapes", "--output", "j", "--json"], in: folder)
    let json = try result.json()
    #expect(json["index"] as? String == "j/index.html")
    #expect((json["checkpoints"] as? [String])?.count == 2)
    for file in [
      "j/index.html", "j/report.json", "j/models/mlp.safetensors", "j/models/cnn.safetensors",
    ] {
      #expect(FileBytes.exists(folder.file(file)), "\(file)")
    }
    let page = String(decoding: try FileBytes.read(folder.file("j/index.html")), as: UTF8.self)
    #expect(page.contains("green") && page.components(separatedBy: "<img").count > 10)
    let asked = try run(["evaluate", "j/models/cnn.safetensors"], in: folder)
    #expect(asked.status == 66 && asked.errors.contains("--dataset FOLDER"), "\(asked.errors)")
    let told = try run(
      ["evaluate", "j/models/cnn.safetensors", "--dataset", "data/shapes", "--json"], in: folder)
    #expect(try told.json()["accuracy"] is Double)
    let single = try run(
      [
        "report", "j/models/cnn.safetensors", "j/models/mlp.safetensors", "--dataset",
        "data/shapes",
        "--single-file", "--output", "one.html", "--json",
      ], in: folder)
    #expect(try single.json()["files"] as? [String] == ["one.html"])
  }

  // MARK: Same bytes

  @Test func `the same seed gives the same bytes, on one thread or more, resumed or not`() throws {
    let folder = try TemporaryFolder()
    func train(_ output: String, _ more: [String] = []) throws -> [UInt8] {
      let result = try run(
        ["train", "--model", Self.tiny, "--epochs", "2", "--output", output, "--quiet"] + Self.few
          + more,
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      return try FileBytes.read(folder.file(output))
    }
    let one = try train("one.safetensors", ["--threads", "1"])
    #expect(try train("two.safetensors", ["--threads", "3"]) == one)
    #expect(try train("seed.safetensors", ["--seed", "2"]) != one)

    // The same run, killed on the way, then resumed: to the same bits.
    let large = ["--dataset", "drawn", "--drawn-count", "20000"]
    let arguments = ["train", "--model", "cnn", "--epochs", "2", "--quiet"] + large
    func finish(_ output: String, _ more: [String]) throws -> [UInt8] {
      let result = try run(arguments + ["--output", output] + more, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      return try FileBytes.read(folder.file(output))
    }
    let whole = try finish("whole.safetensors", [])
    let (process, _, errors) = process(arguments + ["--output", "cut.safetensors"], in: folder)
    try process.run()
    // The first resume file is written after ten seconds or an epoch; until then there is nothing to kill.
    while process.isRunning, !FileBytes.exists(folder.file("cut.resume.safetensors")) {
      usleep(20_000)
    }
    #expect(process.isRunning, "it ended before it could be killed")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(!FileBytes.exists(folder.file("cut.safetensors")))
    #expect(try finish("cut.safetensors", ["--resume", "--threads", "1"]) == whole)
    #expect(!FileBytes.exists(folder.file("cut.resume.safetensors")))
    _ = errors
  }

  @Test func `Ctrl-C saves, says how to go on and exits 130`() throws {
    let folder = try TemporaryFolder()
    let arguments =
      ["train", "--model", "cnn", "--epochs", "3", "--output", "a.safetensors"]
      + ["--dataset", "drawn", "--drawn-count", "20000"]
    let (process, _, errors) = process(arguments, in: folder)
    try process.run()
    // Its first words mean that training is under way.
    while process.isRunning, (try? Data(contentsOf: errors))?.isEmpty != false { usleep(20_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let words = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    #expect(words.contains("--resume") && FileBytes.exists(folder.file("a.resume.safetensors")))
    #expect(!FileBytes.exists(folder.file("a.safetensors")))
    let names = try FileBytes.names(in: folder.path)
    #expect(!names.contains { $0.hasSuffix(".tmp") })
  }

  // MARK: What goes wrong

  @Test func `errors are one line with the right status, and nothing is lost`() throws {
    let folder = try trained(epochs: 1)
    let good = try FileBytes.read(folder.file("a.safetensors"))
    try folder.write(Array("not a picture".utf8), "text.png")
    try folder.write(good.dropLast(100), "cut.safetensors")
    try folder.write([], "empty.safetensors")
    try folder.write(Array("hello".utf8), "text.safetensors")
    for file in KnownDataset.mnist.files {
      try folder.write([0x1f, 0x8b, 8, 0, 0, 1, 2, 3], "bad/\(file.name).gz")
    }
    try folder.write([1], "file")
    let few = Self.few
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
      (["attribute", "a.safetensors", "--indices", "0-99999"] + few, 64, "0 to 9999"),
      (["attack", "a.safetensors", "--method", "pgd", "--epsilon", "-1"] + few, 64, "epsilon"),
      (["attack", "a.safetensors", "--target", "eleven"] + few, 64, "eleven"),
      (["report", "a.safetensors", "--output", "file"] + few, 73, "file"),
      (["report", "a.safetensors", "--output", "r", "--templates", "none"] + few, 66, "none"),
      (["render", "templates", "a.safetensors", "--output", "r"] + few, 65, "templates"),
      (["render", "nonsense", "a.safetensors", "--output", "r"] + few, 64, "nonsense"),
      (["evaluate", "a.safetensors", "--unknown"], 64, "unknown"),
      (["data", "fetch", "nonsense"], 64, "nonsense"),
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
      shell.arguments = ["-c", "'\(Self.program)' describe mlp > /dev/full"]
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
        ["train", "--output", "locked/a.safetensors"] + Self.few, in: folder)
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
      "trap '' XFSZ; ulimit -f 8; '\(Self.program)' train --model mlp --epochs 1 --quiet"
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
      "attack", "report", "data list", "data fetch", "data info",
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
          width: 4, height: 5, channels: 1, pixels: [UInt8](repeating: value, count: 20))
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
        + Self.few, in: folder)
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
      file.metadata["recipe"] = "{\"validation\":\"\(share)\"}"
      try folder.write(file.encoded(), "odd.safetensors")
      let odd = try run(["evaluate", "odd.safetensors", "--dataset", "two"], in: folder)
      #expect(odd.status == 65 && odd.errors.contains("--validation"), "\(odd.errors)")
    }
  }

  @Test func `an interruption outside training exits 130 too`() throws {
    let folder = try trained(epochs: 1)
    let (process, _, _) = process(
      ["attack", "a.safetensors", "--method", "pgd", "--steps", "5000"] + Self.few, in: folder)
    try process.run()
    usleep(300_000)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
  }
}
