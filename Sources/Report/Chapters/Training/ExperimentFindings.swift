import Experiments
import Figures
import Networks

/// What the small experiments of the course came to.
extension Findings {
  /// The run with the best score, the smaller rate among equals.
  static func best(_ experiments: CourseExperiments) -> CourseExperiments.Run? {
    experiments.learningRates.max { ($0.score, -$0.learningRate) < ($1.score, -$1.learningRate) }
  }

  /// The best run, and those that one run each cannot tell from it: within half a point.
  static func served(_ experiments: CourseExperiments) -> [CourseExperiments.Run] {
    guard let best = best(experiments) else { return [] }
    return experiments.learningRates.filter { best.score - $0.score < 0.005 }
  }

  /// What the learning rates did.
  static func learningRates(_ experiments: CourseExperiments) -> String {
    let runs = experiments.learningRates.sorted { $0.learningRate > $1.learningRate }
    guard let best = best(experiments), let largest = runs.first, runs.count > 1 else {
      return "What the learning rate does."
    }
    let rate = "\(largest.learningRate)"
    if best.score - largest.score > 0.05 {
      return
        "A learning rate of \(rate) is too large: it leaps over the valley and ends at an accuracy of "
        + "\(Format.percent(largest.score))."
    }
    let served = served(experiments).map { "\($0.learningRate)" }
    return served.count == 1
      ? "Of these learning rates \(best.learningRate) serves best."
      : "Of these learning rates \(Wording.list(served)) serve equally well."
  }

  /// What dropout did to the accuracy on training and on validation images.
  static func dropout(_ experiments: CourseExperiments) -> String? {
    guard let without = experiments.withoutDropout, let with = experiments.withDropout,
      let plain = without.history.last, let thinned = with.history.last,
      let plainScore = plain.validationAccuracy, let thinnedScore = thinned.validationAccuracy
    else { return nil }
    let (gap, thinnedGap) = (
      trainAccuracy(plain) - plainScore, trainAccuracy(thinned) - thinnedScore
    )
    let isEvaluated = plain.evaluatedTrainAccuracy != nil && thinned.evaluatedTrainAccuracy != nil
    func points(_ share: Double) -> String { "\(Format.fixed(100 * share, 2)) points" }
    return
      "Tried here on \(without.specification), \(plain.epoch) epochs: it ends right on "
      + "\(Format.percent(trainAccuracy(plain))) of the training and \(Format.percent(plainScore)) of the validation "
      + "images, \(points(gap)) apart. With dropout before the last layer it is "
      + "\(Format.percent(trainAccuracy(thinned))) and \(Format.percent(thinnedScore)), \(points(thinnedGap)) apart. "
      + (thinnedGap < gap
        ? "Half of the units are off in every step, so none can be relied on, and learning by heart is harder. "
        : "The gap did not shrink here. ")
      + (isEvaluated
        ? "Both are counted after training, with all units on."
        : "Training accuracy is counted while the units are off.")
  }

  /// The best of the networks without convolutions.
  static func simpleNetworks(_ experiments: CourseExperiments) -> String? {
    let runs =
      experiments.learningRates
      + [experiments.withoutDropout, experiments.withDropout].compactMap { $0 }
    guard runs.count > 1, let best = runs.max(by: { $0.score < $1.score }) else { return nil }
    let epochs = best.history.count
    return
      "\(best.accuracy > 0.98 ? "Yes" : "Not in the \(runs.count) short runs that were tried here"): the best on the "
      + "\(experiments.scored) images is \(best.specification) at a learning rate of \(best.learningRate), which after "
      + "\(Wording.counted(epochs, "epoch")) reads \(Format.percent(best.accuracy)) of the test images. What to choose "
      + "is asked of the validation images; the test images then say how good the choice is."
  }
}
