import Evaluation
import Figures
import Networks
import Study

/// Answers to the course's questions, with the learner's own numbers.
extension Findings {
  // MARK: The data

  /// The two classes whose mean training images are most alike.
  static func likestClasses(_ data: DataFacts) -> (Int, Int)? {
    let means = data.meanImages.map(\.values)
    var best: (pair: (Int, Int), distance: Float)?
    for second in means.indices {
      // A class without images has no mean.
      for first in 0..<second where data.classCounts[first] > 0 && data.classCounts[second] > 0 {
        let distance = zip(means[first], means[second]).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        if distance < best?.distance ?? .infinity { best = ((first, second), distance) }
      }
    }
    return best?.pair
  }

  /// Why some classes are harder than others.
  static func hardClasses(_ results: StudyResults, subject: Subject) -> String? {
    guard let (first, second) = likestClasses(results.data) else { return nil }
    let scores = results.quality.evaluation.perClass
    let recalls = scores.indices.compactMap { index in
      scores[index].recall.map { (index, $0) }
    }
    let alike =
      "Classes can look alike, and some come in more forms than others. By their mean training "
      + "images “\(subject.className(first))” and “\(subject.className(second))” are the most alike."
    guard let worst = recalls.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
      let best = recalls.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }), worst.1 < best.1
    else { return alike }
    let top = pairs(results.quality.evaluation.confusion).first.map {
      "; its most frequent mistake is to read “\(subject.className($0.actual))” as "
        + "“\(subject.className($0.predicted))”"
    }
    return alike
      + " This network reads \(Format.percent(worst.1, decimals: 1)) of “\(subject.className(worst.0))” right "
      + "and \(Format.percent(best.1, decimals: 1)) of “\(subject.className(best.0))”\(top ?? "")."
  }

  /// How two classes differ in numbers: the place where their mean images are furthest apart.
  static func tellingApart(_ data: DataFacts, _ first: Int, _ second: Int, subject: Subject)
    -> String?
  {
    let (one, other) = (data.meanImages[first], data.meanImages[second])
    guard one.shape.count == 3, one.shape == other.shape,
      let at = one.values.indices.max(by: {
        (abs(one.values[$0] - other.values[$0]), $1) < (abs(one.values[$1] - other.values[$1]), $0)
      })
    else { return nil }
    let (height, width) = (one.shape[1], one.shape[2])
    let channel = one.shape[0] > 1 ? " of channel \(at / (height * width) + 1)" : ""
    return
      "In numbers: the mean images differ most at row \(at / width % height + 1), column \(at % width + 1)\(channel), "
      + "where “\(subject.className(first))” has \(Format.fixed(Double(one.values[at]), 2)) and "
      + "“\(subject.className(second))” \(Format.fixed(Double(other.values[at]), 2)). One pixel is a poor rule, "
      + "because no two images sit or look quite alike. Training finds a weight for every pixel from the examples, so "
      + "that nobody has to write the rule down."
  }

  // MARK: Training

  /// What dropout did to the accuracy on training and on validation images.
  static func dropout(_ experiments: Experiments) -> String? {
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
  static func simpleNetworks(_ experiments: Experiments) -> String? {
    let runs =
      experiments.learningRates
      + [experiments.withoutDropout, experiments.withDropout].compactMap { $0 }
    guard runs.count > 1, let best = runs.max(by: { $0.score < $1.score }) else { return nil }
    let epochs = best.history.count
    return
      "\(best.accuracy > 0.98 ? "Yes" : "Not in the \(runs.count) short runs that were tried here"): the best on the "
      + "\(experiments.scored) images is \(best.specification) at a learning rate of \(best.learningRate), which after "
      + "\(Subject.counted(epochs, "epoch")) reads \(Format.percent(best.accuracy)) of the test images. What to choose "
      + "is asked of the validation images; the test images then say how good the choice is."
  }

  // MARK: Features

  /// What the filters of the first layer detect; `nil` if it has none that could detect an edge.
  ///
  /// A filter answers to an edge if a slope through its weights, averaged over the channels, explains half of their
  /// variation; to ink itself if its weights add up to half of their magnitudes.
  static func firstFilters(_ features: FeatureFacts, subject: Subject) -> String? {
    let shape = features.weights.shape
    guard !features.areTemplates, shape.count == 4, shape[2] > 1, shape[3] > 1 else { return nil }
    let (height, width) = (shape[2], shape[3])
    let size = shape[1] * height * width
    var (across, down, even) = (0, 0, 0)
    for start in stride(from: 0, to: features.weights.values.count, by: size) {
      let all = features.weights.values[start..<start + size].map(Double.init)
      let weights = (0..<height * width).map { place in
        stride(from: place, to: size, by: height * width).reduce(0) { $0 + all[$1] }
      }
      let mean = weights.reduce(0, +) / Double(weights.count)
      let variation = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      // The share of the variation that a slope along one direction explains.
      func share(_ position: (Int) -> Double) -> Double {
        let places = weights.indices.map(position)
        let product = zip(places, weights).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
        return product * product / places.reduce(0) { $0 + $1 * $1 } / max(variation, 1e-12)
      }
      let sideways = share { Double($0 % width) - Double(width - 1) / 2 }
      let upright = share { Double($0 / width) - Double(height - 1) / 2 }
      let size = all.reduce(0) { $0 + abs($1) }
      if size > 0, abs(all.reduce(0, +)) >= 0.5 * size {
        even += 1
      } else if sideways + upright >= 0.5 {
        if sideways > upright { across += 1 } else { down += 1 }
      }
    }
    let count = shape[0]
    func some(_ count: Int, _ one: String, _ many: String) -> String {
      "\(count == 0 ? "none" : Format.count(count)) \(count < 2 ? one : many)"
    }
    let ways =
      across + down == 0
      ? ""
      : ": \(some(across, "weighs", "weigh")) left against right and \(some(down, "weighs", "weigh")) above against below"
    let rest = count - across - down - even
    return
      "Of the \(Subject.counted(count, "filter")) of \(features.layer), \(some(across + down, "detects", "detect")) edges"
      + "\(ways). \(Subject.capitalized(some(even, "has", "have"))) weights of mostly one sign and "
      + "\(even < 2 ? "answers" : "answer") to "
      + "\(subject.isInk ? "ink itself, or to its absence" : "brightness itself, or to its absence"). "
      + (rest == 0
        ? ""
        : "The other \(rest == 1 ? "one fits" : "\(Format.count(rest)) fit") neither description. ")
      + "The pictures of the filters show them."
  }
}
