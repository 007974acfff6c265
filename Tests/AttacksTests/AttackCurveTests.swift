import Attacks
import Engine
import Networks
import TestSupport
import Testing

@Suite struct AttackCurveTests {
  private let pool = WorkerPool(threads: 2)

  private func executor() throws -> Executor {
    Executor(try hashedNetwork("flatten linear(3)", (1, 4, 4)), pool: pool)
  }

  @Test func `the smallest size that flips an image is told, 0 or infinite where there is none`()
    throws
  {
    let executor = try executor()
    let images = hashed(40 * 16, 3)
    let answers = Outcome(
      clean: images, adversarial: images, labels: [Int](repeating: 0, count: 40), against: executor
    ).cleanPredictions
    // Every fourth label is wrong before anything is changed.
    let labels = answers.enumerated().map { $0.isMultiple(of: 4) ? ($1 + 1) % 3 : $1 }
    let curve = AttackCurve(
      [0.1, 0, 0.02].map { (size: Float) in
        let changed = Attacks.adversarial(
          by: FGSM.self, AttackSettings(epsilon: size), images, labels: labels, against: executor
        ) { _ in }
        return AttackCurve.Point(
          epsilon: size,
          outcome: Outcome(
            clean: images, adversarial: changed, labels: labels, against: executor))
      })
    let distances = try #require(curve.flippingDistances)
    for (image, distance) in distances.enumerated() {
      let flips = curve.points.filter { $0.outcome.predictions[image] != labels[image] }
      let expected: Float =
        image.isMultiple(of: 4) ? 0 : flips.map(\.epsilon).min() ?? .infinity
      #expect(distance == expected, "\(image)")
    }
    #expect(distances.contains(0.02) && distances.contains(.infinity))
    #expect(AttackCurve([]).flippingDistances == nil)
  }

  @Test(arguments: [UniformNoise.self, Universal.self] as [any Attack.Type])
  func `images attacked in parts are those attacked at once`(kind: any Attack.Type) throws {
    let executor = try executor()
    let count = 300
    let (images, labels) = (hashed(count * 16, 5), (0..<count).map { $0 % 3 })
    let settings = AttackSettings(epsilon: 0.1, steps: 2, seed: 4)
    var told: [Int] = []
    let parts = Attacks.adversarial(
      by: kind, settings, images, labels: labels, against: executor
    ) { told.append($0) }
    let whole = kind.init(settings).adversarial(images, labels: labels, against: executor)
    #expect(parts == whole && (kind.isShared || parts != images))
    #expect(told == (kind.isShared ? [300] : [256, 300]))
  }
}
