import Augmentation
import Datasets
import Engine
import Evaluation
import Networks
import TestSupport
import Testing

@Suite struct EnsembleResultTests {
  /// Predictions whose logits are the logarithms of given probabilities.
  private func predictions(_ rows: [[Double]], _ labels: [Int]) -> Predictions {
    Predictions(
      logits: rows.flatMap { $0.map { Float(logarithm($0)) } }, labels: labels,
      classes: rows[0].count)
  }

  private let labels = [0, 0, 1, 1, 0]

  /// Three members: the first two name class 0 for the third image weakly, the third is sure of class 1.
  private var members: [Predictions] {
    [
      predictions([[0.9, 0.1], [0.6, 0.4], [0.55, 0.45], [0.3, 0.7], [0.2, 0.8]], labels),
      predictions([[0.8, 0.2], [0.4, 0.6], [0.55, 0.45], [0.2, 0.8], [0.1, 0.9]], labels),
      predictions([[0.7, 0.3], [0.7, 0.3], [0.01, 0.99], [0.6, 0.4], [0.3, 0.7]], labels),
    ]
  }

  @Test func `the mean of probabilities is what it says, for sure answers too`() throws {
    let mean = Predictions(meanOf: members)
    let expected = [
      [0.8, 0.2], [1.7 / 3, 1.3 / 3], [1.11 / 3, 1.89 / 3], [1.1 / 3, 1.9 / 3], [0.2, 0.8],
    ]
    for (found, value) in try paired(mean.probabilities, expected.flatMap { $0 }) {
      #expect(abs(Double(found) - value) < 1e-6)
    }
    // What no float of a probability holds is still told apart.
    let sure = [
      Predictions(logits: [0, -300], labels: [1], classes: 2),
      Predictions(logits: [0, -200], labels: [1], classes: 2),
    ]
    let logits = Predictions(meanOf: sure).logits
    #expect(abs(Double(logits[1]) - (-200 - logarithm(2))) < 1e-3)
  }

  @Test func `vote, mean, disagreement and common errors are counted by hand`() {
    let result = EnsembleResult(members, validation: [])
    // Right: 3 of 5 (images 0, 1, 3), 2 (0, 3), 3 (0, 1, 2).
    #expect(result.members.map(\.accuracy) == [0.6, 0.4, 0.6])
    #expect(abs(result.meanAccuracy - 1.6 / 3) < 1e-12)
    #expect(result.sizes.map(\.members) == [1, 2, 3] && result.sizes.map(\.choices) == [3, 3, 1])
    #expect(result.sizes.allSatisfy { !$0.areDrawn })
    // One member alone is the same either way.
    #expect(abs(result.sizes[0].vote - result.sizes[0].mean) < 1e-12)
    // All three: two vote for class 0 on the third image, the mean takes the sure one's side.
    #expect(result.sizes[2].vote == 0.6 && result.sizes[2].mean == 0.8)
    // Pairs: 0 and 1 differ on image 1; 0 and 2 on images 2 and 3; 1 and 2 on 1, 2 and 3.
    #expect(result.disagreement == [[0, 0.2, 0.4], [0.2, 0, 0.6], [0.4, 0.6, 0]])
    #expect(abs(result.meanDisagreement - 0.4) < 1e-12)
    // Image 0: none wrong; 1, 3: one; 2: two; 4: all.
    #expect(result.wrongCounts == [1, 2, 1, 1] && result.unread == [4] && result.rescued == 0)
    #expect(result.best == 0 && result.onlyEnsemble == 1 && result.onlyBest == 0)
    #expect(result.pValue == 1)
    #expect(result.pooled.temperature == nil && result.single.calibratedLoss == nil)
    let loss = [0.8, 1.7 / 3, 1.89 / 3, 1.9 / 3, 0.2].reduce(0) { $0 - logarithm($1) / 5 }
    #expect(abs(result.pooled.loss - loss) < 1e-6)
  }

  @Test func `the mean may read what no member reads`() {
    let two = [
      predictions([[0.4, 0.5, 0.1]], [0]), predictions([[0.4, 0.1, 0.5]], [0]),
    ]
    let result = EnsembleResult(two, validation: [])
    #expect(result.unread == [0] && result.rescued == 1 && result.sizes[1].mean == 1)
  }

  @Test func `a tied vote goes to the larger mean probability`() {
    let two = [
      predictions([[0.6, 0.4], [0.9, 0.1]], [1, 1]),
      predictions([[0.1, 0.9], [0.4, 0.6]], [1, 1]),
    ]
    // Both images are tied; the means are 0.35 and 0.65 for class 0.
    #expect(EnsembleResult(two, validation: []).sizes[1].vote == 0.5)
  }

  @Test func `the best member and the temperatures come from validation`() {
    let validation = [
      predictions([[0.1, 0.9], [0.1, 0.9]], [0, 0]),
      predictions([[0.9, 0.1], [0.9, 0.1]], [0, 0]),
      predictions([[0.9, 0.1], [0.1, 0.9]], [0, 0]),
    ]
    let result = EnsembleResult(members, validation: validation)
    #expect(result.members.map(\.validationAccuracy) == [0, 1, 0.5])
    #expect(result.best == 1)
    let pooled = Predictions(meanOf: validation)
    #expect(result.pooled.temperature == Calibration.bestTemperature(pooled))
    // The one temperature is applied after pooling.
    let softened = Predictions(
      logits: Predictions(meanOf: members).logits.map {
        $0 / Float(result.pooled.temperature ?? 1)
      },
      labels: labels, classes: 2)
    let expected = EvaluationResult(softened, classNames: ["0", "1"])
    #expect(result.pooled.calibratedLoss == expected.loss)
    #expect(result.pooled.calibratedECE == expected.ece)
  }

  @Test func `of many members some choices are drawn, the same each time`() {
    let many = (0..<14).map { member in
      Predictions(
        logits: hashed(40, UInt64(500 + member)), labels: (0..<20).map { $0 % 2 }, classes: 2)
    }
    let result = EnsembleResult(many, validation: [])
    #expect(
      result.sizes.map(\.areDrawn) == [false] + Array(repeating: true, count: 11) + [false, false])
    #expect(result.sizes[6].choices == 30 && result.sizes[13].choices == 1)
    #expect(result == EnsembleResult(many, validation: []))
    let more = (0..<40).map { member in
      Predictions(
        logits: hashed(40, UInt64(600 + member)), labels: (0..<20).map { $0 % 2 }, classes: 2)
    }
    let sizes = EnsembleResult(more, validation: []).sizes
    #expect(sizes.map(\.members) == [1] + stride(from: 1, through: 40, by: 3).dropFirst())
    #expect(sizes[0].choices == 40 && !sizes[0].areDrawn)
  }

  // MARK: Views

  private let pool = WorkerPool(threads: 2)

  private func images(_ count: Int) -> LabeledImages {
    LabeledImages(
      channels: 1, height: 6, width: 6, pixels: hashed(count * 36, 70).map { UInt8($0 * 255) },
      labels: (0..<count).map { $0 % 3 })
  }

  @Test func `views are the image itself and what the augmentation draws`() throws {
    let network = try hashedNetwork("flatten linear(3)", (1, 6, 6))
    let (executor, images) = (Executor(network, pool: pool), images(7))
    let augmentation = try Augmentation(text: "shift(2)")
    let views = TestTimeAugmentation(augmentation, views: 3, ground: [0], seed: 5)
    let (plain, mean) = views.predictions(of: executor, on: images)
    #expect(plain.logits == Predictions(of: executor, on: images).logits)
    for image in 0..<images.count {
      var rows: [[Float]] = []
      for view in 0..<3 {
        var pixels = images.floats([image])
        if view > 0 {
          var span = pixels.mutableSpan
          augmentation.change(
            of: ImageShape(channels: 1, height: 6, width: 6), ground: [0], seed: 5, epoch: view,
            image: image
          ).apply(to: &span)
        }
        rows.append(CrossEntropy.probabilities(executor.logits(pixels)))
      }
      for k in 0..<3 {
        let expected = (rows[0][k] + rows[1][k] + rows[2][k]) / 3
        #expect(abs(mean.probability(image, of: k) - expected) < 1e-6)
      }
    }
    let other = TestTimeAugmentation(augmentation, views: 3, ground: [0], seed: 6)
    #expect(other.predictions(of: executor, on: images).mean.logits != mean.logits)
  }
}
