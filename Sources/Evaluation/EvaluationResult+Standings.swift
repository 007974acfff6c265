/// What stands out in an evaluation, and whether chance explains it.
extension EvaluationResult {
  /// How the confusions lie.
  package enum ConfusionPattern: Equatable, Sendable {
    /// There are no errors.
    case none
    /// Most errors are among some classes: their share of all.
    case group(classes: [Int], share: Double)
    /// One confusion is this share of all errors.
    case dominant(Confusion, share: Double)
    /// One is the most frequent of all, but only a small share.
    case foremost(Confusion)
    /// Several are the most frequent.
    case spread
  }

  /// From this share of the errors on a confusion dominates.
  private static let dominance = 0.15

  /// How the confusions lie.
  package var confusionPattern: ConfusionPattern {
    guard errors > 0, let top = confusions.first else { return .none }
    if let group = confusedGroup { return .group(classes: group.classes, share: group.share) }
    if isTopShared { return .spread }
    let share = Double(top.count) / Double(errors)
    return share >= Self.dominance ? .dominant(top, share: share) : .foremost(top)
  }

  /// True if no confusion is more frequent than all others.
  package var isTopShared: Bool {
    let top = confusions.prefix(2).map(\.count)
    return top.count == 2 && top[0] == top[1]
  }

  /// How the hardest class stands to the others.
  package enum Hardest: Equatable, Sendable {
    /// There are no two classes with images.
    case unknown
    /// Chance explains every difference.
    case none
    /// Chance does not explain all differences, and yet the class with the lowest recall is not surely harder than another.
    case unclear
    /// A class is harder than all the rest.
    case one(Int)
    /// A class is harder than some of the others.
    case among(Int, easier: [Int], others: Int)
  }

  /// The class with the lowest recall, and the classes that are easier than it by more than chance explains.
  package var hardest: Hardest {
    let classes = perClass.filter { $0.count > 0 }
    guard classes.count > 1, let worst = classes.min(by: { ($0.recall ?? 0) < ($1.recall ?? 0) })
    else { return .unknown }
    let unequal = ClassShare.unequal(recalls)
    guard !unequal.isEmpty else { return .none }
    let easier = unequal.filter { $0.lower == worst.class }.map(\.higher).sorted()
    if easier.isEmpty { return .unclear }
    return easier.count == classes.count - 1
      ? .one(worst.class) : .among(worst.class, easier: easier, others: classes.count - 1)
  }

  /// The pairs of classes whose answers are not equally often true, by more than chance explains: the lower class first, in
  /// their order.
  package var unequalPrecisions: [(lower: Int, higher: Int)] {
    ClassShare.unequal(precisions).sorted { $0 < $1 }
  }

  /// The classes of which most and fewest images are found; `nil` if no class differs from another.
  package var recallExtremes:
    (worst: (label: Int, recall: Double), best: (label: Int, recall: Double))?
  {
    let recalls = perClass.indices.compactMap { label in perClass[label].recall.map { (label, $0) }
    }
    guard let worst = recalls.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
      let best = recalls.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }), worst.1 < best.1
    else { return nil }
    return (worst, best)
  }

  /// The lowest of the classes' values that there is.
  package func lowest(_ value: (PerClass) -> Double?) -> Double? {
    perClass.compactMap(value).min()
  }

  /// The class with the most images, and its share: what whoever always answers it gets right. `nil` without classes.
  package var commonest: (label: Int, count: Int, share: Double)? {
    let counts = perClass.map(\.count)
    return counts.indices.max { (counts[$0], $1) < (counts[$1], $0) }.map {
      ($0, counts[$0], Double(counts[$0]) / Double(max(count, 1)))
    }
  }

  /// How far chance moves the difference of two networks' accuracies, by its 95 % interval: √2 times as far as one of them.
  package var chanceOfDifference: Double {
    (accuracyInterval.high - accuracyInterval.low) / 2 * 2.0.squareRoot()
  }

  /// Images to a mistake; `nil` without any.
  package var imagesPerError: Double? { errors > 0 ? Double(count) / Double(errors) : nil }

  /// Another network whose accuracy on the same images is so near that nobody can tell the two apart by it.
  package struct Rival: Equatable, Sendable {
    /// Its accuracy.
    package let accuracy: Double
    /// The images by which it differs.
    package let images: Int
    /// True if it gets fewer right.
    package let isWorse: Bool
    /// The images by which chance moves such a difference.
    package let chance: Double
  }

  /// A network that gets a few images more right, or a few wrong where this one has no error; so few that chance explains them.
  package var rival: Rival {
    let chance = chanceOfDifference * Double(count)
    let images = max(1, min(Int((0.0008 * Double(count)).rounded()), Int(chance)))
    let isWorse = errors < images
    let difference = Double(images) / Double(max(count, 1)) * (isWorse ? -1 : 1)
    return Rival(
      accuracy: min(1, max(0, accuracy + difference)), images: images, isWorse: isWorse,
      chance: chance)
  }
}
