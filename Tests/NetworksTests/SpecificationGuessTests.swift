import Networks
import Testing

/// Tensors whose network nobody named.
@Suite struct SpecificationGuessTests {
  private func question(_ tensors: [(String, [Int])]) throws -> String {
    var file = SafeTensors()
    for (name, shape) in tensors {
      file.append(name, shape: shape, [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    return try #require(throws: CheckpointError.self) {
      try Checkpoint(file, isOrdered: true)
    }.description
  }

  private func affine(_ name: String, _ weight: [Int]) -> [(String, [Int])] {
    [("\(name).weight", weight), ("\(name).bias", [weight[0]])]
  }

  @Test func `LeNet's shapes say it all but what stands between`() throws {
    let lenet =
      affine("conv1", [6, 1, 5, 5]) + affine("conv2", [16, 6, 5, 5]) + affine("fc1", [120, 400])
      + affine("fc2", [84, 120]) + affine("fc3", [10, 84])
    let sentence = try question(lenet)
    #expect(sentence.contains("conv(6,5), conv(16,5), linear(120), linear(84), linear(10)"))
    #expect(
      sentence.hasSuffix(
        "perhaps --model \"conv(6,5) relu maxpool(2) conv(16,5,padding=0) relu maxpool(2) flatten linear(120) relu"
          + " linear(84) relu linear(10)\""))
    #expect(!sentence.contains("\n"))
  }

  @Test func `normalisations stand before their function`() throws {
    let norm = ["weight", "bias", "running_mean", "running_var"].map { ("n.\($0)", [8]) }
    let sentence = try question(
      affine("c", [8, 3, 3, 3]) + norm + [("n.num_batches_tracked", [])] + affine("f", [10, 8]))
    #expect(
      sentence.hasSuffix("perhaps --model \"conv(8,3) norm relu maxpool(2) globalpool linear(10)\"")
    )
  }

  @Test func `where shapes do not decide, no network is made up`() throws {
    let branches =
      affine("conv1", [8, 3, 3, 3]) + affine("layer.downsample", [8, 8, 1, 1])
      + affine("fc", [10, 8])
    #expect(!(try question(branches)).contains("perhaps"))
    #expect(!(try question(affine("fc", [10, 77]))).contains("perhaps"))
    #expect(try question([("norm.weight", [4])]).contains("norm ?"))
  }
}
