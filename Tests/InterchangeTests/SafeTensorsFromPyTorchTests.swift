import Engine
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

/// What PyTorch's safetensors wrote (Scripts/reference/torch_file.py).
@Suite struct SafeTensorsFromPyTorchTests {
  @Test func `a file from PyTorch gives PyTorch's logits`() throws {
    struct Fixture: Decodable {
      let script: String
      let images: [Float]
      let logits: [Float]
    }
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let fixture = try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: folder.appendingPathComponent("torch_file.json")))
    let path = folder.appendingPathComponent("torch.safetensors").path
    let refused = try #require(throws: CheckpointFileError.self) { try ModelFile.read(path) }
    #expect(refused.description.contains("--model"))
    let checkpoint = try ModelFile.read(
      path,
      assuming: .init(
        model: "conv(4,3) norm relu maxpool(2) flatten linear(5)",
        inputShape: ImageShape(channels: 1, height: 8, width: 6)))
    #expect(checkpoint.classes == ["0", "1", "2", "3", "4"])
    let logits = Executor(checkpoint.network, pool: WorkerPool(threads: 1)).logits(fixture.images)
    #expect(logits.count == fixture.logits.count)
    for (value, expected) in try paired(logits, fixture.logits) {
      #expect(abs(value - expected) < 1e-5)
    }
  }
}
