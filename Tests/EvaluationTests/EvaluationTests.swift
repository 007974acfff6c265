import Evaluation
import TestSupport
import Testing

/// Predictions with given confidences: two classes, logits (0, z).
private func predictions(_ items: [(confidence: Float, isRight: Bool)]) -> Predictions {
  var logits: [Float] = []
  for item in items {
    // sigmoid(z) = confidence
    let odds = item.confidence / (1 - item.confidence)
    logits += [0, Float(logarithm(Double(odds)))]
  }
  return Predictions(logits: logits, labels: items.map { $0.isRight ? 1 : 0 }, classes: 2)
}

@Suite struct EvaluationTests {
  @Test func `Wilson's interval`() {
    // statsmodels.stats.proportion.proportion_confint(k, n, method="wilson")
    let cases: [(Int, Int, Double, Double)] = [
      (9927, 10000, 0.9908320, 0.9941896), (0, 10, 0, 0.2775328), (10, 10, 0.7224672, 1),
      (50, 100, 0.4038315, 0.5961685),
    ]
    for (k, n, low, high) in cases {
      let interval = Interval.wilson(k, of: n)
      #expect(abs(interval.low - low) < 2e-6 && abs(interval.high - high) < 2e-6, "\(k) of \(n)")
    }
    #expect(Interval.wilson(0, of: 0) == Interval(low: 0, high: 1))
  }

  @Test func `confusion, precision, recall and F1`() {
    // Three classes; true 0,0,0,1,1 read as 0,0,1,1,0; class 2 has no images and is never said.
    let logits: [Float] = [3, 0, 0, 3, 0, 0, 0, 3, 0, 0, 3, 0, 3, 0, 0]
    let result = EvaluationResult(
      Predictions(logits: logits, labels: [0, 0, 0, 1, 1], classes: 3),
      classNames: ["a", "b", "c"])
    #expect(result.confusion == [[2, 1, 0], [1, 1, 0], [0, 0, 0]])
    #expect(result.errors == 2 && result.count == 5 && result.accuracy == 0.6)
    #expect(result.perClass[0].precision == 2.0 / 3 && result.perClass[0].recall == 2.0 / 3)
    #expect(result.perClass[1].precision == 0.5 && result.perClass[1].recall == 0.5)
    #expect(result.perClass[1].f1 == 0.5)
    #expect(result.perClass[2].precision == nil && result.perClass[2].recall == nil)
    #expect(result.perClass[2].f1 == nil)
  }

  @Test func `ties go to the first class`() {
    #expect(Predictions(logits: [1, 1, 0], labels: [0], classes: 3).predicted == [0])
  }

  @Test func `calibration error of known gaps`() {
    // Ten answers of confidence 0.8 of which five are right: a gap of 0.3.
    let off = predictions((0..<10).map { (0.8, $0 < 5) })
    #expect(abs(Calibration.expectedError(off) - 0.3) < 1e-5)
    let exact = predictions((0..<10).map { (0.8, $0 < 8) })
    #expect(Calibration.expectedError(exact) < 1e-5)
  }

  @Test func `bands hold each image once`() {
    let some = predictions([(0.55, true), (0.7, false), (0.95, true), (0.9995, true)])
    let bands = Calibration.bands(some, edges: [0, 0.5, 0.7, 0.9, 0.99, 0.999, 1])
    #expect(bands.map(\.count).reduce(0, +) == 4)
    #expect(bands.map(\.count)[4...] == [0, 1])
    #expect(bands[0].meanConfidence == nil)
  }

  @Test func `the best temperature cools the sure and wrong`() {
    // Claims 0.99, is right 3 times in 4: the logit ln 99 must become ln 3.
    let bold = predictions((0..<400).map { (0.99, $0 % 4 != 0) })
    let expected = logarithm(99) / logarithm(3)
    #expect(abs(Calibration.bestTemperature(bold) - expected) < 0.02)
    // Without an error the loss falls as long as the temperature does.
    #expect(Calibration.bestTemperature(predictions([(0.6, true), (0.99, true)])) == 1)
  }

  @Test func `McNemar's exact test`() {
    #expect(McNemar.pValue(onlyFirst: 0, onlySecond: 0) == 1)
    #expect(McNemar.pValue(onlyFirst: 5, onlySecond: 5) == 1)
    // scipy.stats.binomtest(2, 12).pvalue = 0.03857421875
    #expect(abs(McNemar.pValue(onlyFirst: 2, onlySecond: 10) - 0.03857421875) < 1e-9)
    // scipy.stats.binomtest(40, 100).pvalue = 0.05688793364098...
    #expect(abs(McNemar.pValue(onlyFirst: 60, onlySecond: 40) - 0.056887933640981) < 1e-9)
  }
}
