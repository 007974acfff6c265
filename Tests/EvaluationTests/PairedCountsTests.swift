import Evaluation
import Testing

@Suite struct PairedCountsTests {
  @Test func `pairs are counted by who was right`() {
    let counts = PairedCounts(
      first: [true, true, false, false, true], second: [true, false, true, false, false])
    #expect(counts == PairedCounts(both: 1, onlyFirst: 2, onlySecond: 1, neither: 1))
    #expect(counts.count == 5 && counts.difference == 0.2)
    #expect(counts.pValue == McNemar.pValue(onlyFirst: 2, onlySecond: 1))
  }

  /// The first is published (Newcombe 1998, table III), the others come from another program.
  @Test(
    arguments: [
      (PairedCounts(both: 36, onlyFirst: 12, onlySecond: 2, neither: 0), 0.0569, 0.3404),
      (PairedCounts(both: 9900, onlyFirst: 50, onlySecond: 20, neither: 30), 0.001367, 0.004750),
      (PairedCounts(both: 80, onlyFirst: 5, onlySecond: 5, neither: 10), -0.068847, 0.068847),
      (PairedCounts(both: 0, onlyFirst: 0, onlySecond: 0, neither: 5), -0.434482, 0.434482),
    ])
  func `the interval of the difference is Newcombe's`(
    counts: PairedCounts, low: Double, high: Double
  ) {
    #expect(abs(counts.interval.low - low) < 6e-5 && abs(counts.interval.high - high) < 6e-5)
  }

  @Test func `without images nothing is known`() {
    let none = PairedCounts(first: [], second: [])
    #expect(none.difference == 0 && none.pValue == 1 && none.interval == Interval(low: -1, high: 1))
  }
}
