import Experiments
import Figures

/// What the small experiments of the course came to.
extension Findings {
  /// What the learning rates did.
  static func learningRates(_ experiments: CourseExperiments) -> String {
    guard let best = experiments.best, let (largest, isTooLarge) = experiments.largestRate else {
      return "What the learning rate does."
    }
    if isTooLarge {
      return
        "A learning rate of \(largest.learningRate) is too large: it leaps over the valley and ends at an accuracy of "
        + "\(Format.percent(largest.score))."
    }
    let served = experiments.served.map { "\($0.learningRate)" }
    return served.count == 1
      ? "Of these learning rates \(best.learningRate) serves best."
      : "Of these learning rates \(Wording.list(served)) serve equally well."
  }

  /// What dropout did to the accuracy on training and on validation images.
  static func dropout(_ experiments: CourseExperiments) -> String? {
    guard let dropout = experiments.dropout,
      let specification = experiments.withoutDropout?.specification
    else { return nil }
    let (plain, thinned) = (dropout.without, dropout.with)
    func points(_ share: Double) -> String { "\(Format.fixed(100 * share, 2)) points" }
    return
      "Tried here on \(specification), \(plain.epoch) epochs: it ends right on "
      + "\(Format.percent(plain.train)) of the training and \(Format.percent(plain.validation)) of the validation "
      + "images, \(points(plain.gap)) apart. With dropout before the last layer it is "
      + "\(Format.percent(thinned.train)) and \(Format.percent(thinned.validation)), \(points(thinned.gap)) apart. "
      + (dropout.isSmaller
        ? "Half of the units are off in every step, so none can be relied on, and learning by heart is harder. "
        : "The gap did not shrink here. ")
      + (dropout.isEvaluated
        ? "Both are counted after training, with all units on."
        : "Training accuracy is counted while the units are off.")
  }

  /// The best of the networks without convolutions.
  static func simpleNetworks(_ experiments: CourseExperiments) -> String? {
    guard let (best, isAbove98) = experiments.bestSimple else { return nil }
    return
      "\(isAbove98 ? "Yes" : "Not in the \(experiments.simpleRuns.count) short runs that were tried here"): the best on the "
      + "\(experiments.scored) images is \(best.specification) at a learning rate of \(best.learningRate), which after "
      + "\(Wording.counted(best.history.count, "epoch")) reads \(Format.percent(best.accuracy)) of the test images. What to choose "
      + "is asked of the validation images; the test images then say how good the choice is."
  }
}
