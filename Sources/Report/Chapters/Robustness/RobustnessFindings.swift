import Figures
import Study

/// How little it takes to fool it.
extension Findings {
  /// The change that fools half of the images.
  static func smallest(_ facts: RobustnessFacts, noun: String) -> String {
    switch facts.median {
    case .unknown: "There was no image to fool."
    case .beyond: "Most images hold against every size that was tried."
    case .none: "More than half of the \(noun)s are misread without any change."
    case .below(let least):
      "A change of \(Format.significant(least, 2)) per pixel is more than enough to have half of the \(noun)s misread."
    case .about(let size):
      "Half of the \(noun)s are misread at a change of about \(Format.significant(size, 2)) per pixel, aimed by PGD."
    }
  }

  /// What noise and attack do.
  static func attack(_ facts: RobustnessFacts) -> String {
    let neutral = "Accuracy against the size of the change."
    guard let duel = facts.duel else { return neutral }
    let size = "At ε = \(Format.fixed(duel.epsilon, 2))"
    switch facts.verdict {
    case .neutral: return neutral
    case .few(let noise, let attack):
      return
        "\(size), of only \(Wording.counted(facts.count, "image")), \(noise) \(noise == 1 ? "is" : "are") "
        + "read right under random noise and \(attack) under aimed noise."
    case .ruinous:
      return "\(size) random noise barely matters; aimed noise of that size is ruinous."
    case .worse: return "Aimed noise does far more harm than random noise of the same size."
    case .falling: return "Under attack, accuracy falls as the change grows."
    case .harmless: return "\(size) neither noise nor the attack does much harm."
    }
  }
}
