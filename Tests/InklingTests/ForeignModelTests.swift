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
    #expect(unnamed.status == 65 && unnamed.errors.contains("features.0.weight [2, 1, 3, 3]"))
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
}
