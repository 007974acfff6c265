import Evaluation
import Experiments
import Figures
import Networks
import Study

extension Closing {
  /// The pitfalls of the course, each with this run's own measurement where it has one.
  var pitfalls: [(String, String)] {
    [
      ("Data leakage", "Never train on test images, and never choose by them. \(leakage)"),
      (
        "Overfitting",
        "Far better on training images than on others: more data, dropout, a simpler network or stopping early help. \(overfitting)"
      ),
      (
        "Vanishing and exploding gradients",
        "Through many layers a gradient can fade or blow up; ReLU, normalization and shortcuts keep it alive. \(gradients)"
      ),
      (
        "Poor initialization",
        "Weights too small, too large or all equal keep a network from learning. \(start)"
      ),
      (
        "A wrong learning rate",
        "Too high and the loss explodes or swings; too low and it crawls. Start with 0.001 for Adam. \(rate)"
      ),
    ].map { ($0.0, $0.1.trimmed) }
  }

  private var leakage: String {
    results.data.isUnseen
      ? "Here none of the \(Format.count(results.data.testCount)) test images was trained on: the checkpoint says which were."
      : "This file does not say what it was trained on, so here nobody can be sure."
  }

  private var overfitting: String {
    guard let last = results.history.last, let gap = TrainingFacts(results.history).gap,
      let validation = last.validationAccuracy
    else { return "" }
    let interval = gap.interval.map { " (\(Findings.points(within: $0)))" }
    return
      "Here it ended at \(Format.percent(last.answeredTrainAccuracy)) of training and \(Format.percent(validation)) of validation "
      + "images, \(Format.fixed(100 * gap.value, 2)) points apart\(interval ?? ""): "
      + (gap.isReal ? "more than chance explains." : "no more than chance explains.")
  }

  private var gradients: String {
    guard let first = results.history.first, let last = results.history.last,
      first.gradientNorm.isFinite, last.gradientNorm.isFinite
    else { return "" }
    let norms = [first, last].map { Format.significant($0.gradientNorm, 2) }
    let dead = TrainingFacts(results.history).deadUnits(in: results.model.layers).map {
      $0.last > 0
        ? " In \($0.layer) \(Format.count($0.last)) of \(Wording.counted($0.units, "unit")) ended silent on all images that were looked at, and what never "
          + "speaks gets no gradient."
        : " No unit ended silent."
    }
    return first.epoch == last.epoch
      ? "Here its mean length was \(norms[0]).\(dead ?? "")"
      : "Here its mean length was \(norms[0]) in the first epoch and \(norms[1]) in the last.\(dead ?? "")"
  }

  private var start: String {
    let untrained = results.untrained
    let random =
      "\(results.model.startsAtRandom ? "Here it began with" : "With random weights a network built like this one reads") "
      + "\(Format.percent(untrained.accuracy, decimals: 1)) of \(Format.count(untrained.count)) images right, where "
      + "guessing gives \(Format.percent(untrained.chance, decimals: 1))"
    guard let moved = results.features.moved else { return random + "." }
    return random
      + ", and training moved the weights of \(results.features.layer) by \(Format.fixed(moved, 2)) times the length that they began with."
  }

  private var rate: String {
    if let experiments = results.experiments, let best = experiments.best,
      let (largest, _) = experiments.largestRate
    {
      return
        "Here \(largest.learningRate) ended with \(Format.percent(largest.score)) of the \(experiments.scored) images right, \(best.learningRate) with \(Format.percent(best.score))."
    }
    guard let high = context.practice?.runs.dropFirst().first else { return "" }
    let end =
      switch high.outcome {
      case .broke: "no number any more"
      case .rose: "above where it began"
      case .stayed: "about where it began"
      case .fell: "below where it began"
      }
    return
      "The small network of this report, at a rate of \(Format.significant(high.learningRate, 2)), ended with a loss that is \(end)."
  }
}

extension DataFacts {
  /// True if the checkpoint says what it was trained on, so that the test images are known to be others.
  var isUnseen: Bool {
    switch origin {
    case .learned, .others: true
    case .unknown, nil: false
    }
  }
}

extension String {
  /// Without the space that a missing sentence leaves.
  fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
