import Attribution
import Figures
import Study

/// What the maps are worth.
extension Findings {
  /// What the sanity check says about the maps.
  static func sanity(_ facts: ExplanationFacts, subject: Wording) -> String {
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
}
