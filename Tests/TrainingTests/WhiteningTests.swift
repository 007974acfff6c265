import Datasets
import Networks
import TestSupport
import Testing
import Training

/// First convolutions that start by the training images' own windows.
@Suite struct WhiteningTests {
  private let normalization = Normalization(mean: [0.4, 0.5], standardDeviation: [0.2, 0.3])

  /// Images of two channels whose neighbours are alike.
  private let images: LabeledImages = {
    let (count, side) = (30, 9)
    let noise = hashed(count * 2 * side * side, 5)
    var pixels = noise.map { UInt8($0 * 255) }
    for i in pixels.indices.dropFirst() where i % side != 0 {
      pixels[i] = UInt8((2 * Int(pixels[i - 1]) + Int(pixels[i])) / 3)
    }
    return LabeledImages(
      channels: 2, height: side, width: side, pixels: pixels,
      labels: [Int](repeating: 0, count: count))
  }()

  private func network(_ text: String) throws -> Network {
    .untrained(
      try Architecture(
        Specification(text: text), inputShape: ImageShape(channels: 2, height: 9, width: 9)),
      on: images, normalization: normalization, seed: 3)
  }

  /// The mean products of what each two filters of a window of k × k give, over all windows.
  private func products(_ weights: Tensor, k: Int) -> [[Double]] {
    let filters = weights.shape[0]
    var sums = [[Double]](repeating: [Double](repeating: 0, count: filters), count: filters)
    var count = 0.0
    for image in 0..<images.count {
      let pixels = images.floats([image])
      for y in 0...9 - k {
        for x in 0...9 - k {
          let answers = (0..<filters).map { filter -> Double in
            var sum = 0.0
            for channel in 0..<2 {
              for r in 0..<k {
                for s in 0..<k {
                  let pixel = Double(
                    (pixels[(channel * 9 + y + r) * 9 + x + s] - normalization.mean[channel])
                      / normalization.standardDeviation[channel])
                  let weight = weights.values[((filter * 2 + channel) * k + r) * k + s]
                  sum += pixel * Double(weight)
                }
              }
            }
            return sum
          }
          for i in 0..<filters { for j in 0..<filters { sums[i][j] += answers[i] * answers[j] } }
          count += 1
        }
      }
    }
    return sums.map { $0.map { $0 / count } }
  }

  @Test(arguments: [2, 3])
  func `directions do not go together, are all as strong, and come with both signs`(k: Int) throws {
    let size = 2 * k * k
    let network = try network(
      "conv(\(2 * size + 1),\(k),padding=0,init=whitening) relu flatten linear(3)")
    let weights = try #require(network.tensor("conv1.weight"))
    let rows = (0...2 * size).map { Array(weights.values[$0 * size..<($0 + 1) * size]) }
    for row in 0..<size {
      #expect(rows[size + row] == rows[row].map { -$0 })
      #expect(rows[row].max { abs($0) < abs($1) } ?? -1 > 0)
    }
    #expect(rows[2 * size].allSatisfy { $0 == 0 })
    #expect(network.tensor("conv1.bias")?.values.allSatisfy { $0 == 0 } == true)
    let found = products(weights, k: k)
    for i in 0..<size {
      // Of a direction of strength s there is s / (s + 5e-4) left.
      #expect(found[i][i] > 0.9 && found[i][i] < 1.000_1)
      for j in 0..<i { #expect(abs(found[i][j]) < 1e-4, "\(i) and \(j)") }
    }
    // The strongest first: it needs the smallest factor.
    let lengths = rows[..<size].map { $0.reduce(0) { $0 + $1 * $1 } }
    #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 <= $1 * 1.000_1 })
    #expect(try self.network(network.architecture.specification.description) == network)
  }

  @Test func `without images, and where no image is read, directions are at right angles`() throws {
    let architecture = try Architecture(
      Specification(
        text: "conv(4,3,init=whitening) relu conv(6,3,init=whitening) flatten linear(3)"),
      inputShape: ImageShape(channels: 2, height: 9, width: 9))
    let blind = Network.untrained(architecture, normalization: normalization, seed: 3)
    let seeing = Network.untrained(
      architecture, on: images, normalization: normalization, seed: 3)
    #expect(blind.tensor("conv1.weight") != seeing.tensor("conv1.weight"))
    #expect(blind.tensor("conv2.weight") == seeing.tensor("conv2.weight"))
    let values = try #require(blind.tensor("conv1.weight")).values.map(Double.init)
    for i in 0..<4 {
      for j in 0...i {
        let product = (0..<18).reduce(0.0) { $0 + values[18 * i + $1] * values[18 * j + $1] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-5)
      }
    }
  }
}
