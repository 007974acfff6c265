import Engine
import Foundation
import KernelTable
import TestSupport
import Testing

/// The activations of every level that this machine has, against their formulas in double precision.
@Suite struct ActivationKernelTests {
  static let levels = InstructionSet.available.map(\.name)

  private struct Formula: Sendable {
    let name: String
    let parameter: Float
    let value: @Sendable (Double) -> Double

    func slope(_ x: Double) -> Double { (value(x + 1e-6) - value(x - 1e-6)) / 2e-6 }
  }

  private static let formulas = [
    Formula(name: "clipped-relu", parameter: 0.75) { min(max($0, 0), 0.75) },
    Formula(name: "leaky-relu", parameter: 0.1) { $0 > 0 ? $0 : Double(Float(0.1)) * $0 },
    Formula(name: "elu", parameter: 1.5) { $0 > 0 ? $0 : 1.5 * expm1($0) },
    Formula(name: "gelu", parameter: 0) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 },
    Formula(name: "silu", parameter: 0) { $0 / (1 + exp(-$0)) },
    Formula(name: "multiply", parameter: 0.25) { $0 / 4 },
    Formula(name: "tanh", parameter: 0) { tanh($0) },
    Formula(name: "sigmoid", parameter: 0) { 1 / (1 + exp(-$0)) },
  ]

  private func table(_ name: String) throws -> KernelTable {
    try #require(InstructionSet.available.first { $0.name == name })
  }

  /// From far below to far above, some of them small; no whole number of vectors.
  private static let points =
    (-2000...2000).map { Float($0) * 0.017 + 0.003 } + (1...5).map { pow(10, -Float($0)) }

  private func results(
    _ kernel: ActivationKernel, _ parameter: Float, _ x: [Float]
  ) -> (values: [Float], slopes: [Float]) {
    var values = [Float](repeating: .nan, count: x.count)
    kernel.forward(parameter, x, &values, x.count)
    var slopes = [Float](repeating: .nan, count: x.count)
    kernel.backward(
      parameter, x, values, [Float](repeating: 1, count: x.count), &slopes, x.count)
    return (values, slopes)
  }

  @Test(arguments: levels)
  func `values and slopes equal the formulas`(level: String) throws {
    let kernels = try table(level)
    for formula in Self.formulas {
      let kernel = try #require(kernels.activation(formula.name))
      let found = results(kernel, formula.parameter, Self.points)
      for (i, x) in Self.points.enumerated() {
        let exact = formula.value(Double(x))
        #expect(
          abs(Double(found.values[i]) - exact) < 3e-7 * max(1, abs(exact)), "\(formula.name) \(x)")
        #expect(
          abs(Double(found.slopes[i]) - formula.slope(Double(x))) < 1e-6, "\(formula.name) \(x)")
      }
    }
  }

  @Test(arguments: levels)
  func `what is no number stays none, and what is infinite breaks nothing else`(
    level: String
  ) throws {
    for name in Self.formulas.map(\.name) {
      let kernel = try #require(try table(level).activation(name))
      var x = [Float](repeating: 0.5, count: 19)
      (x[3], x[4], x[17]) = (.nan, .infinity, .nan)
      let values = results(kernel, 0.5, x).values
      let usual = results(kernel, 0.5, [0.5]).values[0]
      #expect(values[3].isNaN && values[17].isNaN, "\(name)")
      for place in x.indices where ![3, 4, 17].contains(place) {
        #expect(values[place] == usual, "\(name)")
      }
    }
  }

  @Test(arguments: levels)
  func `levels with fused multiply-add give the same bits`(level: String) throws {
    guard level != "baseline", level != "avx2" else { return }
    let (one, two) = (try table("avx2"), try table(level))
    for formula in Self.formulas {
      let kernels = (
        try #require(one.activation(formula.name)), try #require(two.activation(formula.name))
      )
      let (a, b) = (
        results(kernels.0, formula.parameter, Self.points),
        results(kernels.1, formula.parameter, Self.points)
      )
      #expect(a.values == b.values && a.slopes == b.slopes, "\(formula.name)")
    }
  }
}
