import Testing

@testable import Figures

struct AxisTests {
  @Test(
    arguments: [
      (0.0, 1.0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, 1, 4, [0, 0.25, 0.5, 0.75, 1]),
      (0, 8, 8, [0, 1, 2, 3, 4, 5, 6, 7, 8]), (-3, 7, 5, [-2, 0, 2, 4, 6]),
      (0.952, 0.9996, 5, [0.96, 0.97, 0.98, 0.99]),
    ])
  func `linear ticks are round numbers inside`(
    lower: Double, upper: Double, count: Int, expected: [Double]
  ) {
    let found = Ticks.linear(lower, upper, count: count).values
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test(
    arguments: [
      (0.0025, 2.5, 7, [0.003, 0.01, 0.03, 0.1, 0.3, 1]), (0.08, 3, 7, [0.1, 0.2, 0.5, 1, 2]),
      (0.7, 12_000, 7, [1, 10, 100, 1000, 10_000]),
    ])
  func `logarithmic ticks use 1, 3 and 10 or 1, 2 and 5`(
    lower: Double, upper: Double, count: Int, expected: [Double]
  ) {
    let found = Ticks.logarithmic(lower, upper, count: count).values
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 / $1 - 1) < 1e-9 })
  }

  @Test func `many decades are thinned to powers of ten`() {
    let ticks = Ticks.logarithmic(1e-30, 1e30, count: 7).values
    #expect((2...7).contains(ticks.count))
  }

  @Test(
    arguments: [
      [], [.nan], [.infinity, -.infinity], [0], [5], [-3, -3], [1e300, -1e300],
      [.leastNonzeroMagnitude, .leastNormalMagnitude],
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
    ] as [[Double]], [true, false])
  func `an axis of any values has an extent`(values: [Double], isLogarithmic: Bool) {
    let axis = AxisScale(values, isLogarithmic: isLogarithmic)
    #expect(axis.lower < axis.upper)
    #expect((axis.upper - axis.lower).isFinite)
    #expect(axis.ticks(count: 5).values.allSatisfy { $0.isFinite })
  }

  @Test func `a logarithmic axis cannot show zero`() {
    let axis = AxisScale([0.01, 0, -1, 10], isLogarithmic: true)
    #expect(axis.position(0) == nil)
    #expect(axis.position(-1) == nil)
    #expect(axis.lower > 0)
  }

  @Test func `where an axis starts is said`() {
    let high = AxisScale([0.951, 0.999], isShare: true)
    #expect(
      Plot.title("Accuracy", axis: high, style: .percent) == "Accuracy (axis starts at 95%)")
    let zero = AxisScale([0.2, 3])
    #expect(Plot.title("Loss", axis: zero, style: .plain) == "Loss")
    let log = AxisScale([0.2, 3], isLogarithmic: true)
    #expect(Plot.title("Loss", axis: log, style: .plain) == "Loss (log scale)")
    let counts = AxisScale([3, 4])
    #expect(Plot.title("Units", axis: counts, style: .whole) == "Units (axis starts at 3)")
    #expect(Plot.title("Units", axis: counts, style: .plain) == "Units (axis starts at 3.0)")
  }

  @Test(
    arguments: [
      ([10, 11, 12, 200], 0.0, 300.0), ([0, 0, 0, 0, 0], 0, 300), ([300, 299, 150], 0, 300),
      ([50], 0, 100), ([], 0, 1),
    ] as [([Double], Double, Double)])
  func `labels are at least 15 apart and inside`(
    wishes: [Double], lower: Double, upper: Double
  ) {
    let found = LabelSpacing.resolved(
      wishes, sizes: wishes.map { _ in 15 }, lower: lower, upper: upper)
    #expect(found.count == wishes.count)
    #expect(found.allSatisfy { $0 >= lower - 1e-9 && $0 <= upper + 1e-9 })
    let sorted = found.sorted()
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 >= 15 - 1e-9 })
  }

  @Test func `labels that are apart stay where they wish`() {
    let found = LabelSpacing.resolved(
      [100, 20, 60], sizes: [15, 15, 15], lower: 0, upper: 200)
    #expect(found == [100, 20, 60])
  }

  @Test func `a label of two lines takes the room of two`() {
    let found = LabelSpacing.resolved([50, 50, 50], sizes: [15, 30, 15], lower: 0, upper: 200)
    #expect(found == [27.5, 50, 72.5])
  }

  @Test func `tick labels need no more decimals than the step`() {
    #expect(NumberStyle.plain.tick(0.25, step: 0.25) == "0.25")
    #expect(NumberStyle.plain.tick(0.5, step: 0.1) == "0.5")
    #expect(NumberStyle.plain.tick(0, step: 0.01) == "0")
    #expect(NumberStyle.percent.tick(0.95, step: 0.01) == "95%")
    #expect(NumberStyle.percent.tick(0.975, step: 0.025) == "97.5%")
    #expect(NumberStyle.plain.tick(0.003, step: 0) == "0.003")
    #expect(NumberStyle.plain.tick(10_000, step: 0) == "10,000")
  }
}
