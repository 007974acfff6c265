import Engine
import Foundation
import KernelTable
import Testing

/// The cross-entropy of pixels at every level that this machine has, against its formula in double precision.
@Suite struct BinaryCrossEntropyTests {
  @Test(arguments: InstructionSet.available.map(\.name))
  func `losses and slopes equal the formula`(level: String) throws {
    let kernels = try #require(InstructionSet.available.first { $0.name == level })
    // One logit at a time, whole vectors, and vectors with a rest.
    let logits =
      (-1200...1200).map { Float($0) * 0.031 } + [0, -0, 1e-6, -1e-6, 90, -90, 700, -700]
    for count in [1, 15, 16, 17, 60, 784, logits.count] {
      let z = (0..<count).map { logits[$0 * 977 % logits.count] }
      let targets = (0..<count).map { Float($0 % 5) / 4 }
      var slopes = [Float](repeating: .nan, count: count + 4)
      let loss = kernels.binaryCrossEntropy(z, targets, count, 0.5, &slopes)
      var exact = 0.0
      for (i, (z, t)) in zip(z.map(Double.init), targets.map(Double.init)).enumerated() {
        exact += max(z, 0) - z * t + log1p(exp(-abs(z)))
        let slope = 0.5 * (1 / (1 + exp(-z)) - t)
        #expect(abs(Double(slopes[i]) - slope) < 1e-7, "\(z) \(t)")
      }
      #expect(abs(Double(loss) - exact) < 1e-6 * exact + 2e-7 * Double(count), "\(count)")
      let behind = slopes[count...].filter { !$0.isNaN }
      #expect(behind.isEmpty, "written behind the end")
    }
  }

  @Test func `what is no number stays none`() {
    for kernels in InstructionSet.available {
      var slopes: [Float] = [0, 0]
      #expect(kernels.binaryCrossEntropy([.nan, 0], [0, 0], 2, 1, &slopes).isNaN)
      #expect(slopes[0].isNaN && slopes[1] == 0.5)
    }
  }
}
