import Datasets
import Drawing
import Files
import Foundation
import Networks
import Pictures
import TestSupport
import Testing
import Training

/// Runs of the built program, as a user or a script sees them.
@Suite struct CommandLineTests {
  // MARK: What works

  @Test func `train keeps its promises, and evaluate finds the same images again`() throws {
    let folder = try TemporaryFolder()
    let train = try run(
      [
        "train", "--model", tiny, "--epochs", "3", "--output", "m/a.safetensors",
        "--learning-rate", "0.01",
        "--keep-epochs", "--test", "--json",
      ] + few, in: folder
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
    // The checkpoint knows its own images: no option is needed to find the same ones again.
    let again = try run(
      ["evaluate", "m/a.safetensors", "--split", "validation", "--json"], in: folder
    ).json()
    let validation = try #require(train["validation"] as? [String: Double])
    #expect(again["count"] as? Int == 100)
    #expect(again["accuracy"] as? Double == validation["accuracy"])
    let names = try FileBytes.names(in: folder.file("m"))
    #expect(
      names == [
        "a.epoch-01.safetensors", "a.epoch-02.safetensors", "a.epoch-03.safetensors",
        "a.safetensors",
      ])

    let evaluate = try run(
      ["evaluate", "m/a.safetensors", "--json", "--save", "logits.safetensors"]
        + few.suffix(2), in: folder
    ).json()
    #expect(evaluate["accuracy"] as? Double == test["accuracy"])
    let interval = try #require(evaluate["accuracy_interval"] as? [Double])
    #expect(interval.count == 2 && interval[0] < interval[1])
    #expect((evaluate["confusion"] as? [[Int]])?.flatMap { $0 }.reduce(0, +) == 10_000)
    #expect((evaluate["per_class"] as? [[String: Any]])?.count == 10)
    let logits = try SafeTensors(FileBytes.read(folder.file("logits.safetensors")))
    #expect(logits.floats("logits")?.shape == [10_000, 10])
    #expect(logits.entry("labels")?.type == .int64)
  }

  @Test func `predict reads a picture`() throws {
    let folder = try trained(epochs: 1)
    let digit = DrawnDigits.dataset(count: 10, testCount: 1).train
    let png = try PNG.write(
      PixelImage(width: 28, height: 28, channels: 1, pixels: Array(digit.bytes(0)).map { 255 - $0 })
    )
    try folder.write(png, "digit.png")
    let predict = try run(["predict", "a.safetensors", "digit.png", "--json"], in: folder).json()
    let prediction = try #require((predict["predictions"] as? [[String: Any]])?.first)
    #expect(prediction["class"] is Int && prediction["name"] is String)
    #expect(prediction["file"] as? String == "digit.png")
    #expect((prediction["probabilities"] as? [Double])?.count == 10)
  }

  @Test func `attribute keeps its maps, for one class or for all`() throws {
    let folder = try trained(epochs: 1)
    let attribute = try run(
      [
        "attribute", "a.safetensors", "--method", "integrated-gradients", "--indices", "0-4",
        "--target", "true", "--save", "maps.safetensors", "--output", "maps", "--json",
      ]
        + few.suffix(2), in: folder
    ).json()
    #expect(attribute["count"] as? Int == 5 && attribute["convergence_delta"] is Double)
    let maps = try SafeTensors(FileBytes.read(folder.file("maps.safetensors")))
    #expect(maps.floats("attributions")?.shape == [5, 1, 28, 28])
    #expect(maps.entry("targets")?.bytes == maps.entry("labels")?.bytes)
    #expect(FileBytes.exists(folder.file("maps/integrated-gradients.png")))

    let cam = try run(
      [
        "attribute", "a.safetensors", "--method", "grad-cam", "--layer", "pool1", "--target",
        "all",
        "--indices", "0-1", "--save", "cam.safetensors", "--output", "maps", "--scale",
        "shared:100",
        "--json",
      ] + few.suffix(2), in: folder
    ).json()
    #expect(cam["count"] as? Int == 2 && cam["convergence_delta"] is NSNull)
    #expect((cam["scale"] as? String)?.contains("share one scale") == true)
    let ends = try #require(cam["scale_ends"] as? [Double])
    #expect(ends.count == 2 && ends[0] <= ends[1] && ends[1] > 0)
    let saved = try SafeTensors(FileBytes.read(folder.file("cam.safetensors")))
    #expect(saved.floats("attributions")?.shape == [20, 1, 28, 28])
    #expect(saved.floats("raw")?.shape == [20, 1, 14, 14])
  }

  @Test func `a method is judged beside controls and a network of random labels`() throws {
    let folder = try trained(epochs: 1)
    let judged = try run(
      [
        "attribute", "a.safetensors", "--method", "gradient", "--judge", "--indices", "0-4",
        "--json",
      ]
        + few.suffix(2), in: folder
    ).json()
    #expect(judged["method"] as? String == "gradient" && judged["count"] as? Int == 5)
    #expect((judged["random_labels_missing"] as? String)?.contains("random-labels") == true)
    _ = try run(
      [
        "train", "--model", tiny, "--epochs", "1", "--random-labels", "--output",
        "a.random-labels.safetensors", "--json",
      ] + few, in: folder
    ).json()
    let checked = try run(
      [
        "attribute", "a.safetensors", "--method", "gradient", "--judge", "--indices", "0-1",
        "--json",
      ]
        + few.suffix(2), in: folder
    ).json()
    #expect(checked["random_labels_missing"] is NSNull)
    let sanity = (checked["cards"] as? [[String: Any]])?.first?["sanity"] as? [String: Any]
    #expect((sanity?["random_labels"] as? [String: Double])?["mean"] != nil)
    let cards = try #require(judged["cards"] as? [[String: Any]])
    #expect(cards.map { $0["is_control"] as? Bool } == [false, true, true, true])
    #expect(cards[1]["fails_sanity_check"] as? Bool == true)
    let deletion = try #require(cards[0]["deletion"] as? [String: Double])
    #expect(Set(deletion.keys) == ["mean", "low", "high"])
  }

  @Test func `attack keeps its images and a curve`() throws {
    let folder = try trained()
    let attack = try run(
      [
        "attack", "a.safetensors", "--method", "pgd", "--epsilon", "0.2", "--steps", "5",
        "--count", "50", "--curve", "0,0.1", "--save", "adv.safetensors", "--output", "adv",
        "--json",
      ]
        + few.suffix(2), in: folder
    ).json()
    for key in ["clean_accuracy", "robust_accuracy", "robust_accuracy_8bit", "max_linf", "seconds"]
    {
      #expect(attack[key] is Double, "\(key)")
    }
    #expect(try #require(attack["max_linf"] as? Double) < 0.2 + 1e-6)
    let curve = try #require(attack["curve"] as? [[String: Any]])
    #expect(curve[0]["robust_accuracy"] as? Double == attack["clean_accuracy"] as? Double)
    let bounds = try #require(curve[0]["interval"] as? [Double])
    #expect(bounds.count == 2 && bounds[0] <= bounds[1])
    let adversarial = try SafeTensors(FileBytes.read(folder.file("adv.safetensors")))
    #expect(adversarial.floats("adversarial")?.shape == [50, 1, 28, 28])
  }

  @Test func `an attack can be aimed at all, shown to others, and checked`() throws {
    let folder = try trained(epochs: 1)
    let attack = try run(
      [
        "attack", "a.safetensors", "--method", "bim", "--epsilon", "0.3", "--count", "30", "--grid",
        "--transfer", "a.safetensors", "a.safetensors", "--check-masking", "--queries", "20",
        "--output", "adv", "--json",
      ] + few.suffix(2), in: folder
    ).json()
    let grid = try #require(attack["grid"] as? [String: Any])
    let rates = try #require(grid["rates"] as? [[Any]])
    #expect(rates.count == 10 && rates.allSatisfy { $0.count == 10 } && rates[3][3] is NSNull)
    let transfers = try #require(attack["transfer"] as? [[String: Any]])
    #expect(transfers.count == 2)
    // What fools a network fools the same network.
    #expect(transfers[0]["accuracy"] as? Double == attack["robust_accuracy"] as? Double)
    let masking = try #require(attack["masking"] as? [[String: Any]])
    #expect(
      masking.map { $0["check"] as? String } == [
        "more-steps", "restarts", "black-box", "epsilon-1",
      ]
    )
    #expect(masking.allSatisfy { $0["verdict"] is String && $0["passes"] is Bool })
    #expect(attack["figures"] as? [String] == ["adv/bim.png", "adv/bim-grid.png"])
  }

  @Test func `adversarial training runs from the command line, and is said in the checkpoint`()
    throws
  {
    let folder = try TemporaryFolder()
    for name in ["pgd", "trades"] {
      let train = try run(
        [
          "train", "--epochs", "1", "--adversarial", name, "--adversarial-steps", "1", "--output",
          "\(name).safetensors", "--json",
        ] + few, in: folder
      ).json()
      #expect(train["epochs"] as? Int == 1)
      let file = try SafeTensors(FileBytes.read(folder.file("\(name).safetensors")))
      // Named as the options are, so that the report can print the command.
      let run = try RunConfiguration(json: (file.metadata["run"] ?? "").utf8)
      #expect(run.adversarial == name && run.adversarialSteps == 1)
      #expect(run.adversarialEpsilon == 0.3)
    }
  }

  @Test(arguments: [
    "samples", "filters", "activations", "saliency", "confusion", "mistakes", "training",
    "adversarial",
  ])
  func `every kind of figure is drawn`(kind: String) throws {
    let folder = try trained(epochs: 1)
    let result = try run(
      ["render", kind, "a.safetensors", "--output", "f", "--json"] + few.suffix(2), in: folder)
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
    let explore = try run(["explore", "--output", "e", "--json"] + few, in: folder).json()
    #expect((explore["figures"] as? [Any])?.isEmpty == false)
    let shown = try run(["explore", "--show", "3"] + few, in: folder)
    #expect(shown.output.contains("▀") || shown.output.contains("█"))
    let describe = try run(
      ["describe", "cnn", "--predict", "0", "--json"] + few, in: folder
    ).json()
    #expect(describe["parameters"] as? Int == 421_642)
    let layers = try #require(describe["layers"] as? [[String: Any]])
    #expect(layers.map { $0["name"] as? String }[3] == "conv2")
    #expect(layers[3]["output_shape"] as? [Int] == [64, 14, 14])
    #expect((describe["probabilities"] as? [Double])?.count == 10)
    let words = try run(["describe", "mlp", "--predict", "0"] + few, in: folder).output
    #expect(words.contains("Why is this random?") && words.contains("101,770"))
    let list = try run(["data", "list", "--json"], in: folder).json()
    let names = (list["datasets"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names == KnownDataset.all.map(\.name) + [DrawnDigits.name])
    let info = try run(["data", "info", "--json"] + few, in: folder).json()
    #expect(info["shape"] as? [Int] == [1, 28, 28] && info["train_count"] as? Int == 1200)
    #expect(info["name"] as? String == "drawn" && info["test_count"] as? Int == 10_000)
  }

  @Test func `describe draws the branches of a network, and a chain as a list`() throws {
    let folder = try TemporaryFolder()
    let text =
      "conv(4,3) residual(conv(4,3) relu residual(relu | tanh) | conv(4,1))"
      + " concat(relu | ) globalpool linear(10)"
    let lines = try run(["describe", text], in: folder).output.split(separator: "\n")
    let table = lines.drop { !$0.hasPrefix("layer") }.prefix { !$0.hasSuffix("learns.") }
    #expect(
      table.map { $0.reversed().drop { $0 == " " }.reversed() }.map { String($0) } == [
        "layer       type                      output            parameters",
        "input                                 1 × 28 × 28",
        "conv1       conv(4,3)                 4 × 28 × 28               40",
        "├ conv2     conv(4,3)                 4 × 28 × 28              148",
        "│ relu1     relu                      4 × 28 × 28",
        "│ ├ relu2   relu                      4 × 28 × 28",
        "│ ├ tanh1   tanh                      4 × 28 × 28",
        "│ └ add1    relu2 + tanh1             4 × 28 × 28",
        "├ conv3     conv(4,1)                 4 × 28 × 28               20",
        "└ add2      add1 + conv3              4 × 28 × 28",
        "├ relu3     relu                      4 × 28 × 28",
        "└ concat1   relu3 | add2              8 × 28 × 28",
        "globalpool1 globalpool                8",
        "linear1     linear(10)                10                        90",
      ])
    let described = try run(["describe", text, "--json"], in: folder).json()
    let layers = try #require(described["layers"] as? [[String: Any]])
    #expect(
      layers.map { $0["inputs"] as? [String] } == [
        ["input"], ["conv1"], ["conv2"], ["relu1"], ["relu1"], ["relu2", "tanh1"], ["conv1"],
        ["add1", "conv3"], ["add2"], ["relu3", "add2"], ["concat1"], ["globalpool1"],
      ])
    // What joins many branches is named in several lines, none wider than a terminal.
    let many =
      "concat(\((1...12).map { _ in "conv(2,3)" }.joined(separator: " | "))) flatten linear(10)"
    let wide = try run(["describe", many], in: folder).output.split(separator: "\n").dropFirst()
    #expect(wide.allSatisfy { $0.count <= 80 })
    #expect(wide.contains { $0.hasSuffix("conv5 | conv6 |") || $0.hasSuffix("| conv12") })
    let chain = try run(["describe", "mlp"], in: folder).output.split(separator: "\n")
    #expect(
      chain.dropFirst().prefix(4) == [
        "layer      type                      output            parameters",
        "input                                1 × 28 × 28",
        "flatten1   flatten                   784                         ",
        "linear1    linear(128)               128                  100,480",
      ])
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
    // A map of channels has one channel, the image three.
    for method in ["grad-cam", "gradient"] {
      let maps = try run(
        [
          "attribute", "j/models/cnn.safetensors", "--dataset", "data/shapes", "--method", method,
          "--indices", "0-2", "--output", "maps", "--json",
        ], in: folder)
      #expect(maps.status == 0 && FileBytes.exists(folder.file("maps/\(method).png")))
    }
    let single = try run(
      [
        "report", "j/models/cnn.safetensors", "j/models/mlp.safetensors", "--dataset",
        "data/shapes",
        "--single-file", "--output", "one.html", "--json",
      ], in: folder)
    #expect(try single.json()["files"] as? [String] == ["one.html"])
  }

  @Test func `a report of two begins with what changed, and one is held against the last`() throws {
    let folder = try trained(epochs: 2)
    let first = try run(
      ["report", "a.safetensors", "a.safetensors", "--output", "same", "--quiet"] + few, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let same = String(decoding: try FileBytes.read(folder.file("same/index.html")), as: UTF8.self)
    #expect(
      same.contains("id=\"change\"") && same.contains("Nothing changed: a (2) and a are the same"))
    let other = try run(
      [
        "train", "--model", tiny, "--epochs", "4", "--learning-rate", "0.003", "--output",
        "b.safetensors", "--quiet",
      ] + few, in: folder)
    #expect(other.status == 0, "\(other.errors)")
    let second = try run(
      [
        "report", "b.safetensors", "a.safetensors", "--baseline", "same/report.json", "--output",
        "same", "--quiet",
      ] + few, in: folder)
    #expect(second.status == 0, "\(second.errors)")
    let page = String(decoding: try FileBytes.read(folder.file("same/index.html")), as: UTF8.self)
    #expect(page.contains("a is before, b after") && page.contains("id=\"fig-changed-filters\""))
    #expect(page.contains("class=\"since\"") && page.contains("then a, now b"))
    #expect(page.contains("epochs was 2 and is 4") && page.contains("The test images are the same"))
    // A report on other classes has nothing to compare.
    try folder.write(
      Array(
        String(decoding: try FileBytes.read(folder.file("same/report.json")), as: UTF8.self)
          .replacing("\"classes\":[\"0\"", with: "\"classes\":[\"zero\"").utf8), "other.json")
    let refused = try run(
      ["report", "b.safetensors", "--baseline", "other.json", "--output", "r"] + few, in: folder)
    #expect(refused.status == 65 && refused.errors.contains("other classes"), "\(refused.errors)")
    #expect(!FileBytes.exists(folder.file("r/index.html")))
  }

  // MARK: Same bytes

  @Test func `the same seed gives the same bytes, on one thread or more, resumed or not`() throws {
    let folder = try TemporaryFolder()
    func train(_ output: String, _ more: [String] = []) throws -> [UInt8] {
      let result = try run(
        ["train", "--model", tiny, "--epochs", "2", "--output", output, "--quiet"] + few
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

  /// Ctrl-C, a request to end, and a closed terminal, unless whoever runs the tests has it ignored, as nohup does.
  private static let ends: [Int32] = {
    let before = signal(SIGHUP, SIG_DFL)
    _ = signal(SIGHUP, before)
    let isIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    return [SIGINT, SIGTERM] + (isIgnored ? [] : [SIGHUP])
  }()

  @Test(arguments: ends)
  func `a run that is told to end saves, says how to go on and exits 130`(number: Int32) throws {
    let folder = try TemporaryFolder()
    let arguments =
      ["train", "--model", "cnn", "--epochs", "3", "--output", "a.safetensors"]
      + ["--dataset", "drawn", "--drawn-count", "20000"]
    let (process, _, errors) = process(arguments, in: folder)
    try process.run()
    // Its first words mean that training is under way.
    while process.isRunning, (try? Data(contentsOf: errors))?.isEmpty != false { usleep(20_000) }
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let words = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    #expect(words.contains("--resume") && FileBytes.exists(folder.file("a.resume.safetensors")))
    #expect(!FileBytes.exists(folder.file("a.safetensors")))
    let names = try FileBytes.names(in: folder.path)
    #expect(!names.contains { $0.hasSuffix(".tmp") })
  }
}
