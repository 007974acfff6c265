import Attacks
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// How it is fooled.
  public func robustnessFacts() -> RobustnessFacts {
    let count = min(extent.attacked, test.count)
    let clean = test.floats(0..<count)
    let labels = Array(test.labels[..<count])
    let right = (0..<count).count(where: predictions.isCorrect)
    let atZero = RobustnessFacts.Point(
      epsilon: 0, accuracy: Double(right) / Double(max(1, count)),
      interval: .wilson(right, of: count), accuracy8bit: Double(right) / Double(max(1, count)))
    var examples: [Int: RobustnessFacts.Example] = [:]
    let curves = [UniformNoise.name, FGSM.name, PGD.name].map { name in
      var points = [atZero]
      for epsilon in extent.epsilons {
        let settings = AttackSettings(
          epsilon: Float(epsilon), steps: extent.attackSteps,
          stepSize: Float(2.5 * epsilon / Double(extent.attackSteps)), seed: checkpoint.seed)
        guard let attack = Attacks.attack(name, settings) else { continue }
        let changed = attack.adversarial(clean, labels: labels, against: executor)
        let outcome = Outcome(
          clean: clean, adversarial: changed, labels: labels, against: executor)
        let held = Int((outcome.robustAccuracy * Double(count)).rounded())
        points.append(
          RobustnessFacts.Point(
            epsilon: epsilon, accuracy: outcome.robustAccuracy,
            interval: .wilson(held, of: count), accuracy8bit: outcome.robustAccuracy8bit))
        if name == PGD.name { collect(outcome, changed, epsilon, &examples) }
      }
      return RobustnessFacts.Curve(method: name, points: points)
    }
    return RobustnessFacts(
      count: count, curves: curves,
      examples: Array(examples.sorted { $0.key < $1.key }.map(\.value).prefix(8)))
  }

  /// Keeps for each class the first image that was fooled, at the smallest size that did it.
  private func collect(
    _ outcome: Outcome, _ changed: [Float], _ epsilon: Double,
    _ examples: inout [Int: RobustnessFacts.Example]
  ) {
    let size = test.imageSize
    for image in outcome.labels.indices
    where outcome.succeeded(image) && examples[outcome.labels[image]] == nil {
      let pixels = Array(changed[image * size..<(image + 1) * size])
      let probabilities = CrossEntropy.probabilities(executor.logits(pixels))
      examples[outcome.labels[image]] = RobustnessFacts.Example(
        before: example(image), adversarial: plane(pixels), epsilon: epsilon,
        predicted: outcome.predictions[image], probabilities: probabilities)
    }
  }
}
