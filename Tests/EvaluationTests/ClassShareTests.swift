import Evaluation
import Testing

@Suite struct ClassShareTests {
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
    let answers = Predictions(logits: logits, labels: labels, classes: confusion.count)
    return EvaluationResult(answers, classNames: confusion.indices.map { "\($0)" })
  }

  @Test func `confusions come by their number, shares by rows and columns`() {
    let result = result([[90, 10, 0], [0, 99, 1], [0, 0, 0]])
    #expect(
      result.confusions == [
        .init(actual: 0, predicted: 1, count: 10), .init(actual: 1, predicted: 2, count: 1),
      ])
    #expect(
      result.recalls.map { [$0.label, $0.right, $0.count] } == [[0, 90, 100], [1, 99, 100]])
    #expect(
      result.precisions.map { [$0.label, $0.right, $0.count] }
        == [[0, 90, 90], [1, 99, 109], [2, 0, 1]])
    let unequal = ClassShare.unequal(result.recalls)
    #expect(unequal.map { [$0.lower, $0.higher] } == [[0, 1]])
  }

  @Test func `a difference that chance explains is none`() {
    #expect(ClassShare.unequal(result([[9, 1], [0, 10]]).recalls).isEmpty)
    #expect(ClassShare.unequal([]).isEmpty)
  }

  @Test func `the interval of a share is that of its count`() {
    #expect(Interval.wilson(share: 0.9, of: 50) == Interval.wilson(45, of: 50))
    #expect(Interval.wilson(share: 0, of: 0) == Interval(low: 0, high: 1))
  }
}
