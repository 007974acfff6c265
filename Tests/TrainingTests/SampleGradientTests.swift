import Datasets
import Engine
import Networks
import TestSupport
import Testing
import Training

@Suite struct SampleGradientTests {
  /// Small pictures of noise in three classes.
  private static let images = LabeledImages(
    channels: 1, height: 3, width: 4,
    pixels: (0..<40 * 12).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) },
    labels: (0..<40).map { $0 % 3 })

  private func network(_ text: String) throws -> Network { try hashedNetwork(text, (1, 3, 4)) }

  /// Of softmax regression: the mean over the images of (p - y) x, and of p - y, in double precision.
  @Test func `it is the gradient of the mean cross-entropy over all images`() throws {
    let (images, network) = (Self.images, try network("flatten linear(3)"))
    let weights = try #require(network.tensor("linear1.weight")).values.map(Double.init)
    let biases = try #require(network.tensor("linear1.bias")).values.map(Double.init)
    var (weightGradient, biasGradient) = (
      [Double](repeating: 0, count: 36), [Double](repeating: 0, count: 3)
    )
    for image in 0..<images.count {
      let pixels = images.bytes(image).map { Double($0) / 255 }
      let exponentials = (0..<3).map { k in
        exponential((0..<12).reduce(biases[k]) { $0 + weights[12 * k + $1] * pixels[$1] })
      }
      for k in 0..<3 {
        let p = exponentials[k] / exponentials.reduce(0, +)
        let slope = (p - (images.labels[image] == k ? 1 : 0)) / Double(images.count)
        biasGradient[k] += slope
        for i in 0..<12 { weightGradient[12 * k + i] += slope * pixels[i] }
      }
    }
    let found = SampleGradient(of: images, count: 64, seed: 1).tensors(
      of: network, pool: WorkerPool(threads: 2))
    #expect(found.map(\.name) == ["linear1.weight", "linear1.bias"])
    for (tensor, expected) in zip(found, [weightGradient, biasGradient]) {
      // Sums of 40 numbers in single precision.
      #expect(zip(tensor.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }
  }

  @Test func `it is the same on one thread or more, each time, and leaves the network alone`()
    throws
  {
    let network = try network("conv(3,3) norm relu dropout(0.3) flatten linear(3)")
    let before = network.tensors
    let sample = SampleGradient(of: Self.images, count: 20, seed: 5)
    let one = sample.tensors(of: network, pool: WorkerPool(threads: 1))
    #expect(sample.tensors(of: network, pool: WorkerPool(threads: 3)) == one)
    #expect(network.tensors == before)
    let other = SampleGradient(of: Self.images, count: 20, seed: 6)
    #expect(other.tensors(of: network, pool: WorkerPool(threads: 1)) != one)
    // Statistics have no gradient.
    #expect(one.map(\.name) == network.architecture.learnedTensors)
  }
}
