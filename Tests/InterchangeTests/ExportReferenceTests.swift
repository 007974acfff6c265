import Engine
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

/// Every kind of layer, exported, in the programs that it is exported for.
@Suite struct ExportReferenceTests {
  private static let count = 5

  private func write(
    _ checkpoint: Checkpoint, images: [Float], to folder: TemporaryFolder, _ name: String
  )
    throws
  {
    let shape = checkpoint.network.architecture.inputShape.dimensions
    var input = SafeTensors()
    input.append("images", shape: [Self.count] + shape, images)
    try folder.write(input.encoded(), "\(name)/images.safetensors")
    var output = SafeTensors()
    let logits = Executor(checkpoint.network, pool: WorkerPool(threads: 2)).logits(images)
    output.append("logits", shape: [Self.count, logits.count / Self.count], logits)
    try folder.write(output.encoded(), "\(name)/logits.safetensors")
    for place in NormalizationPlace.allCases {
      try folder.write(
        ONNXExport(checkpoint, normalization: place, version: "1").bytes(),
        "\(name)/\(place.rawValue).onnx")
      let module = PyTorchExport(checkpoint, normalization: place)
      try folder.write(module.source().utf8, "\(name)/\(place.rawValue).py")
      try folder.write(module.weights(), "\(name)/\(place.rawValue).safetensors")
    }
  }

  @Test(.enabled(if: ReferencePython.isThere))
  func `onnxruntime and PyTorch give Inkling's logits for every kind of layer`() throws {
    let folder = try TemporaryFolder()
    var names: Set<String> = []
    let examples = LayerKinds.all.flatMap { $0.examples }
    let texts = examples.flatMap(ExportSamples.texts) + ExportSamples.graphs
    for (place, text) in texts.enumerated() {
      let name = "\(place) \(text.filter { $0 != "/" }.prefix(80))"
      names.insert(name)
      try write(
        ExportSamples.checkpoint(text), images: ExportSamples.images(Self.count), to: folder, name)
    }
    for (name, network) in [("small", try smallCNN()), ("mixed", try mixedCNN())] {
      names.insert(name)
      let size = network.architecture.inputShape.count
      try write(
        Checkpoint(network: network, classes: (0..<10).map(String.init), dataset: "", seed: 1),
        images: hashed(Self.count * size, 3), to: folder, name)
    }
    let check = try ExportCheck(folder.path)
    for (name, reason) in check.failures { Issue.record("\(name): \(reason)") }
    let endings = check.versions["torch"] == .some(nil) ? ["onnx"] : ["onnx", "py"]
    for name in names {
      for place in NormalizationPlace.allCases {
        for ending in endings {
          let file = "\(name)/\(place.rawValue).\(ending)"
          guard let difference = check.differences[file] else {
            if check.failures[file] == nil { Issue.record("\(file) was not run") }
            continue
          }
          #expect(difference < 1e-5, "\(file)")
        }
      }
    }
  }
}
