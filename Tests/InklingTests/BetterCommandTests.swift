import Files
import Foundation
import Networks
import TestSupport
import Testing

/// Ensembles, views, transfer and the range test, as a person uses them.
@Suite struct BetterCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func inkling(_ words: String...) throws -> Run { try run(words, in: folder) }

  private let small = ["--dataset", "drawn", "--drawn-count", "900"]

  private func train(_ words: String...) throws -> Run {
    try run(["train"] + small + words, in: folder)
  }

  private func checkpoints() throws -> [String] {
    try FileBytes.names(in: folder.path).filter { $0.hasSuffix(".safetensors") }.sorted()
  }

  @Test func `an ensemble is one checkpoint that every command takes`() throws {
    let result = try train(
      "--model", "mlp", "--epochs", "2", "--ensemble", "3", "--output", "three.safetensors",
      "--json"
    ).json()
    let members = try #require(result["members"] as? [[String: Any]])
    #expect(members.count == 3 && result["epochs"] as? Int == 2)
    #expect(try checkpoints() == ["three.safetensors"])
    let checkpoint = try Checkpoint.read(folder.file("three.safetensors"))
    #expect(checkpoint.network.members.count == 3)

    let evaluated = try inkling("evaluate", "three.safetensors", "--json").json()
    let together = try #require(evaluated["ensemble"] as? [String: Any])
    let sizes = try #require(together["sizes"] as? [[String: Any]])
    #expect(sizes.count == 3 && sizes[2]["mean"] as? Double == evaluated["accuracy"] as? Double)
    #expect(evaluated["tta"] is NSNull)
    let table = try inkling("evaluate", "three.safetensors")
    #expect(table.status == 0 && table.output.contains("mean probability"))
    #expect(table.output.contains("McNemar"))

    let attacked = try inkling(
      "attack", "three.safetensors", "--method", "fgsm", "--count", "20", "--json"
    ).json()
    #expect((attacked["robust_accuracy"] as? Double ?? 2) <= 1)
    let explained = try inkling(
      "attribute", "three.safetensors", "--method", "deeplift", "--indices", "0-3", "--json"
    ).json()
    #expect((explained["convergence_delta"] as? Double).map { abs($0) < 1e-3 } ?? false)
    let told = try inkling("describe", "three.safetensors", "--run")
    #expect(told.errors.contains("--ensemble 3"))
    // The command that made it makes it again, on one thread and on two.
    for threads in ["1", "2"] {
      _ = try train(
        "--model", "mlp", "--epochs", "2", "--ensemble", "3", "--threads", threads, "--output",
        "again.safetensors")
      #expect(
        try FileBytes.read(folder.file("again.safetensors"))
          == FileBytes.read(folder.file("three.safetensors")))
    }
  }

  @Test func `an ensemble that is stopped keeps its members and ends in the same bytes`() throws {
    let words = [
      "--model", "mlp", "--epochs", "40", "--ensemble", "3", "--threads", "1", "--output",
      "stopped.safetensors",
    ]
    let (program, _, errors) = process(["train"] + small + words, in: folder)
    try program.run()
    for _ in 0..<3000
    where try !FileBytes.names(in: folder.path).contains("stopped.member-01.safetensors") {
      Thread.sleep(forTimeInterval: 0.01)
    }
    kill(program.processIdentifier, SIGINT)
    program.waitUntilExit()
    let said = try String(decoding: Data(contentsOf: errors), as: UTF8.self)
    // A machine may be quick enough to be done.
    if program.terminationStatus != 0 {
      #expect(program.terminationStatus == 130 && said.contains("--resume"), "\(said)")
      #expect(try !FileBytes.names(in: folder.path).contains("stopped.safetensors"))
      let resumed = try run(["train"] + small + words + ["--resume"], in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    _ = try run(["train"] + small + words.dropLast() + ["whole.safetensors"], in: folder)
    #expect(
      try FileBytes.read(folder.file("stopped.safetensors"))
        == FileBytes.read(folder.file("whole.safetensors")))
    #expect(try checkpoints() == ["stopped.safetensors", "whole.safetensors"])
  }

  @Test func `views at test time are told beside the plain look`() throws {
    _ = try train("--model", "mlp", "--epochs", "2", "--output", "a.safetensors")
    let views = try inkling(
      "evaluate", "a.safetensors", "--tta", "shift(1)", "--views", "4", "--json"
    ).json()
    let told = try #require(views["tta"] as? [String: Any])
    #expect(told["count"] as? Int == 4 && told["text"] as? String == "shift(1.0)")
    let plain = try inkling("evaluate", "a.safetensors", "--json").json()
    #expect(told["plain_accuracy"] as? Double == plain["accuracy"] as? Double)
    let (gained, lost) = (told["only_views"] as? Int ?? 0, told["only_plain"] as? Int ?? 0)
    #expect(
      plain["errors"] as? Int ?? 0 == (views["errors"] as? Int ?? 0) + gained - lost)
    for (text, words) in [("mixup", "leave mixup"), ("turn(3)", "no augmentation")] {
      let refused = try inkling("evaluate", "a.safetensors", "--tta", text)
      #expect(refused.status == 64 && refused.errors.contains(words), "\(refused.errors)")
    }
  }

  @Test func `few examples begin with a trained network, of which a part may be frozen`() throws {
    _ = try train("--model", "mlp", "--epochs", "2", "--output", "source.safetensors")
    let result = try run(
      [
        "train", "--dataset", "drawn", "--drawn-count", "1200", "--from", "source.safetensors",
        "--examples", "5", "--freeze", "all-but-head", "--epochs", "3", "--output",
        "few.safetensors", "--seed", "4", "--json",
      ], in: folder
    ).json()
    #expect(result["epochs"] as? Int == 3)
    let (before, after) = (
      try Checkpoint.read(folder.file("source.safetensors")).network,
      try Checkpoint.read(folder.file("few.safetensors")).network
    )
    #expect(before.tensor("linear1.weight") == after.tensor("linear1.weight"))
    #expect(before.tensor("linear2.weight") != after.tensor("linear2.weight"))
    let described = try inkling("describe", "few.safetensors")
    #expect(described.output.contains("100,480  frozen"))
    let run = try inkling("describe", "few.safetensors", "--run")
    #expect(run.errors.contains("--from source.safetensors") && run.output.contains("sha256"))
    // Another file under the name is noticed.
    try folder.write(Array(run.output.utf8), "run.json")
    let other = try inkling(
      "train", "--config", "run.json", "--from", "few.safetensors", "--output", "b.safetensors")
    #expect(other.status == 65 && other.errors.contains("not the file that the run began with"))
    let missing = try inkling("train", "--config", "run.json", "--output", "b.safetensors")
    #expect(missing.status == 64 && missing.errors.contains("--from FILE"))
  }

  @Test func `the range test suggests a rate and writes its figure`() throws {
    let found = try train("--model", "mlp", "--find-rate", "--output", "rates", "--json").json()
    let rate = try #require(found["suggestion"] as? Double)
    #expect(rate > 1e-5 && rate < 1)
    #expect(FileBytes.exists(folder.file("rates/learning-rate-search.png")))
    let shown = try train("--model", "mlp", "--find-rate")
    #expect(shown.status == 0 && shown.output.contains("--learning-rate"))
    #expect(shown.output.contains("█"))
    let refused = try train("--find-rate", "--ensemble", "3")
    #expect(refused.status == 64)
  }

  @Test func `transfer draws its curve, goes on where it was, and has a page`() throws {
    _ = try train("--model", "mlp", "--epochs", "2", "--output", "source.safetensors")
    let words = [
      "transfer", "source.safetensors", "--dataset", "drawn", "--drawn-count", "1000", "--counts",
      "2,5", "--draws", "3", "--draws-of-all", "1", "--epochs", "2", "--output", "t",
    ]
    let first = try run(words + ["--json"], in: folder).json()
    let results = try #require(first["results"] as? [String: Any])
    let series = try #require(results["series"] as? [[String: Any]])
    #expect(series.compactMap { $0["way"] as? String } == ["scratch", "frozen", "fine-tuned"])
    for one in series {
      let points = try #require(one["points"] as? [[String: Any]])
      #expect(points.map { ($0["accuracies"] as? [Double])?.count } == [3, 3, 1])
    }
    let page = try String(contentsOfFile: folder.file("t/index.html"), encoding: .utf8)
    #expect(page.contains("source") && page.contains("<svg") && !page.contains("{{"))
    let bytes = try FileBytes.read(folder.file("t/transfer.json"))
    // Nothing is left to do, and the page is the same.
    let again = try run(words, in: folder)
    #expect(again.status == 0 && again.errors.contains("going on after 21"))
    #expect(try FileBytes.read(folder.file("t/transfer.json")) == bytes)
    #expect(again.output.contains("fine-tuned"))
    let wrong = try inkling("transfer", "source.safetensors", "--counts", "0", "--output", "u")
    #expect(wrong.status == 64)
  }
}
