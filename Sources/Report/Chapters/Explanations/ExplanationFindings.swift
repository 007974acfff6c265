import Attribution
import Figures
import Study

/// What the maps are worth.
extension Findings {
  /// What the sanity check says about the maps.
  static func sanity(_ facts: ExplanationFacts, subject: Wording) -> String {
    switch facts.sanity {
    case .unknown: return "The same answers, explained."
    case .blind(let name):
      return
        "The map of \(words(name)) hardly depends on the network: random weights give "
        + "almost the same picture."
    case .sound: return "Random weights give other maps."
    case .blindOverBlanks(let name, let isInPart):
      return
        "Over the whole image the map of \(words(name)) hardly depends on the network; \(subject.inked) it does"
        + (isInPart ? ", in part." : ".")
    case .mixed(let name):
      return
        "In part the map of \(words(name)) is just the input showing through."
    }
  }

  /// Which map knows best what the answer rests on, and whether it would say the same of any network.
  static func deletion(_ facts: ExplanationFacts) -> String {
    switch facts.deletion {
    case .unknown: return "The answer while pixels are blanked."
    case .blind(let name): return mostFaithful(name, isBlind: true)
    case .alone: return "The answer while the pixels that a map calls important are blanked."
    case .kept(let name, let blanked, let method, let chance):
      return
        "With \(Format.percent(blanked, decimals: 0)) of the pixels blanked, the answer’s probability falls to "
        + "\(Format.probability(method)) if the map of \(words(name)) chooses them, and to "
        + "\(Format.probability(chance)) if chance does."
    }
  }

  private static func mostFaithful(_ name: String, isBlind: Bool) -> String {
    "In deletion the map of \(words(name)) is the most faithful here, "
      + (isBlind
        ? "yet it hardly depends on the network."
        : "and better than any that ignores the network.")
  }

  /// A mean with half the width of its 95 % interval: `0.46 ± 0.02`.
  static func estimate(_ estimate: Estimate) -> String {
    "\(Format.fixed(estimate.mean, 2)) ± \(Format.fixed(max(0.01, estimate.high - estimate.mean), 2))"
  }

  /// Whether the methods point at the same pixels.
  static func agreement(_ facts: ExplanationFacts) -> String {
    guard let agreement = facts.agreement else { return "The same answers, explained." }
    let (strength, signed) = (agreement.strength, agreement.signed)
    let shown =
      "the rank correlation of two maps of one image is \(estimate(strength)) without their signs and "
      + "\(estimate(signed)) with them, on average over \(Format.count(agreement.count)) images"
    switch agreement.likeness {
    case .unlike: return "The methods do not agree: \(shown)."
    case .alike: return "The methods agree on much: \(shown)."
    case .inPart: return "The methods agree in part: \(shown)."
    }
  }

  /// The most faithful method, beside what knows nothing of the network.
  static func faithfulness(_ facts: ExplanationFacts) -> String {
    switch facts.faithfulness {
    case .unknown: return "How far the maps can be trusted."
    case .none:
      return "In deletion no map is clearly better than one that knows nothing of the network."
    case .shared(let name, let isBlind, let others):
      return
        "In deletion the map of \(words(name)) is better than any \(isBlind ? "control, yet it hardly depends on the network" : "that ignores the network"); the "
        + "\(others.count == 1 ? "interval of \(words(others[0])) overlaps" : "intervals of \(others.count) other methods overlap") its own."
    case .one(let name, let isBlind): return mostFaithful(name, isBlind: isBlind)
    }
  }

  /// `integrated-gradients` as words.
  static func words(_ name: String) -> String {
    ReportFigures.properNames[name] ?? name.split(separator: "-").joined(separator: " ")
  }
}
