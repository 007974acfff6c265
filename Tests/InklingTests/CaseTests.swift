import Drawing
import Figures
import Files
import Foundation
import Networks
import Pictures
import TestSupport
import Testing

/// What people's files, pipes, terminals and limits do to the program, case by case.
@Suite struct CaseTests {
  private let train =
    "$INKLING train --model 'flatten linear(10)' --epochs 1 --dataset drawn --drawn-count 200 --quiet"

  @Test func `a reader that has seen enough is a quiet end`() throws {
    let folder = try TemporaryFolder()
    let ended = try shell(
      "set -o pipefail; $INKLING data info --dataset drawn --drawn-count 200 | head -1", in: folder)
    #expect(ended.status == 0 && ended.errors.isEmpty, "\(ended.errors)")
    #expect(ended.output.split(separator: "\n").count == 1)
  }

  @Test func `a limit on files ends in one line and leaves nothing`() throws {
    let folder = try TemporaryFolder()
    let limited = try shell("ulimit -f 4; \(train) --output a.safetensors", in: folder)
    #expect(limited.status == 74, "\(limited.errors)")
    #expect(limited.errors.hasPrefix("error: ") && limited.errors.split(separator: "\n").count == 1)
    #expect(
      try FileBytes.names(in: folder.path).allSatisfy { !$0.hasPrefix("a.") && !$0.contains("tmp") }
    )
    let report = try shell(
      "\(train) --output a.safetensors && ulimit -f 40; $INKLING report a.safetensors --quiet --output r",
      in: folder)
    #expect(report.status == 74, "\(report.errors)")
    #expect(!FileBytes.exists(folder.file("r")))
  }

  @Test func `a tilde is home, with an equals sign and in quotes`() throws {
    let folder = try TemporaryFolder()
    #expect(try shell("\(train) --output='~/a.safetensors'", in: folder).status == 0)
    #expect(FileBytes.exists(folder.file("a.safetensors")) && !FileBytes.exists(folder.file("~")))
  }

  @Test(arguments: ["HOME=", "HOME=foo", "HOME=foo XDG_CACHE_HOME=bar"])
  func `no home, or one that is nowhere, leaves no folder in odd places`(setting: String) throws {
    let folder = try TemporaryFolder()
    let listed = try shell("\(setting) $INKLING data list", in: folder)
    #expect(listed.status == 0)
    #expect(
      try FileBytes.names(in: folder.path).allSatisfy { ["out", "err"].contains($0.suffix(3)) })
  }

  @Test func `what is written through stays what it is`() throws {
    let folder = try TemporaryFolder()
    #expect(try shell("\(train) --output a.safetensors", in: folder).status == 0)
    let piped = try shell(
      "mkfifo pipe; cat pipe > copy & $INKLING evaluate a.safetensors --quiet --save pipe; wait; test -p pipe",
      in: folder)
    #expect(piped.status == 0, "\(piped.errors)")
    #expect(try FileBytes.read(folder.file("copy")).count > 1000)
    let device = try shell(
      "$INKLING evaluate a.safetensors --quiet --save /dev/null && test -c /dev/null", in: folder)
    #expect(device.status == 0, "\(device.errors)")
    let full = try shell("$INKLING evaluate a.safetensors --quiet --save /dev/full", in: folder)
    #expect(full.status == 74 && full.errors.split(separator: "\n").count == 1, "\(full.errors)")
  }

  @Test(arguments: [40, 80, 20, 0])
  func `progress fits the terminal`(columns: Int) throws {
    let folder = try TemporaryFolder()
    let shown = try shell(
      "script -qec 'stty cols \(columns); $INKLING train --model mlp --epochs 2 --dataset drawn --drawn-count 6000 --output a.safetensors' /dev/null",
      in: folder)
    #expect(shown.status == 0)
    let parts = shown.output.split(whereSeparator: { $0 == "\r" || $0 == "\n" || $0 == "\r\n" })
    let bars = parts.map { $0.replacing("\u{1b}[K", with: "") }.filter {
      $0.hasPrefix("epoch") && $0.contains("%")
    }
    #expect(!bars.isEmpty)
    // A terminal that says 0 does not know.
    let room = columns > 0 ? columns : 80
    // Lines that stay may be longer; what is written over must not wrap.
    let over = bars.filter { !$0.contains("validation") }
    #expect(over.allSatisfy { $0.count < room }, "\(over.filter { $0.count >= room })")
  }

  @Test func `class names that are numbers are names`() throws {
    let folder = try TemporaryFolder()
    for (label, value) in [("5", 60), ("10", 200)] {
      for index in 0..<12 {
        let pixels = hashed(64, UInt64(index + value)).map { UInt8($0 * Float(value)) }
        try folder.write(
          try PNG.write(PixelImage(width: 8, height: 8, channels: 1, pixels: pixels)),
          "data/\(label)/\(index).png")
      }
    }
    #expect(
      try shell(
        "$INKLING train --model 'flatten linear(2)' --epochs 1 --dataset data --quiet --output a.safetensors",
        in: folder
      ).status == 0)
    let named = "$INKLING attack a.safetensors --dataset data --method pgd --epsilon 0.3 --quiet"
    let unknown = try shell("\(named) --target 1", in: folder)
    #expect(unknown.status == 64 && unknown.errors.contains("10"), "\(unknown.errors)")
    #expect(try shell("\(named) --target 10", in: folder).status == 0)
    // Other classes are refused, whatever their number.
    let other = try shell(
      "mv data/5 data/7; $INKLING evaluate a.safetensors --dataset data", in: folder)
    #expect(other.status == 65 && other.errors.contains("--classes"), "\(other.errors)")
    #expect(
      try shell("$INKLING evaluate a.safetensors --dataset data --classes 10,7 --quiet", in: folder)
        .status == 0)
  }

  @Test func `one bad picture costs no other its answer, a folder stands for all in it`() throws {
    let folder = try TemporaryFolder()
    #expect(try shell("\(train) --output a.safetensors", in: folder).status == 0)
    let good = try PNG.write(
      PixelImage(width: 28, height: 28, channels: 1, pixels: .init(repeating: 90, count: 784)))
    try folder.write(good, "p/deep/a.png")
    try folder.write(good, "p/b.png")
    try folder.write(Array(good.prefix(40)), "bad.png")
    let said = try shell(
      "mkdir empty; $INKLING predict a.safetensors p bad.png empty --json --quiet", in: folder)
    #expect(said.status == 65)
    let entries = try #require(try said.json()["predictions"] as? [[String: Any]])
    #expect(
      entries.compactMap { $0["file"] as? String } == [
        "p/b.png", "p/deep/a.png", "bad.png", "empty",
      ])
    #expect(entries.map { $0["error"] is String } == [false, false, true, true])
  }

  @Test(arguments: [
    ("\\xff\\xd8\\xff\\xe0abcdefghij", "picture"), ("\\x93NUMPY\\x01\\x00abcdefgh", "NumPy"),
    ("GGUF\\x03\\x00\\x00\\x00abcdefgh", "GGUF"),
    ("version https://git-lfs.github.com/spec/v1", "Git LFS"),
    ("PK\\x03\\x04abcdefghij", "PyTorch"), ("\\x89HDF\\r\\n\\x1a\\nabcdefgh", "HDF5"),
  ])
  func `a file of another kind is named`(start: String, word: String) throws {
    let folder = try TemporaryFolder()
    let told = try shell(
      "printf '\(start)' > a.safetensors; $INKLING describe a.safetensors", in: folder)
    #expect(told.status == 65 && told.errors.contains(word), "\(told.errors)")
    #expect(told.errors.split(separator: "\n").count == 1)
  }

  @Test func `wrong labels are looked for from the command line`() throws {
    let folder = try TemporaryFolder()
    #expect(try shell("\(train) --output a.safetensors", in: folder).status == 0)
    let found = try shell(
      "$INKLING evaluate a.safetensors --label-noise --output n --json --quiet", in: folder)
    let json = try found.json()
    let doubted = try #require(json["doubted"] as? Int)
    #expect((json["suspects"] as? [Any])?.count == doubted && json["images"] is Int)
    #expect(FileBytes.exists(folder.file("n/label-noise.png")) == (doubted > 0))
    for wrong in ["--label-noise --save x", "--output n", "--label-noise --split train"] {
      #expect(try shell("$INKLING evaluate a.safetensors \(wrong)", in: folder).status == 64)
    }
  }

  @Test func `a template that asks for what no report knows is found before anything is computed`()
    throws
  {
    let folder = try TemporaryFolder()
    #expect(try shell("\(train) --output a.safetensors", in: folder).status == 0)
    let templates = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../templates").path
    let refused = try shell(
      "cp -r '\(templates)' t; sed -i 's/<h/{{nonsense}}<h/' t/casebody.mustache; $INKLING report a.safetensors --templates t --output r",
      in: folder)
    #expect(refused.status == 65 && refused.errors.contains("{{nonsense}}"), "\(refused.errors)")
    #expect(!refused.errors.contains("predicting") && !FileBytes.exists(folder.file("r")))
  }

  /// A copy of a checkpoint with the last layer's values multiplied, or every value where `all` is true.
  private func scale(_ path: String, to new: String, by factor: Float, all: Bool = false) throws {
    var checkpoint = try Checkpoint.read(path)
    let network = checkpoint.network
    let last = network.tensors.map(\.name).filter { $0.hasSuffix("weight") }.last?.dropLast(6)
    let isLast = { (name: String) in last.map { name.hasPrefix($0) } ?? false }
    checkpoint.network = Network(
      architecture: network.architecture, normalization: network.normalization,
      tensors: network.tensors.map { tensor in
        guard all || isLast(tensor.name) else { return tensor }
        return Tensor(
          name: tensor.name, shape: tensor.shape, values: tensor.values.map { $0 * factor })
      })
    try checkpoint.write(to: new)
  }

  @Test(arguments: ["fgsm", "bim", "mi-fgsm", "pgd", "apgd-ce"])
  func `a network that is very sure is no harder to fool`(method: String) throws {
    let folder = try trained(epochs: 4)
    try scale(folder.file("a.safetensors"), to: folder.file("sure.safetensors"), by: 100)
    func robust(_ checkpoint: String) throws -> Double {
      let attacked = try shell(
        "$INKLING attack \(checkpoint) --method \(method) --epsilon 0.1 --count 60 --json --quiet \(few.joined(separator: " "))",
        in: folder)
      let json = try attacked.json()
      return try #require(json["robust_accuracy"] as? Double, "\(json)")
    }
    let plain = try robust("a.safetensors")
    #expect(plain < 1)
    #expect(abs(try robust("sure.safetensors") - plain) <= 0.1)
  }

  @Test func `maps of a network that says nothing are zeros and no NaN`() throws {
    let folder = try trained()
    try scale(
      folder.file("a.safetensors"), to: folder.file("mute.safetensors"), by: 0, all: true)
    let judged = try shell(
      "$INKLING attribute mute.safetensors --method all --judge --indices 0-3 --json --quiet \(few.joined(separator: " "))",
      in: folder)
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(!judged.output.lowercased().contains("nan"))
    let saved = try shell(
      "$INKLING attribute mute.safetensors --method ablation-cam --indices 0-3 --save m.safetensors --quiet \(few.joined(separator: " "))",
      in: folder)
    #expect(saved.status == 0, "\(saved.errors)")
    let file = try SafeTensors(try FileBytes.read(folder.file("m.safetensors")))
    for entry in file.entries {
      #expect(file.floats(entry.name)?.values.allSatisfy(\.isFinite) ?? true, "\(entry.name)")
    }
  }

  @Test func `a person's files in a folder for output stay as they are`() throws {
    let folder = try trained()
    let set = few.joined(separator: " ")
    for (name, command) in [
      ("assets/style.css", "report a.safetensors \(set) --quiet --output d"),
      ("report.json", "report a.safetensors \(set) --quiet --output d"),
      ("index.html", "report a.safetensors \(set) --quiet --output d"),
      ("samples.png", "explore \(set) --output d"),
      ("loss.png", "render training a.safetensors --output d"),
    ] {
      let refused = try shell(
        "rm -rf d; mkdir -p d/assets; echo mine > d/\(name); echo photo > d/assets/photo.png; $INKLING \(command)",
        in: folder)
      #expect(refused.status == 73 && refused.errors.contains(name), "\(refused.errors)")
      #expect(try FileBytes.read(folder.file("d/\(name)")).elementsEqual("mine\n".utf8))
      #expect(FileBytes.exists(folder.file("d/assets/photo.png")))
    }
    // What Inkling made it replaces; two commands' figures stand side by side.
    let twice = try shell(
      "rm -rf d; for i in 1 2; do $INKLING explore \(set) --output d && $INKLING render training a.safetensors --output d || exit; done; ls d",
      in: folder)
    #expect(twice.status == 0 && twice.output.contains("samples.png"), "\(twice.errors)")
  }

  @Test func `no image is tested on that was trained on, whatever split is asked for`() throws {
    let folder = try TemporaryFolder()
    let set = "--dataset drawn --drawn-count 600"
    let made = try shell(
      "$INKLING train --model 'flatten linear(10)' --epochs 1 \(set) --split-scheme course --quiet --output a.safetensors",
      in: folder)
    #expect(made.status == 0, "\(made.errors)")
    func count(_ more: String) throws -> (Int, String) {
      let said = try shell("$INKLING evaluate a.safetensors \(set) \(more) --json", in: folder)
      return (try #require(try said.json()["count"] as? Int), said.errors)
    }
    let (own, _) = try count("")
    let (other, note) = try count("--split-scheme standard")
    #expect(own > 0 && other > 0)
    #expect(
      note.contains("were trained on") && note.contains("\(Format.count(other)) remain"), "\(note)")
  }

  @Test func `a run that a checkpoint tells makes the same checkpoint again`() throws {
    let folder = try TemporaryFolder()
    let made = try shell(
      "inkling train --model 'flatten linear(8) relu linear(10)' --optimizer sgd --momentum 0.8 --epochs 2 --batch-size 50 --training-images 300 --dataset drawn --drawn-count 600 --seed 3 --quiet --output a.safetensors",
      in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let told = try shell("inkling describe a.safetensors --run > run.json", in: folder)
    #expect(told.status == 0)
    let again = try shell(
      "inkling train --config run.json --quiet --output b.safetensors && cmp a.safetensors b.safetensors",
      in: folder)
    #expect(again.status == 0, "\(again.errors)")
    // The command that stands beside it is the same run.
    let command = try #require(told.errors.split(separator: "\n").last)
    let typed = try shell("\(command) --quiet && cmp a.safetensors again.safetensors", in: folder)
    #expect(typed.status == 0, "\(typed.errors)")
    // An option beside the file wins; what the file has wrong is named with its path.
    let other = try shell(
      "inkling train --config run.json --seed 4 --quiet --output c.safetensors > /dev/null && inkling describe c.safetensors --run",
      in: folder)
    #expect(try other.json()["seed"] as? Int == 4 && other.status == 0)
    let wrong = try shell(
      "echo '{\"epochz\": 3}' > w.json; inkling train --config w.json --output d.safetensors",
      in: folder)
    #expect(
      wrong.status == 65 && wrong.errors.contains("w.json") && wrong.errors.contains("epochz"))
    let resumed = try shell(
      "timeout -s INT 1 inkling train --config run.json --epochs 90000 --quiet --output e.safetensors; inkling train --config run.json --epochs 80000 --quiet --resume --output e.safetensors",
      in: folder)
    #expect(resumed.status == 65 && resumed.errors.contains("epochs 90000, not 80000"))
  }

  @Test func `the same run from another seed is the baseline of a report's correlations`() throws {
    let folder = try TemporaryFolder()
    for (name, options) in [("a", "--seed 1"), ("a.second-seed", "--seed 2"), ("b", "--seed 3")] {
      #expect(try shell("\(train) \(options) --output \(name).safetensors", in: folder).status == 0)
    }
    func agreement(_ checkpoint: String) throws -> [String: Any]? {
      let made = try shell(
        "rm -rf r; inkling report \(checkpoint).safetensors --quiet --output r > /dev/null && cat r/report.json",
        in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let explanations = try #require(try made.json()["explanations"] as? [String: Any])
      return explanations["seed_agreement"] as? [String: Any] ?? explanations["seedAgreement"]
        as? [String: Any]
    }
    #expect(try agreement("a") != nil)
    let page = try FileBytes.read(folder.file("r/index.html"))
    #expect(String(decoding: page, as: UTF8.self).contains("from another seed"))
    // A neighbour of another run is none.
    #expect(
      try shell("\(train) --batch-size 9 --output b.second-seed.safetensors", in: folder).status
        == 0)
    #expect(try agreement("b") == nil)
  }

  @Test func `an augmentation is trained with, shown and told`() throws {
    let folder = try TemporaryFolder()
    let set = "--dataset drawn --drawn-count 400"
    let made = try shell(
      "inkling train --model 'flatten linear(10)' --epochs 2 --augment digits \(set) --quiet --output a.safetensors",
      in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let plain = try shell(
      "inkling train --model 'flatten linear(10)' --epochs 2 \(set) --quiet --output b.safetensors > /dev/null; cmp -s a.safetensors b.safetensors",
      in: folder)
    #expect(plain.status == 1)
    let told = try shell("inkling describe a.safetensors --run", in: folder)
    #expect((try told.json()["augment"] as? String)?.contains("shear(") == true)
    let shown = try shell(
      "inkling explore --augment 'shift(3) rotate(20)' --checkpoint a.safetensors \(set) --output e --json",
      in: folder)
    let augmentation = try #require(try shown.json()["augmentation"] as? [String: Any])
    #expect(augmentation["read_drawn"] is Double && augmentation["losing_ink"] is Double)
    #expect(FileBytes.exists(folder.file("e/augmentation.png")))
    #expect(try shell("inkling explore --augment digits \(set)", in: folder).status == 0)
    let report = try shell(
      "inkling report a.safetensors --quiet --output r > /dev/null && grep -c 'draws of shear' r/index.html",
      in: folder)
    #expect(report.status == 0, "\(report.errors)")
    for (wrong, word) in [
      ("train --augment twist --output c.safetensors", "twist"),
      ("explore --augment 'shift('", "closed"),
      ("explore --checkpoint a.safetensors", "--augment"),
    ] {
      let refused = try shell("inkling \(wrong) \(set)", in: folder)
      #expect(refused.status == 64 && refused.errors.contains(word), "\(refused.errors)")
    }
  }
}
