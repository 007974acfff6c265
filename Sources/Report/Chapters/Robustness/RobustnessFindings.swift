import Evaluation
import Figures
import Study

/// How little it takes to fool it.
extension Findings {
  /// The sizes that fooled the images that were read correctly, infinite for those that held, ascending.
  private static func foolingSizes(_ facts: RobustnessFacts) -> [Double] {
    facts.smallest.filter { $0 != 0 }.map { $0 ?? .infinity }.sorted()
  }

  /// The size at which half of the images attacked are misread: where the curve of PGD crosses one half, between two
  /// sizes on the line between them; infinite if it does not, `nil` without a curve.
  static func medianSize(_ facts: RobustnessFacts) -> Double? {
    guard let points = facts.curves.first(where: { $0.method == .pgd })?.points,
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
    let tried = facts.curves.first { $0.method == .pgd }?.points.map(\.epsilon) ?? []
    let least = tried.filter { $0 > 0 }.min() ?? 0
    // Between no change and the smallest that was tried nothing was measured.
    return median < least
      ? "A change of \(Format.significant(least, 2)) per pixel is more than enough to have half of the \(noun)s misread."
      : "Half of the \(noun)s are misread at a change of about \(Format.significant(median, 2)) per pixel."
  }

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
    guard let noise = facts.curves.first(where: { $0.method == .noise }),
      let attack = facts.curves.first(where: { $0.method == .pgd })
        ?? facts.curves.first(where: { $0.method == .fgsm }),
      let point = attack.points.filter({ $0.epsilon > 0 })
        .min(by: { abs($0.epsilon - 0.1) < abs($1.epsilon - 0.1) }),
      let other = noise.points.first(where: { $0.epsilon == point.epsilon })
    else { return nil }
    return Duel(
      method: attack.method.rawValue.uppercased(), epsilon: point.epsilon, noise: other.accuracy,
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
        "\(size), of only \(Wording.counted(facts.count, "image")), \(right(duel.noise)) \(right(duel.noise) == 1 ? "is" : "are") "
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
}
