import Evaluation
import Testing

/// What stands out in an evaluation, each with numbers that make it true and that make it false.
@Suite struct StandingsTests {
  private func result(_ confusion: [[Int]]) -> EvaluationResult {
    var (logits, labels): ([Float], [Int]) = ([], [])
    for (actual, row) in confusion.enumerated() {
      for (predicted, count) in row.enumerated() {
        for _ in 0..<count {
          logits += row.indices.map { $0 == predicted ? 1 : 0 }
          labels.append(actual)
        }
      }
    }
    return EvaluationResult(
      Predictions(logits: logits, labels: labels, classes: confusion.count),
      classNames: confusion.indices.map { "\($0)" })
  }

  @Test func `a confusion dominates from fifteen percent of the errors on`() {
    #expect(result([[5, 0], [0, 5]]).confusionPattern == .none)
    let one = EvaluationResult.Confusion(actual: 0, predicted: 1, count: 2)
    #expect(
      result([[5, 2, 0], [0, 5, 1], [0, 0, 5]]).confusionPattern == .dominant(one, share: 2.0 / 3))
    // One of seven is less than fifteen percent.
    var even = (0..<7).map { row in (0..<7).map { $0 == row ? 9 : $0 == (row + 1) % 7 ? 1 : 0 } }
    #expect(result(even).confusionPattern == .spread)
    for row in even.indices { even[row][(row + 2) % 7] = 1 }
    even[0][1] = 2
    #expect(result(even).confusionPattern == .foremost(one) && !result(even).isTopShared)
    // Two of three errors each are half of them, and neither stands out.
    let tie = result([[5, 2, 0], [0, 5, 2], [0, 0, 5]])
    #expect(tie.isTopShared && tie.confusionPattern == .spread)
  }

  @Test func `a class is only called harder beyond chance`() {
    #expect(result([[5]]).hardest == .unknown)
    #expect(result([[9, 1], [0, 10]]).hardest == .none)
    #expect(result([[60, 40], [0, 100]]).hardest == .one(0))
    #expect(
      result([[60, 40, 0], [0, 100, 0], [35, 0, 65]]).hardest
        == .among(0, easier: [1], others: 2))
    let precision = result([[60, 40], [0, 100]]).unequalPrecisions
    #expect(precision.map { [$0.lower, $0.higher] } == [[1, 0]])
  }

  @Test func `the extremes of recall and the commonest class`() throws {
    let some = result([[8, 2, 0], [0, 20, 0], [0, 1, 4]])
    let (worst, best) = try #require(some.recallExtremes)
    #expect(worst == (0, 0.8) && best == (1, 1))
    let commonest = try #require(some.commonest)
    #expect(commonest == (1, 20, 20.0 / 35))
    #expect(result([[5, 0], [0, 5]]).recallExtremes == nil)
  }

  @Test func `a rival differs by so few images that chance explains it`() {
    let some = result([[4950, 50], [50, 4950]])
    #expect(some.imagesPerError == 100)
    let rival = some.rival
    #expect(rival.images == 8 && !rival.isWorse)
    #expect(abs(rival.accuracy - 0.9908) < 1e-12 && Double(rival.images) < rival.chance)
    #expect(
      abs(
        rival.chance / 10_000
          - (some.accuracyInterval.high - some.accuracyInterval.low) / 2.0.squareRoot()) < 1e-12)
    // Without an error there is nothing to gain.
    let perfect = result([[50, 0], [0, 50]])
    #expect(perfect.rival.isWorse && perfect.rival.images == 1 && perfect.rival.accuracy == 0.99)
    #expect(perfect.imagesPerError == nil)
  }

  // MARK: Confidence

  private func band(
    _ low: Double, _ high: Double, _ count: Int, _ correct: Int, claims: Double? = nil
  ) -> Calibration.Band {
    Calibration.Band(
      low: low, high: high, count: count, correct: correct, meanConfidence: claims ?? low)
  }

  @Test func `what checking doubtful answers finds is counted`() {
    let review = Calibration.Review([band(0, 0.9, 184, 127), band(0.9, 1, 9816, 9793)])
    #expect((review.checked, review.caught) == (184, 57))
    #expect((review.trusted, review.missed, review.errors) == (9816, 23, 80))
  }

  @Test func `confidence is worth what a band delivers beyond chance`() {
    let sure = band(0.999, 1, 300, 300, claims: 0.9999)
    #expect(Calibration.Worth([sure]).trusted == 0.999)
    #expect(Calibration.Worth([band(0.999, 1, 99, 99)]).trusted == nil)
    #expect(Calibration.Worth([band(0.999, 1, 300, 296)]).trusted == nil)
    let (boast, modest) = (
      band(0.7, 0.9, 50, 30, claims: 0.8), band(0.7, 0.9, 50, 40, claims: 0.8)
    )
    #expect(Calibration.Worth([boast, sure]).boast == boast)
    #expect(Calibration.Worth([modest, sure]).boast == nil)
    #expect(Calibration.Worth([band(0.5, 0.7, 30, 15)]).isCoin)
    #expect(!Calibration.Worth([band(0.5, 0.7, 30, 30)]).isCoin)
    #expect(!Calibration.Worth([band(0.5, 0.7, 29, 14)]).isCoin)
    #expect(boast.accuracy == 0.6 && boast.errors == 20 && band(0, 1, 0, 0).accuracy == 0)
  }

  @Test func `a temperature far from 1 is too much confidence or too little`() {
    #expect(Calibration.Temperament(temperature: 1.03) == .overconfident)
    #expect(Calibration.Temperament(temperature: 0.97) == .underconfident)
    #expect(Calibration.Temperament(temperature: 1.01) == .calibrated)
  }
}
