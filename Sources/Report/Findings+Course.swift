import Evaluation
import Figures
import Study

extension Findings {
  // MARK: Experiments

  /// The run with the best score, the smaller rate among equals.
  static func best(_ experiments: Experiments) -> Experiments.Run? {
    experiments.learningRates.max { ($0.score, -$0.learningRate) < ($1.score, -$1.learningRate) }
  }

  /// The best run, and those that one run each cannot tell from it: within half a point.
  static func served(_ experiments: Experiments) -> [Experiments.Run] {
    guard let best = best(experiments) else { return [] }
    return experiments.learningRates.filter { best.score - $0.score < 0.005 }
  }

  /// What the learning rates did.
  static func learningRates(_ experiments: Experiments) -> String {
    let runs = experiments.learningRates.sorted { $0.learningRate > $1.learningRate }
    guard let best = best(experiments), let largest = runs.first, runs.count > 1 else {
      return "What the learning rate does."
    }
    let rate = "\(largest.learningRate)"
    if best.score - largest.score > 0.05 {
      return "A learning rate of \(rate) is too large: it leaps over the valley and ends at "
        + "\(Format.percent(largest.score))."
    }
    let served = served(experiments).map { "\($0.learningRate)" }
    return served.count == 1
      ? "Of these learning rates \(best.learningRate) serves best."
      : "Of these learning rates \(Subject.list(served)) serve equally well."
  }

  // MARK: Over the epochs

  /// The classes that end lowest and highest.
  static func extremes(_ facts: TimeLapseFacts) -> (worst: Int?, best: Int?) {
    let last = facts.recall.last ?? []
    return (
      last.indices.min { (last[$0], $0) < (last[$1], $1) },
      last.indices.max { (last[$0], $1) < (last[$1], $0) }
    )
  }

  /// Whether the class that began lowest also ended lowest.
  static func classesOverTime(_ facts: TimeLapseFacts, subject: Subject) -> String {
    guard let at = facts.epochs.firstIndex(where: { $0 > 0 }), let end = extremes(facts).worst,
      let first = facts.recall[at].indices.min(by: {
        (facts.recall[at][$0], $0) < (facts.recall[at][$1], $1)
      })
    else { return "The classes, epoch by epoch." }
    if facts.epochs.count - at < 2 { return "The classes after the first epoch." }
    if first == end {
      return
        "“\(subject.className(end))” had the lowest recall after the first epoch, and still has."
    }
    return
      "“\(subject.className(first))” had the lowest recall after the first epoch; in the end "
      + "“\(subject.className(end))” has."
  }

  // MARK: Doubt

  /// Whether two components of the layer tell more than two of the pixels: by how many nearest points share a class.
  static func untangled(_ facts: DoubtFacts) -> String {
    let (pixels, layer) = (neighborShare(facts.pixelPoints), neighborShare(facts.points))
    guard let pixels, let layer, layer - pixels > 0.05 else {
      return "The same images by their pixels alone."
    }
    return
      "Pixels alone leave the classes mixed: \(Format.percent(pixels, decimals: 0)) of the images lie beside "
      + "one of their own class here, \(Format.percent(layer, decimals: 0)) by two directions of \(facts.layer)."
  }

  /// How much of the plane is read as something that none of its corners is.
  static func slice(_ slice: DoubtFacts.Slice, subject: Subject) -> String {
    let own = Set(slice.corners.map(\.label))
    let other = slice.predicted.count { !own.contains($0) }
    let names = slice.corners.map { subject.className($0.label) }
    guard !slice.predicted.isEmpty, other > 0 else {
      return "Between \(Subject.list(names)) nothing else is read."
    }
    let share = Double(other) / Double(slice.predicted.count)
    return
      "Between \(Subject.list(names)), \(Format.percent(share, decimals: share < 0.1 ? 1 : 0)) of the plane is "
      + "read as something else."
  }

  /// How often it is more than 90 % sure of the strangers most like what it knows, the last; `nil` without any.
  static func sureOfStrangers(_ facts: DoubtFacts) -> Double? {
    facts.strangers.last.flatMap { $0.count > 0 ? Double($0.sure) / Double($0.count) : nil }
  }

  /// How often it is sure of what it cannot know.
  static func strangers(_ facts: DoubtFacts) -> String {
    guard let share = sureOfStrangers(facts), let last = facts.strangers.last else {
      return "Images that belong to none of its classes."
    }
    let name = Subject.short(last.name, limit: 60)
    if share > 0.1 {
      return
        "It is more than 90% sure of \(Format.percent(share, decimals: 0)) of images that belong to none of its "
        + "classes (\(name))."
    }
    return "It is rarely sure of images that belong to none of its classes (\(name))."
  }

  // MARK: Attacks

  /// The change that fools half of the images.
  static func smallest(_ facts: RobustnessFacts, noun: String) -> String {
    let right = facts.smallest.filter { $0 != 0 }
    let sizes = right.map { $0 ?? .infinity }.sorted()
    guard let median = sizes.isEmpty ? nil : sizes[(sizes.count - 1) / 2] else {
      return "There was no image to fool."
    }
    guard median.isFinite else { return "Most images hold against every size that was tried." }
    let share = Double(sizes.count { $0 <= median }) / Double(sizes.count)
    return
      "A change of \(Format.significant(median, 2)) per pixel is enough for "
      + "\(Format.percent(share, decimals: 0)) of the \(noun)s it reads."
  }

  /// Whether what fools one network fools another.
  static func transfer(_ results: StudyResults) -> String {
    guard let other = results.comparisons.first, let clean = other.robustness.first?.accuracy,
      let last = other.transfer.last,
      let own = other.robustness.first(where: { $0.epsilon == last.epsilon })
    else { return "The networks under attack." }
    let name = Subject.short(other.name, limit: 24)
    if clean - last.accuracy > 0.2 {
      return "What fools this network often fools \(name) as well, at which it was not aimed: "
        + "\(Format.percent(last.accuracy, decimals: 0)) are left at ε = \(Format.significant(last.epsilon, 2))."
    }
    return
      "At ε = \(Format.significant(last.epsilon, 2)), what fools this network leaves \(name) at "
      + "\(Format.percent(last.accuracy, decimals: 0)); an attack aimed at \(name) itself leaves "
      + "\(Format.percent(own.accuracy, decimals: 0))."
  }
}
