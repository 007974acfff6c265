import Evaluation
import TestSupport
import Testing

@Suite struct LabelNoiseTests {
  @Test func `suspects and their order are cleanlab's`() {
    let (count, classes) = (150, 4)
    var logits = hashed(count * classes, 7).map { 6 * $0 }
    let labels = (0..<count).map { $0 % classes }
    for image in labels.indices { logits[image * classes + labels[image]] += 2 }
    let noise = LabelNoise(Predictions(logits: logits, labels: labels, classes: classes))
    // Scripts/reference/label_noise.py
    #expect(
      noise.suspects == [
        117, 16, 47, 62, 87, 90, 57, 91, 130, 143, 82, 98, 148, 50, 86, 48, 4, 84, 83, 6, 11, 133,
        77, 142, 0, 109, 149, 20, 19, 123, 10, 107, 44, 66, 15, 54, 35, 41, 32, 108, 74, 37, 26,
        145,
        13, 93, 55, 134, 29, 67, 116, 30,
      ])
  }

  @Test func `sure and right answers, none at all and constant ones doubt nothing`() {
    let sure = Predictions(logits: [5, 0, 0, 5], labels: [0, 1], classes: 2)
    #expect(LabelNoise(sure).suspects.isEmpty)
    #expect(LabelNoise(Predictions(logits: [], labels: [], classes: 3)).suspects.isEmpty)
    #expect(
      LabelNoise(Predictions(logits: [], labels: [], classes: 3)).thresholds == [nil, nil, nil])
    let constant = Predictions(
      logits: [Float](repeating: 0, count: 8), labels: [0, 1, 0, 1], classes: 2)
    #expect(LabelNoise(constant).suspects.isEmpty)
  }
}
