import Attacks
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// What an attack made of some test images at each size.
  struct Attacked {
    /// The places of the test images.
    let places: [Int]
    /// Accuracy at each size, 0 first.
    var points: [RobustnessFacts.Point]
    /// The changed images at each size.
    var images: [(epsilon: Double, pixels: [Float])]
    /// For each image the smallest size that fooled it: 0 if it was misread before, `nil` if it held.
    var smallest: [Double?]
  }

  /// The places of the test images that are attacked.
  var attackedImages: [Int] { sample(extent.attacked, for: "attacks") }

  /// Attacks some test images at each size.
  ///
  /// PGD goes on with the images that still hold: what fooled the network within a small ball lies within a larger one
  /// too, so accuracy never rises with the size.
  ///
  /// - Parameters:
  ///   - name: the attack.
  ///   - places: which test images; by default those that this network's seed draws.
  /// - Returns: what became of them.
  func attacked(by name: String, on places: [Int]? = nil) -> Attacked {
    let images = places ?? attackedImages
    let labels = images.map { test.labels[$0] }
    let count = images.count
    let clean = test.floats(images)
    let size = test.imageSize
    let right = (0..<count).filter { predictions.isCorrect(images[$0]) }
    var result = Attacked(
      places: images,
      points: [RobustnessFacts.Point(epsilon: 0, right: right.count, of: count)], images: [],
      smallest: images.map { predictions.isCorrect($0) ? nil : 0 })
    var current = clean
    for epsilon in extent.epsilons {
      guard let attack = attack(name, epsilon) else { continue }
      let open = name == PGD.name ? right.filter { result.smallest[$0] == nil } : Array(0..<count)
      let changed = attack.adversarial(
        test.floats(open.map { images[$0] }), labels: open.map { labels[$0] }, against: executor)
      for (place, image) in open.enumerated() {
        current.replaceSubrange(
          image * size..<(image + 1) * size, with: changed[place * size..<(place + 1) * size])
      }
      let outcome = Outcome(
        clean: clean, adversarial: current, labels: labels, against: executor)
      for image in 0..<count where outcome.succeeded(image) && result.smallest[image] == nil {
        result.smallest[image] = epsilon
      }
      result.points.append(
        RobustnessFacts.Point(
          epsilon: epsilon, right: Int((outcome.robustAccuracy * Double(count)).rounded()),
          of: count, accuracy8bit: outcome.robustAccuracy8bit))
      result.images.append((epsilon, current))
    }
    return result
  }

  /// An attack of a size.
  func attack(_ name: String, _ epsilon: Double) -> (any Attack)? {
    Attacks.attack(
      name,
      AttackSettings(
        epsilon: Float(epsilon), steps: extent.attackSteps,
        stepSize: Float(2.5 * epsilon / Double(extent.attackSteps)), seed: checkpoint.seed))
  }

  /// How it is fooled.
  package func robustnessFacts() -> RobustnessFacts { robustnessFacts(attacked(by: PGD.name)) }

  func robustnessFacts(_ pgd: Attacked) -> RobustnessFacts {
    let curves = [RobustnessFacts.Method.noise, .fgsm].map {
      RobustnessFacts.Curve(method: $0, points: attacked(by: $0.rawValue).points)
    }
    return RobustnessFacts(
      count: pgd.places.count, steps: extent.attackSteps,
      curves: curves + [RobustnessFacts.Curve(method: .pgd, points: pgd.points)],
      examples: fooled(pgd), smallest: pgd.smallest)
  }

  /// Of the eight classes that the smallest changes fooled an image of, that image, the most fragile first.
  private func fooled(_ pgd: Attacked) -> [RobustnessFacts.Example] {
    let size = test.imageSize
    var seen = Set<Int>()
    return pgd.images.flatMap { epsilon, pixels in
      pgd.places.enumerated().compactMap { place, image -> RobustnessFacts.Example? in
        guard pgd.smallest[place] == epsilon, seen.insert(test.labels[image]).inserted else {
          return nil
        }
        let changed = Array(pixels[place * size..<(place + 1) * size])
        let probabilities = CrossEntropy.probabilities(executor.logits(changed))
        return RobustnessFacts.Example(
          before: example(image), adversarial: plane(changed), epsilon: epsilon,
          predicted: CrossEntropy.answer(probabilities), probabilities: probabilities)
      }
    }.prefix(8).sorted { ($0.epsilon, $0.before.label) < ($1.epsilon, $1.before.label) }
  }
}

extension RobustnessFacts.Point {
  /// A point from how many images still are right.
  init(epsilon: Double, right: Int, of count: Int, accuracy8bit: Double? = nil) {
    let accuracy = Double(right) / Double(max(1, count))
    self.init(
      epsilon: epsilon, accuracy: accuracy, interval: .wilson(right, of: count),
      accuracy8bit: accuracy8bit ?? accuracy)
  }
}
