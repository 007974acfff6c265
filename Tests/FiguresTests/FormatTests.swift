import Figures
import Testing

struct FormatTests {
  @Test(
    arguments: [
      (1.0, ">99.9%"), (0.9991, ">99.9%"), (0.999, "99.9%"), (0.9948, "99.5%"), (0.99, "99.0%"),
      (0.9899, "99%"), (0.63, "63%"), (0.0968, "9.7%"), (0.0996, "10%"), (0.001, "0.10%"),
      (0.00099, "<0.1%"), (0, "<0.1%"), (.nan, "–"),
    ])
  func `probabilities are never certain`(value: Double, text: String) {
    #expect(Format.probability(value) == text)
  }

  @Test(arguments: [(0.996, ">99%"), (0.98, "98%"), (0.011, "1%"), (0.004, "<1%"), (0, "<1%")])
  func `tiny bars have whole percent`(value: Double, text: String) {
    #expect(Format.shortProbability(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (184_586, "184,586"), (-1234, "−1,234"),
  ])
  func `thousands have commas`(value: Int, text: String) {
    #expect(Format.count(value) == text)
  }

  @Test func `the smallest integer is written, not trapped on`() {
    #expect(Format.count(.min) == "−9,223,372,036,854,775,808")
  }

  @Test func `accuracy has two decimals and its interval`() {
    #expect(Format.percent(0.9927) == "99.27%")
    #expect(
      Format.percent(0.9927, interval: 0.9908...0.9942) == "99.27% (95% CI 99.08–99.42)")
    #expect(Format.points(0.0074) == "0.74 pts")
    #expect(Format.points(-0.0074) == "−0.74 pts")
  }

  @Test(
    arguments: [
      (0.02937, 2, "0.029"), (0.0034, 2, "0.0034"), (0.0996, 2, "0.10"), (0.00996, 2, "0.010"),
      (123_456, 2, "123,456"), (9.996, 3, "10.0"), (1.5, 2, "1.5"), (0, 3, "0"),
      (-0.5, 1, "−0.5"), (0.00003, 2, "3×10⁻⁵"), (0.0000098, 1, "10⁻⁵"), (.infinity, 2, "–"),
      (1e300, 3, "10³⁰⁰"),
    ])
  func `significant digits`(value: Double, digits: Int, text: String) {
    #expect(Format.significant(value, digits) == text)
  }

  @Test func `fixed decimals keep zeros and drop the sign of zero`() {
    #expect(Format.fixed(3.005, 1) == "3.0")
    #expect(Format.fixed(-0.001, 2) == "0.00")
    #expect(Format.fixed(12_345.678, 2) == "12,345.68")
    #expect(Format.fixed(0.05, 3) == "0.050")
  }

  @Test(
    arguments: [
      (0.042, "0.042 s"), (9.5, "9.5 s"), (42, "42 s"), (121, "2 min 1 s"), (3900, "1 h 5 min"),
      (-1, "–"),
    ])
  func `durations are words`(seconds: Double, text: String) {
    #expect(Format.duration(seconds: seconds) == text)
  }
}
