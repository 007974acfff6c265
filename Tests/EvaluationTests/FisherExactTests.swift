import Evaluation
import Testing

@Suite struct FisherExactTests {
  /// scipy.stats.fisher_exact([[a, n - a], [b, m - b]])[1]
  @Test(
    arguments: [
      (8, 10, 1, 6, 0.034965034965034975), (62, 5000, 18, 5000, 7.390194724151636e-07),
      (45, 5000, 35, 5000, 0.3123591695453771), (0, 5, 0, 7, 1.0), (5, 5, 7, 7, 1.0),
    ] as [(Int, Int, Int, Int, Double)])
  func `equals scipy's`(a: Int, n: Int, b: Int, m: Int, expected: Double) {
    let found = FisherExact.pValue(a, of: n, b, of: m)
    #expect(abs(found - expected) <= 1e-9 * expected)
  }

  @Test func `without images there is nothing to tell`() {
    #expect(FisherExact.pValue(0, of: 0, 3, of: 9) == 1)
  }

  @Test func `Holm's correction goes on only as long as each holds`() {
    #expect(FisherExact.significant([0.01, 0.04, 0.03]) == [true, false, false])
    #expect(FisherExact.significant([0.01, 0.02, 0.03]) == [true, true, true])
    #expect(FisherExact.significant([0.04, 0.001]) == [true, true])
    #expect(FisherExact.significant([]) == [])
  }
}
