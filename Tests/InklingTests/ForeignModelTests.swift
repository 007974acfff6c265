import Files
import Foundation
import TestSupport
import Testing

/// Networks that PyTorch trained, at the command line.
@Suite struct ForeignModelTests {
  private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../InterchangeTests/Fixtures/PyTorch/script.pt").standardizedFileURL
    .path(percentEncoded: false)

  @Test func `a file of torch.save is a checkpoint once its network is named`() throws {
    let folder = try TemporaryFolder()
    let unnamed = try run(["describe", script], in: folder)
    #expect(unnamed.status == 65 && unnamed.errors.contains("conv(2,3), norm, linear(3)"))
    #expect(unnamed.errors.split(separator: "\n").count == 1)
    let model = [
      "--model", "conv(2,3,padding=0) norm relu maxpool(2) flatten linear(3)", "--input-shape",
      "1,6,6",
    ]
    let named = try run(["describe", script] + model, in: folder)
    #expect(named.status == 0 && named.output.contains("conv1"), "\(named.errors)")
    #expect(named.errors.contains("note: the weights are those under “model_state_dict”"))
    #expect(named.errors.contains("conv1 is features.0"))
    let quiet = try run(["describe", script, "--quiet"] + model, in: folder)
    #expect(quiet.status == 0 && quiet.errors.isEmpty)
    // Its images are of another size than MNIST's.
    let other = try run(["describe", script, "--model", "mlp"], in: folder)
    #expect(other.status == 65 && other.errors.split(separator: "\n").count == 1)
  }

  @Test func `what a network from elsewhere expects of its images is found out and told`() throws {
    let folder = try trained("conv(4,3) relu maxpool(2) flatten linear(10)", epochs: 6)
    let out = try run(
      [
        "convert", "a.safetensors", "--to", "onnx", "--normalisation", "outside", "--output",
        "a.onnx",
      ], in: folder)
    #expect(out.status == 0, "\(out.errors)")
    // What is said of its pixels makes it a graph of anybody's.
    func evaluate(_ options: [String]) throws -> Run {
      try run(["evaluate", "a.onnx"] + options + few, in: folder)
    }
    let right = try evaluate(["--mean", "0.1307", "--standard-deviation", "0.3081"])
    #expect(
      right.status == 0 && right.errors.contains("note: the network, trained elsewhere, reads"))
    let wrong = try evaluate(["--mean", "0", "--standard-deviation", "8"])
    #expect(wrong.status == 0)
    let warning = try #require(
      wrong.errors.split(separator: "\n").first { $0.hasPrefix("warning:") })
    #expect(
      warning.contains("reads only")
        && warning.hasSuffix("--mean 0.1307 --standard-deviation 0.3081"))
    // Its outputs under the names of others.
    let names = (0..<10).map { "\(9 - $0)" }
    try folder.write(names.joined(separator: "\n").utf8, "names.txt")
    for said in ["names.txt", names.joined(separator: ",")] {
      let turned = try evaluate(
        ["--mean", "0.1307", "--standard-deviation", "0.3081", "--classes", said])
      #expect(
        turned.errors.contains("note: the classes of drawn are put in the order of the network's"))
      #expect(turned.errors.contains("--classes '0,1,2,3,4,5,6,7,8,9'"), "\(turned.errors)")
    }
    try folder.write("one\none\n".utf8, "twice.txt")
    let twice = try evaluate(["--classes", "twice.txt"])
    #expect(twice.status == 64 && twice.errors.contains("names that differ"))
  }

  @Test func `training begins with a network from elsewhere, once it is whole`() throws {
    let folder = try trained()
    for (name, options) in [
      ("a.onnx", ["--to", "onnx"]), ("a.py", ["--to", "pytorch"]),
    ] {
      let out = try run(["convert", "a.safetensors", "--output", name] + options, in: folder)
      #expect(out.status == 0, "\(out.errors)")
    }
    let more = ["--epochs", "1", "--output", "b.safetensors"] + few
    let further = try run(["train", "--from", "a.onnx"] + more, in: folder)
    #expect(further.status == 0, "\(further.errors)")
    // PyTorch's weights say no network.
    let mere = try run(["train", "--from", script] + more, in: folder)
    #expect(mere.status == 65 && mere.errors.contains("inkling convert"), "\(mere.errors)")
    #expect(mere.errors.contains("--model SPEC --to safetensors"))
  }
}
