import Datasets
import Engine
import Evaluation
import Networks
import TestSupport
import Testing

/// Networks that read one bright place for each class, given images as they do not expect them.
@Suite struct ForeignCheckTests {
  private static let classes = 4
  private static let side = 4

  /// Images with the place of their class, in the first row and the first channel, brighter than any other.
  private func images(
    channels: Int = 1,
    _ change: (_ channel: Int, _ row: Int, _ column: Int) -> (Int, Int, Int) = { ($0, $1, $2) },
    value: (Float) -> Float = { $0 }
  ) -> LabeledImages {
    let (count, side) = (120, Self.side)
    let noise = hashed(count * channels * side * side, 40)
    var pixels = [UInt8](repeating: 0, count: noise.count)
    for image in 0..<count {
      for channel in 0..<channels {
        for row in 0..<side {
          for column in 0..<side {
            let place = ((image * channels + channel) * side + row) * side + column
            let isLit = channel == 0 && row == 0 && column == image % Self.classes
            let (c, r, s) = change(channel, row, column)
            let target = ((image * channels + c) * side + r) * side + s
            pixels[target] = UInt8(255 * value(isLit ? 0.9 : 0.5 * noise[place]))
          }
        }
      }
    }
    return LabeledImages(
      channels: channels, height: side, width: side, pixels: pixels,
      labels: (0..<count).map { $0 % Self.classes })
  }

  /// Each output counts by how much its place is above a threshold.
  private func network(
    channels: Int = 1, order: [Int] = [0, 1, 2, 3], threshold: Float = 0,
    normalization: Normalization? = nil
  ) throws -> Network {
    let architecture = try Architecture(
      Specification(text: "flatten linear(4) relu linear(4)"),
      inputShape: ImageShape(channels: channels, height: Self.side, width: Self.side))
    let inputs = channels * Self.side * Self.side
    var first = [Float](repeating: 0, count: 4 * inputs)
    var second = [Float](repeating: 0, count: 16)
    for output in 0..<4 {
      first[output * inputs + order[output]] = 1
      second[output * 4 + output] = 10
    }
    let values = [
      first, [Float](repeating: -threshold, count: 4), second, [Float](repeating: 0, count: 4),
    ]
    return Network(
      architecture: architecture, normalization: normalization ?? .identity(channels: channels),
      tensors: zip(architecture.tensors, values).map { named, values in
        Tensor(name: named.name, shape: named.parameter.shape, values: values)
      })
  }

  private func check(_ network: Network, _ images: LabeledImages, own: Normalization? = nil)
    -> ForeignCheck
  {
    ForeignCheck(network, own: own, images: images, pool: WorkerPool(threads: 1))
  }

  @Test func `nothing is said of a network that gets what it expects`() throws {
    let found = check(try network(), images())
    #expect(found.correct == found.count && found.count == 120 && !found.isSuspicious)
  }

  @Test func `pixels from 0 to 255 are found`() throws {
    let found = check(try network(threshold: 100), images())
    #expect(found.correct == 30)
    #expect(found.correctThen == 120)
    #expect(found.normalization == Normalization(mean: [0], standardDeviation: [1 / 255]))
    #expect(found.change == nil && found.classes == nil)
  }

  @Test func `a normalisation stands before the network's own`() throws {
    let own = Normalization(mean: [0.5], standardDeviation: [2])
    let found = check(try network(threshold: 40, normalization: own), images(), own: own)
    #expect(found.normalization == Normalization(mean: [0], standardDeviation: [1 / 255]))
    #expect(found.correctThen == 120)
  }

  @Test func `changes of the pixels are found`() throws {
    let transposed = check(try network(), images { ($0, $2, $1) })
    #expect(transposed.change == .transposed && transposed.correctThen == 120)
    #expect(transposed.normalization == nil)
    let reversed = check(try network(channels: 3), images(channels: 3) { (2 - $0, $1, $2) })
    #expect(reversed.change == .reversedChannels && reversed.correctThen == 120)
    let inverted = check(try network(), images(value: { 1 - $0 }))
    #expect(inverted.change == .inverted && inverted.correctThen == 120)
  }

  @Test func `classes in another order are found, with another mistake too`() throws {
    let order = [2, 0, 3, 1]
    let found = check(try network(order: order), images())
    #expect(found.classes == order && found.correct == 0 && found.correctThen == 120)
    #expect(found.normalization == nil && found.change == nil)
    let both = check(try network(order: order, threshold: 100), images())
    #expect(both.classes == order && both.normalization != nil && both.correctThen == 120)
  }

  @Test func `nothing is made of chance`() throws {
    for stream in 0..<20 as Range<UInt64> {
      var network = try network()
      for index in network.tensors.indices {
        network.tensors[index].values = signed(network.tensors[index].values.count, 50 + stream)
      }
      // Images that say nothing of their labels.
      let pixels = hashed(400 * 16, 90 + stream).map { UInt8(255 * $0) }
      let labels = hashed(400, 120 + stream).map { min(3, Int(4 * $0)) }
      let found = check(
        network, LabeledImages(channels: 1, height: 4, width: 4, pixels: pixels, labels: labels))
      #expect(!found.isSuspicious, "\(stream)")
    }
  }
}
