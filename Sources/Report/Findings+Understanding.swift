import Attribution
import Evaluation
import Figures
import Study

extension Findings {
  // MARK: Features

  /// How far the first weights are from random ones, those they began with if Inkling trained them.
  static func weights(_ facts: FeatureFacts) -> String {
    let (before, after) = (facts.untrainedWeights.values, facts.weights.values)
    let noun = facts.areTemplates ? "templates" : "filters"
    let size = before.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
    guard before.count == after.count, size > 0 else { return "The \(noun) of \(facts.layer)." }
    let moved = zip(before, after).reduce(0.0) { $0 + Double(($1.1 - $1.0) * ($1.1 - $1.0)) }
      .squareRoot()
    if moved / size > 0.2 {
      return "Training moved the \(noun) by \(Format.fixed(moved / size, 2)) times their length."
    }
    return "The \(noun) differ little from random ones: by "
      + "\(Format.fixed(moved / size, 2)) of their length."
  }

  // MARK: Explanations

  /// What the sanity check says about the maps.
  static func sanity(_ facts: ExplanationFacts, subject: Subject) -> String {
    let pairs = zip(facts.methods, facts.similarityToUntrained.map(\.mean)).filter { $0.1.isFinite }
    guard let most = pairs.max(by: { $0.1 < $1.1 }) else { return "The same answers, explained." }
    if most.1 > 0.8 {
      return
        "The map of \(words(most.0.name)) hardly depends on the network: random weights give "
        + "almost the same picture."
    }
    if most.1 < 0.5 {
      let all = zip(facts.methods, facts.similarityOverAllPixels.map(\.mean)).max { $0.1 < $1.1 }
      guard let all, all.1 > 0.8 else {
        return "Random weights give other maps."
      }
      return
        "Over the whole image the map of \(words(all.0.name)) hardly depends on the network; \(subject.inked) it does"
        + (most.1 < 0.2 ? "." : ", in part.")
    }
    return
      "In part the maps are just the input showing through: most so that of \(words(most.0.name))."
  }

  /// The control that every method has to beat.
  static let randomMap = "\(Control.random.rawValue) map"

  /// The method with the smallest area of deletion.
  static func mostFaithful(_ facts: ExplanationFacts) -> ExplanationFacts.Card? {
    facts.cards.filter { !$0.isControl }.min { $0.deletion.mean < $1.deletion.mean }
  }

  /// The other methods whose intervals reach into that of the most faithful one.
  private static func equals(
    of best: ExplanationFacts.Card, _ facts: ExplanationFacts
  ) -> [ExplanationFacts.Card] {
    facts.cards.filter {
      !$0.isControl && $0.name != best.name && $0.deletion.low <= best.deletion.high
    }
  }

  /// Which map knows best what the answer rests on, and whether it would say the same of any network.
  static func deletion(_ facts: ExplanationFacts) -> String {
    guard let best = mostFaithful(facts) else { return "The answer while pixels are blanked." }
    let name = words(best.name)
    if best.failsSanityCheck, equals(of: best, facts).isEmpty {
      return "The map of \(name) is the most faithful here, yet it hardly depends on the network."
    }
    guard
      let random = facts.cards.first(where: { $0.name == randomMap }),
      best.deletionCurve.count > 1, random.deletionCurve.count == best.deletionCurve.count
    else { return "The answer while the pixels that a map calls important are blanked." }
    let step = max(1, best.deletionCurve.count / 10)
    let share = percent(step, of: best.deletionCurve.count - 1)
    return "With \(share) of the pixels blanked, the answer keeps "
      + "\(Format.probability(best.deletionCurve[step])) if \(name) chooses them, and "
      + "\(Format.probability(random.deletionCurve[step])) if chance does."
  }

  /// A mean with half the width of its 95 % interval: `0.46 ± 0.02`.
  static func estimate(_ estimate: Estimate) -> String {
    "\(Format.fixed(estimate.mean, 2)) ± \(Format.fixed(max(0.01, estimate.high - estimate.mean), 2))"
  }

  /// Whether the methods point at the same pixels.
  static func agreement(_ facts: ExplanationFacts) -> String {
    guard let agreement = facts.agreement else { return "The same answers, explained." }
    let (strength, signed) = (agreement.strength, agreement.signed)
    let both = [strength, signed]
    let shown =
      "the rank correlation of two maps of one image is \(estimate(strength)) without their signs and "
      + "\(estimate(signed)) with them, on average over \(Format.count(agreement.count)) images"
    if areUnlike(both) { return "The methods do not agree: \(shown)." }
    return areAlike(both)
      ? "The methods agree on much: \(shown)." : "The methods agree in part: \(shown)."
  }

  /// A rank correlation above which maps are called alike, and below which they are not.
  private static let alike = 0.5

  /// True if maps are alike beyond chance, by every one of their rank correlations.
  static func areAlike(_ correlations: [Estimate]) -> Bool {
    correlations.allSatisfy { $0.low > alike }
  }

  /// True if maps are not alike beyond chance, by every one of their rank correlations.
  static func areUnlike(_ correlations: [Estimate]) -> Bool {
    correlations.allSatisfy { $0.high < alike }
  }

  /// The most faithful method, beside what knows nothing of the network.
  static func faithfulness(_ facts: ExplanationFacts) -> String {
    let controls = facts.cards.filter(\.isControl)
    guard let best = mostFaithful(facts),
      let control = controls.min(by: { $0.deletion.mean < $1.deletion.mean })
    else { return "How far the maps can be trusted." }
    let name = words(best.name)
    if best.deletion.high < control.deletion.low {
      let others = equals(of: best, facts)
      guard others.isEmpty else {
        return "In deletion the map of \(name) is better than any that ignores the network; the "
          + "\(others.count == 1 ? "interval of \(words(others[0].name)) overlaps" : "intervals of \(others.count) other methods overlap") its own."
      }
      return best.failsSanityCheck
        ? "The map of \(name) is the most faithful here, yet it hardly depends on the network."
        : "The map of \(name) is the most faithful here, and better than any that ignores the network."
    }
    return "No map is clearly more faithful than one that knows nothing of the network."
  }

  /// `integrated-gradients` as words.
  static func words(_ name: String) -> String {
    ReportFigures.properNames[name] ?? name.split(separator: "-").joined(separator: " ")
  }

  // MARK: Doubt

  /// How many of the misread images lie where most of what surrounds them is of the class that was answered; `nil` if that
  /// is no more than half of them.
  static func misled(_ facts: DoubtFacts) -> (count: Int, wrong: Int)? {
    let right = facts.neighborhood.filter { $0.label == $0.predicted }
    let wrong = facts.neighborhood.filter { $0.label != $0.predicted }
    let misled = wrong.count { point in
      let nearest = right.map { (distance($0, point), $0) }.sorted { $0.0 < $1.0 }
        .prefix(surrounding)
      return 2 * nearest.count { $0.1.label == point.predicted } > nearest.count
    }
    return right.count > surrounding && 2 * misled > wrong.count ? (misled, wrong.count) : nil
  }

  /// Where the misread images lie, or how well the classes are apart.
  static func neighborhood(_ facts: DoubtFacts) -> String {
    if let (misled, wrong) = misled(facts) {
      let which =
        misled == wrong
        ? Subject.capitalized(Subject.all(wrong, "misread image"))
        : "\(Format.count(misled)) of the \(Format.count(wrong)) misread images"
      return
        "\(which) \(misled == 1 ? "lies" : "lie") among those of the class that was answered."
    }
    // The mistakes that stand beside those drawn at random would say too little of all.
    let drawn = facts.points.count
    guard let share = neighborShare(facts.neighborhood, first: drawn) else {
      return "The test images, laid out by what the network makes of them."
    }
    return
      "\(Format.percent(share, decimals: 0)) of the images \(drawn < facts.neighborhood.count ? "drawn at random " : "")have "
      + "one of their own class beside them."
  }

  /// Points that surround another.
  private static let surrounding = 10

  private static func distance(_ one: DoubtFacts.Point, _ other: DoubtFacts.Point) -> Float {
    let (x, y) = (one.x - other.x, one.y - other.y)
    return x * x + y * y
  }

  /// The share of points, or of the first so many, whose nearest other point is of the same class; `nil` for fewer than
  /// two.
  static func neighborShare(_ points: [DoubtFacts.Point], first: Int? = nil) -> Double? {
    let asked = points.indices.prefix(first ?? points.count)
    guard points.count > 1, !asked.isEmpty else { return nil }
    let alike = asked.count { i in
      let nearest = points.indices.lazy.filter { $0 != i }.min {
        distance(points[$0], points[i]) < distance(points[$1], points[i])
      }
      return nearest.map { points[$0].label == points[i].label } ?? false
    }
    return Double(alike) / Double(asked.count)
  }

  /// How much of the way between two images it needs to change its mind.
  static func path(_ facts: DoubtFacts) -> String {
    guard facts.pathShares.count > 1 else { return "Between two images." }
    let open = facts.pathShares.count { ($0.max() ?? 0) < 0.9 }
    let share = Double(open) / Double(facts.pathShares.count - 1)
    let words = open == 0 ? "<1%" : Format.percent(share, decimals: 0)
    return share < 0.25
      ? "The pictures change little by little; the answer flips within \(words) of the way."
      : "Between the two images it hesitates, for \(words) of the way."
  }

  // MARK: Robustness

  /// Accuracy under noise and under an attack of the same size.
  struct Duel: Equatable {
    /// The attack's name, such as `PGD`.
    var method: String
    var epsilon: Double
    var noise: Double
    var attack: Double
    var interval: Interval
    var noiseInterval: Interval

    /// True if the attack does more harm than noise beyond chance.
    var isApart: Bool { attack < noise && !interval.overlaps(noiseInterval) }
  }

  /// The two accuracies at a size of 0.1, or at the size tried that is nearest to it.
  static func duel(_ facts: RobustnessFacts) -> Duel? {
    guard let noise = facts.curves.first(where: { $0.method == "noise" }),
      let attack = facts.curves.first(where: { $0.method == "pgd" })
        ?? facts.curves.first(where: { $0.method == "fgsm" }),
      let point = attack.points.filter({ $0.epsilon > 0 })
        .min(by: { abs($0.epsilon - 0.1) < abs($1.epsilon - 0.1) }),
      let other = noise.points.first(where: { $0.epsilon == point.epsilon })
    else { return nil }
    return Duel(
      method: attack.method.uppercased(), epsilon: point.epsilon, noise: other.accuracy,
      attack: point.accuracy, interval: point.interval, noiseInterval: other.interval)
  }

  /// What noise and attack do.
  static func attack(_ facts: RobustnessFacts) -> String {
    let neutral = "Accuracy against the size of the change."
    guard let duel = duel(facts), let clean = facts.curves.first?.points.first else {
      return neutral
    }
    let size = "At ε = \(Format.fixed(duel.epsilon, 2))"
    guard facts.count >= fewest else {
      func right(_ share: Double) -> Int { Int((share * Double(facts.count)).rounded()) }
      return
        "\(size), of only \(Subject.counted(facts.count, "image")), \(right(duel.noise)) \(right(duel.noise) == 1 ? "is" : "are") "
        + "read right under random noise and \(right(duel.attack)) under aimed noise."
    }
    if duel.isApart, duel.noise - duel.attack > 0.2 {
      return isHarmless(duel, clean)
        ? "\(size) random noise barely matters; aimed noise of that size is ruinous."
        : "Aimed noise does far more harm than random noise of the same size."
    }
    if clean.accuracy - duel.attack > 0.02 {
      return "Under attack, accuracy falls as the change grows."
    }
    return clean.accuracy - duel.noise > 0.02
      ? neutral : "\(size) neither noise nor the attack does much harm."
  }

  /// True if chance explains what noise does, and it adds less than a quarter to the errors.
  private static func isHarmless(_ duel: Duel, _ clean: RobustnessFacts.Point) -> Bool {
    let rise = clean.accuracy - duel.noise
    return duel.noiseInterval.overlaps(clean.interval)
      && (rise <= 0 || rise < 0.25 * (1 - clean.accuracy))
  }

  // MARK: Comparison

  /// Whether one network is better than the other.
  static func comparison(_ facts: ComparisonFacts, accuracy: Double, name: String) -> String {
    let other = Subject.short(facts.name)
    let gap = accuracy - facts.accuracy
    guard facts.pValue < 0.05, gap != 0 else {
      return "\(name) and \(other) cannot be told apart on these images."
    }
    let (better, worse) = gap > 0 ? (name, other) : (other, name)
    return "\(better) beats \(worse) by \(Format.points(abs(gap))), more than chance explains."
  }
}
