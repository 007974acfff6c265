import Engine
import Foundation
import Networks
import TestSupport
import Testing

@Suite struct CheckpointTests {
  private func checkpoint() throws -> Checkpoint {
    let network = try hashedNetwork(
      "conv(3,3) norm relu flatten linear(4)", (2, 5, 6),
      normalization: Normalization(mean: [0.1, 0.2], standardDeviation: [0.3, 0.4]))
    let record = EpochRecord(
      epoch: 1, learningRate: 0.001, trainLoss: 0.1 + 0.2, trainAccuracy: 0.9,
      validationLoss: nil, validationAccuracy: nil, gradientNorm: 1.0 / 3,
      deadUnits: ["relu1": 2], losses: [.init(step: 7, loss: 0.7)])
    return Checkpoint(
      network: network, classes: ["a", "b <b>", "“c”", "d,e"], dataset: "mine", seed: .max,
      history: [record], run: "{\"optimizer\":\"adam\"}")
  }

  @Test func `what is saved is read, to the bit`() throws {
    let saved = try checkpoint()
    let folder = try TemporaryFolder()
    try saved.write(to: folder.file("c.safetensors"))
    let read = try Checkpoint.read(folder.file("c.safetensors"))
    #expect(read.network == saved.network)
    #expect(read.classes == saved.classes)
    #expect(read.dataset == saved.dataset)
    #expect(read.seed == saved.seed)
    #expect(read.history == saved.history)
    #expect(read.run == saved.run)
    #expect(read.safeTensors().encoded() == saved.safeTensors().encoded())
  }

  @Test(arguments: [
    ("model", "conv(3,3) norm relu flatten linear(5)", "shape"),
    ("model", "conv(3,3) relu flatten linear(4)", "no place"),
    ("model", "conv(3,3) norm relu flatten linear(4) relu linear(4)", "missing"),
    ("model", "nonsense", "no layer"),
    ("classes", "[\"a\"]", "1 class,"),
    ("classes", "7", "classes"),
    ("input_shape", "[2,5]", "input_shape"),
    ("input_shape", "[2,5,1000000000]", "input_shape"),
    ("mean", "[0.1]", "mean"),
    ("standard_deviation", "[0.3,0]", "standard_deviation"),
    ("history", "{", "history"),
  ])
  func `bad metadata is refused with the reason`(key: String, value: String, word: String) throws {
    var file = try checkpoint().safeTensors()
    file.metadata[key] = value
    let error = try #require(throws: CheckpointError.self) { try Checkpoint(file) }
    #expect(error.description.contains(word), "\(error)")
  }

  @Test func `missing metadata and numbers that are not finite are refused`() throws {
    for key in ["model", "classes", "input_shape", "mean", "standard_deviation"] {
      var file = try checkpoint().safeTensors()
      file.metadata[key] = nil
      #expect(throws: CheckpointError.self) { try Checkpoint(file) }
    }
    var broken = try checkpoint()
    broken.network.tensors[0].values[5] = .nan
    #expect(throws: CheckpointError.self) { try Checkpoint(broken.safeTensors()) }
  }

  @Test func `a file that is missing or a folder is said to be so`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: (any Error).self) { try Checkpoint.read(folder.file("none.safetensors")) }
    #expect(throws: (any Error).self) { try Checkpoint.read(folder.path) }
  }
}
