import Engine
import Networks
import TestSupport
import Testing

/// Shapes that exercise every layer, odd sizes, strides, paddings and channel counts.
let variousNetworks: [(text: String, shape: (Int, Int, Int))] = [
  ("flatten linear(3)", (1, 4, 5)),
  ("flatten linear(20) relu linear(7)", (2, 3, 3)),
  ("conv(3,3) relu maxpool(2) flatten linear(4)", (1, 6, 8)),
  ("conv(5,5,stride=2) relu flatten linear(3)", (3, 9, 7)),
  ("conv(5,5,stride=2) relu maxpool(2) flatten linear(3)", (3, 8, 8)),
  ("conv(4,2) relu conv(18,4,padding=0) flatten linear(3)", (1, 7, 6)),
  ("conv(4,1,padding=1) relu conv(3,3,stride=3,padding=4) flatten linear(2)", (2, 5, 5)),
  ("avgpool(2) conv(17,3) relu avgpool(3,stride=2) flatten linear(5)", (3, 13, 11)),
  ("maxpool(3,stride=1) conv(6,3) maxpool(2,stride=3) flatten relu linear(3)", (1, 9, 9)),
  (
    "conv(4,3) norm relu maxpool(2) conv(5,3) norm relu flatten linear(6) norm relu linear(3)",
    (1, 8, 8)
  ),
  ("norm conv(3,3) relu flatten norm linear(3)", (2, 6, 5)),
  ("conv(33,3,stride=2,padding=0) relu dropout(0.3) flatten linear(2)", (1, 7, 7)),
  ("conv(20,7) relu conv(3,3) relu flatten linear(40) relu linear(17)", (1, 5, 4)),
  // The fast paths: Winograd's tiles with and without pooling, odd sizes, every margin; fused pooling
  // behind the general product.
  ("conv(16,3) relu maxpool(2) conv(20,3) relu maxpool(2) flatten linear(10)", (1, 12, 8)),
  (
    "conv(17,3) relu conv(33,3,padding=0) relu maxpool(2) conv(16,3) relu flatten linear(4)",
    (3, 9, 10)
  ),
  ("conv(16,3) relu conv(40,3,padding=2) relu maxpool(2) norm flatten linear(3)", (1, 6, 8)),
  ("conv(8,5) relu maxpool(2) conv(7,4,padding=0) relu maxpool(2) flatten linear(6)", (3, 10, 14)),
]

func images(_ count: Int, of network: Network, stream: UInt64 = 500) -> [Float] {
  hashed(count * network.architecture.inputShape.count, stream)
}

/// Networks whose first maps can be told apart from a blank image's: every margin, pooled and not, odd sizes, strides,
/// and images too wide for it.
let blankNetworks: [(text: String, shape: (Int, Int, Int))] = [
  ("conv(16,3) relu maxpool(2) conv(20,3) relu maxpool(2) flatten linear(10)", (1, 20, 24)),
  (
    "conv(16,5) relu maxpool(2) conv(20,3) relu conv(7,3) relu avgpool(2) flatten linear(3)",
    (1, 18, 16)
  ),
  ("conv(16,3,padding=0) relu conv(33,3,padding=2) relu maxpool(2) flatten linear(4)", (1, 13, 17)),
  ("conv(4,3,stride=2,padding=6) relu conv(5,3) relu maxpool(2) flatten linear(4)", (1, 17, 13)),
  ("avgpool(2) conv(16,3) maxpool(2) conv(16,3,padding=1) norm flatten linear(4)", (1, 19, 21)),
  ("conv(3,3) relu maxpool(2) flatten linear(4)", (1, 6, 70)),
]

/// Images with a block of ink each, somewhere; the first has none, the second no blank pixel.
func partlyBlank(_ count: Int, of network: Network) -> [Float] {
  let shape = network.architecture.inputShape
  var pixels = images(count, of: network).map { 0.1 + 0.9 * $0 }
  for image in 0..<count where image != 1 {
    let keys = hashed(4, UInt64(700 + image)).map { Double($0) }
    let (top, left) = (Int(keys[0] * Double(shape.height)), Int(keys[1] * Double(shape.width)))
    let (height, width) = image == 0 ? (0, 0) : (1 + Int(keys[2] * 8), 1 + Int(keys[3] * 8))
    for y in 0..<shape.height {
      for x in 0..<shape.width where !(top..<top + height ~= y && left..<left + width ~= x) {
        pixels[image * shape.count + y * shape.width + x] = 0
      }
    }
  }
  return pixels
}

func rows(_ values: [Float], _ size: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: size).map { values[$0..<$0 + size].map(Double.init) }
}

@Suite struct ExecutorTests {
  @Test(arguments: variousNetworks.indices, [1, 16, 19])
  func `logits equal the literal formulas`(index: Int, count: Int) throws {
    let (text, shape) = variousNetworks[index]
    let normalization = Normalization(
      mean: (0..<shape.0).map { 0.1 * Float($0 + 1) },
      standardDeviation: (0..<shape.0).map { 0.3 + 0.2 * Float($0) })
    let network = try hashedNetwork(text, shape, normalization: normalization)
    let pixels = images(count, of: network)
    let logits = Executor(network, pool: WorkerPool(threads: 2)).logits(pixels)
    let expected = Oracle(network).logits(rows(pixels, network.architecture.inputShape.count))
    for (value, exact) in try paired(logits, expected.flatMap { $0 }) {
      // Single precision over sums of at most a few thousand terms of size one.
      #expect(abs(Double(value) - exact) < 2e-5)
    }
  }

  @Test(arguments: variousNetworks.indices)
  func `input gradients equal finite differences`(index: Int) throws {
    let (text, shape) = variousNetworks[index]
    let network = try hashedNetwork(
      text, shape,
      normalization: Normalization(
        mean: Array(repeating: 0.4, count: shape.0),
        standardDeviation: Array(repeating: 0.5, count: shape.0)))
    let size = network.architecture.inputShape.count
    let pixels = images(17, of: network)
    let classes = network.architecture.outputs
    let targets = (0..<17).map { $0 % classes }
    let found = Executor(network, pool: WorkerPool(threads: 2))
      .inputGradients(pixels, of: .logit(targets))
    let oracle = Oracle(network)
    let step = 1e-6
    for image in [0, 16] {
      let row = rows(pixels, size)[image]
      for pixel in stride(from: 0, to: size, by: max(1, size / 25)) {
        var (up, down) = (row, row)
        up[pixel] += step
        down[pixel] -= step
        let slope =
          (oracle.logits([up])[0][targets[image]] - oracle.logits([down])[0][targets[image]])
          / (2 * step)
        #expect(abs(Double(found.pixels[image * size + pixel]) - slope) < 1e-4)
      }
      #expect(found.values[image] == found.logits[image * classes + targets[image]])
    }
  }

  @Test func `an image's numbers do not depend on its neighbours or on threads`() throws {
    let network = try hashedNetwork(Preset.cnn.specification().description)
    let pixels = images(50, of: network)
    let size = network.architecture.inputShape.count
    let labels = (0..<50).map { $0 % 10 }
    let reference = Executor(network, pool: WorkerPool(threads: 1))
      .inputGradients(pixels, of: .crossEntropy(labels))
    for threads in [2, 3, 5] {
      let other = Executor(network, pool: WorkerPool(threads: threads))
        .inputGradients(pixels, of: .crossEntropy(labels))
      #expect(other.logits == reference.logits)
      #expect(other.pixels == reference.pixels)
    }
    let alone = Executor(network, pool: WorkerPool(threads: 2))
      .inputGradients(Array(pixels[37 * size..<38 * size]), of: .crossEntropy([labels[37]]))
    #expect(alone.logits == Array(reference.logits[370..<380]))
    #expect(alone.pixels == Array(reference.pixels[37 * size..<38 * size]))
  }

  @Test func `mostly blank images take the sparse sums, and each decides for itself`() throws {
    let network = try hashedNetwork(
      "flatten linear(90) relu linear(7)", (2, 9, 11),
      normalization: Normalization(mean: [0.1, 0.3], standardDeviation: [0.3, 0.4]))
    let size = network.architecture.inputShape.count
    var pixels = images(70, of: network)
    for image in 0..<70 {
      // From blank to full, in no order.
      let inked = Float((image * 37) % 71) / 70
      let keys = hashed(size, UInt64(900 + image))
      for i in 0..<size where keys[i] >= inked { pixels[image * size + i] = 0 }
    }
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let logits = executor.logits(pixels)
    let expected = Oracle(network).logits(rows(pixels, size)).flatMap { $0 }
    for (value, exact) in try paired(logits, expected) {
      #expect(abs(Double(value) - exact) < 2e-5)
    }
    for image in [3, 41, 69] {
      let alone = executor.logits(Array(pixels[image * size..<(image + 1) * size]))
      #expect(alone == Array(logits[7 * image..<7 * image + 7]))
    }
  }

  @Test(arguments: blankNetworks)
  func `what a blank part of an image leaves alone is what it would be`(
    text: String, shape: (Int, Int, Int)
  ) throws {
    let network = try hashedNetwork(
      text, shape, normalization: Normalization(mean: [0.2], standardDeviation: [0.3]))
    let size = network.architecture.inputShape.count
    let pixels = partlyBlank(40, of: network)
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    let logits = executor.logits(pixels)
    let expected = Oracle(network).logits(rows(pixels, size)).flatMap { $0 }
    for (value, exact) in try paired(logits, expected) {
      #expect(abs(Double(value) - exact) < 2e-5)
    }
    // The gradient runs through the same maps.
    let classes = network.architecture.outputs
    let gradients = executor.inputGradients(
      pixels, of: .logit((0..<40).map { $0 % classes }))
    #expect(gradients.logits == logits)
  }

  @Test(arguments: variousNetworks.indices)
  func `a trace ends in the executor's logits`(index: Int) throws {
    let (text, shape) = variousNetworks[index]
    let network = try hashedNetwork(text, shape)
    let pixels = images(18, of: network)
    let pool = WorkerPool(threads: 2)
    let trace = Tracer(network, pool: pool).activations(pixels)
    let last = try #require(network.architecture.entries.last?.name)
    let logits = Executor(network, pool: pool).logits(pixels)
    // Fused layers mark the place of a maximum in its last bits.
    for (a, b) in try paired(#require(trace[last]), logits) { #expect(abs(a - b) < 1e-5) }
    #expect(trace.count == network.architecture.entries.count)
    for entry in network.architecture.entries where entry.layer is ReLU {
      #expect(trace[entry.name]?.allSatisfy { $0 >= 0 } == true)
    }
  }

  @Test func `silent units are those that never rise above zero`() throws {
    var network = try hashedNetwork("flatten linear(4) relu linear(2)", (1, 2, 2))
    network.tensors[0].values = Array(repeating: 1, count: 16)
    network.tensors[1].values = [-100, 0, -100, 1]
    let executor = Executor(network, pool: WorkerPool(threads: 2))
    executor.watchesUnits = true
    _ = executor.logits(images(40, of: network))
    #expect(executor.silentUnits == ["relu1": 2])
  }
}
