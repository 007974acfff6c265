import Attribution
import Engine
import Networks
import TestSupport
import Testing

/// Attention inside a network, and rolled out.
@Suite struct RolloutTests {
  private let pool = WorkerPool(threads: 2)
  private static let text =
    "patches(4) linear(6) TOKEN positions 2*(residual(layernorm attention(3)) residual(layernorm linear(9) gelu"
    + " linear(6))) layernorm END linear(4)"

  private func network(hasToken: Bool) throws -> Network {
    try hashedNetwork(
      Self.text.replacing("TOKEN ", with: hasToken ? "class-token " : "")
        .replacing("END", with: hasToken ? "first" : "mean"), (1, 12, 8))
  }

  /// The product of `(A + I) / 2` of all layers, written out.
  private func product(_ executor: Executor, _ image: [Float], places: Int) -> [[Double]] {
    var product = (0..<places).map { i in (0..<places).map { $0 == i ? 1.0 : 0 } }
    for layer in ["attention1", "attention2"] {
      let look = executor.tracer.inner(image, of: layer) ?? []
      let mixed = (0..<places).map { t in
        (0..<places).map { u -> Double in
          let heads = (0..<3).map { Double(look[($0 * places + t) * places + u]) }
          return (heads.reduce(0, +) / 3 + (t == u ? 1 : 0)) / 2
        }
      }
      product = mixed.map { row in
        (0..<places).map { u in (0..<places).reduce(0) { $0 + row[$1] * product[$1][u] } }
      }
    }
    return product
  }

  @Test(arguments: [true, false])
  func `rollout is the product of the layers' mean attention and what goes past it`(hasToken: Bool)
    throws
  {
    let network = try network(hasToken: hasToken)
    let executor = Executor(network, pool: pool)
    let images = hashed(3 * 96, 70)
    let found = try AttributionMethods.method("rollout", for: network.architecture)
      .attribution(of: images, in: executor, for: [0, 1, 2])
    let places = hasToken ? 7 : 6
    for image in 0..<3 {
      let product = product(
        executor, Array(images[image * 96..<(image + 1) * 96]), places: places)
      let answer =
        hasToken
        ? product[0]
        : (0..<places).map { u in product.reduce(0) { $0 + $1[u] } / Double(places) }
      let squares = answer.suffix(6)
      for (pixel, score) in found.map(image).enumerated() {
        let square = pixel / 8 / 4 * 2 + pixel % 8 / 4
        #expect(abs(Double(score) - squares[squares.startIndex + square]) < 1e-6)
      }
    }
  }

  @Test func `each place's looks add up to one, and without queries they are even`() throws {
    var network = try network(hasToken: true)
    let images = hashed(5 * 96, 71)
    let looks = try #require(Executor(network, pool: pool).tracer.inner(images, of: "attention2"))
    #expect(looks.count == 5 * 3 * 7 * 7 && looks.allSatisfy { $0 > 0 })
    for row in stride(from: 0, to: looks.count, by: 7) {
      #expect(abs(looks[row..<row + 7].reduce(0, +) - 1) < 1e-5)
    }
    let index = try #require(
      network.tensors.firstIndex { $0.name == "attention2.in_proj_weight" })
    network.tensors[index].values = network.tensors[index].values.map { _ in 0 }
    let bias = try #require(network.tensors.firstIndex { $0.name == "attention2.in_proj_bias" })
    network.tensors[bias].values = network.tensors[bias].values.map { _ in 0 }
    let even = try #require(Executor(network, pool: pool).tracer.inner(images, of: "attention2"))
    #expect(even.allSatisfy { abs($0 - 1 / 7) < 1e-6 })
    #expect(Executor(network, pool: pool).tracer.inner(images, of: "linear1") == nil)
  }

  @Test(arguments: ["flatten linear(4)", "conv(2,3) patches(4) attention(1) flatten linear(4)"])
  func `other networks are refused`(text: String) throws {
    let architecture = try hashedNetwork(text, (1, 12, 8)).architecture
    #expect(throws: AttributionError.self) {
      _ = try AttributionMethods.method("rollout", for: architecture)
    }
  }
}
