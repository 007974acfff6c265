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
      return
        "A learning rate of \(rate) is too large: it leaps over the valley and ends at an accuracy of "
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
    let images = facts.isValidation ? "validation" : "test"
    let rivals = rivals(of: end, facts)
    let chance =
      rivals == 0 ? "" : ", within chance of \(rivals) other \(rivals == 1 ? "class" : "classes")"
    return first == end
      ? "On the \(images) images “\(subject.className(end))” had the lowest recall after the first epoch, and still "
        + "has\(chance)."
      : "On the \(images) images “\(subject.className(first))” had the lowest recall after the first epoch; in the end "
        + "“\(subject.className(end))” has\(chance)."
  }

  /// How many classes chance alone may part from the one that ends lowest, by Fisher's exact test with Holm's correction.
  private static func rivals(of worst: Int, _ facts: TimeLapseFacts) -> Int {
    guard let last = facts.recall.last, facts.counts.count == last.count else { return 0 }
    func right(_ label: Int) -> Int {
      Int((last[label] * Double(facts.counts[label])).rounded())
    }
    let others = last.indices.filter { $0 != worst && facts.counts[$0] > 0 }
    let pValues = others.map {
      FisherExact.pValue(
        right(worst), of: facts.counts[worst], right($0), of: facts.counts[$0])
    }
    return FisherExact.significant(pValues).count { !$0 }
  }

  // MARK: Doubt

  /// Whether two components of the layer tell more than two of the pixels: by how many nearest points share a class.
  static func untangled(_ facts: DoubtFacts) -> String {
    let (pixels, layer) = (neighborShare(facts.pixelPoints), neighborShare(facts.points))
    guard let pixels, let layer, layer - pixels > 0.05 else {
      return "The same images by their pixels alone."
    }
    return
      "Two directions of the pixels leave the classes mixed: \(Format.percent(pixels, decimals: 0)) of the images lie beside "
      + "one of their own class here, \(Format.percent(layer, decimals: 0)) by two directions of \(facts.layer)."
  }

  /// How much of the plane is read as something that none of its corners is.
  static func slice(_ slice: DoubtFacts.Slice, subject: Subject) -> String {
    let own = Set(slice.corners.map(\.label))
    let names = slice.corners.map { subject.className($0.label) }
    // The triangle between the images: what lies beyond depends on how far the plane is drawn.
    let (low, span) = (slice.range[0], slice.range[1] - slice.range[0])
    func place(_ at: Int) -> Float {
      low + span * Float(at) / Float(max(slice.side - 1, 1))
    }
    let inside = slice.predicted.indices.filter {
      let (s, t) = (place($0 % slice.side), place($0 / slice.side))
      return s >= 0 && t >= 0 && s + t <= 1
    }
    let other = inside.count { !own.contains(slice.predicted[$0]) }
    guard other > 0 else { return "Between \(Subject.list(names)) nothing else is read." }
    let share = Double(other) / Double(inside.count)
    return
      "Of the triangle between \(Subject.list(names)), \(Format.percent(share, decimals: share < 0.1 ? 1 : 0)) is "
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
    if share > 0.1, last.count >= fewest {
      return
        "It is more than 90% sure of \(Format.percent(share, decimals: 0)) of images that belong to none of its "
        + "classes (\(name))."
    }
    return
      "It was more than 90% sure of \(last.sure == 0 ? "none" : Format.count(last.sure)) of "
      + "\(Subject.counted(last.count, "image")) that \(last.count == 1 ? "belongs" : "belong") to none of its classes (\(name))."
  }

  // MARK: Attacks

  /// The sizes that fooled the images that were read correctly, infinite for those that held, ascending.
  private static func foolingSizes(_ facts: RobustnessFacts) -> [Double] {
    facts.smallest.filter { $0 != 0 }.map { $0 ?? .infinity }.sorted()
  }

  /// The size at which half of the images attacked are misread: where the curve of PGD crosses one half, between two
  /// sizes on the line between them; infinite if it does not, `nil` without a curve.
  static func medianSize(_ facts: RobustnessFacts) -> Double? {
    guard let points = facts.curves.first(where: { $0.method == "pgd" })?.points,
      let first = points.first
    else { return nil }
    guard first.accuracy > 0.5 else { return first.epsilon }
    for (before, after) in zip(points, points.dropFirst()) where after.accuracy <= 0.5 {
      let share = (before.accuracy - 0.5) / (before.accuracy - after.accuracy)
      return before.epsilon + share * (after.epsilon - before.epsilon)
    }
    return .infinity
  }

  /// The change that fools half of the images.
  static func smallest(_ facts: RobustnessFacts, noun: String) -> String {
    guard !foolingSizes(facts).isEmpty, let median = medianSize(facts) else {
      return "There was no image to fool."
    }
    guard median.isFinite else { return "Most images hold against every size that was tried." }
    guard median > 0 else {
      return "More than half of the \(noun)s are misread without any change."
    }
    let tried = facts.curves.first { $0.method == "pgd" }?.points.map(\.epsilon) ?? []
    let least = tried.filter { $0 > 0 }.min() ?? 0
    // Between no change and the smallest that was tried nothing was measured.
    return median < least
      ? "A change of \(Format.significant(least, 2)) per pixel is more than enough to have half of the \(noun)s misread."
      : "Half of the \(noun)s are misread at a change of about \(Format.significant(median, 2)) per pixel."
  }

  /// Whether what fools one network fools another, at the first size that halves the accuracy of the one.
  static func transfer(_ results: StudyResults) -> String {
    let own = results.robustness.curves.first { $0.method == "pgd" }?.points ?? []
    guard let other = results.comparisons.first, let clean = other.robustness.first?.accuracy,
      let start = own.first?.accuracy, let last = own.last,
      let moved = other.transfer.first(where: {
        $0.epsilon == (own.first { $0.accuracy < start / 2 } ?? last).epsilon
      }), let hit = own.first(where: { $0.epsilon == moved.epsilon })
    else { return "The networks under attack." }
    let name = Subject.short(other.name, limit: 24)
    let (left, kept) = (
      Format.percent(hit.accuracy, decimals: 0), Format.percent(moved.accuracy, decimals: 0)
    )
    return
      "\(clean - moved.accuracy > 0.2 ? "What fools this network fools \(name) too" : "What fools this network hardly fools \(name)") "
      + "at ε = \(Format.significant(moved.epsilon, 2)): images that leave it right on \(left) leave \(name) right on \(kept)."
  }
}
