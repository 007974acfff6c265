import Figures
import Study

/// What sets two networks apart.
extension Findings {
  /// Whether what fools one network fools another, at the first size that halves the accuracy of the one.
  static func transfer(_ results: StudyResults) -> String {
    guard let transfer = results.transfer else { return "The networks under attack." }
    let name = Wording.short(transfer.name, limit: 24)
    let (left, kept) = (
      Format.percent(transfer.hit, decimals: 0), Format.percent(transfer.moved, decimals: 0)
    )
    return
      "\(transfer.isFooled ? "What fools this network fools \(name) too" : "What fools this network hardly fools \(name)") "
      + "at ε = \(Format.significant(transfer.epsilon, 2)): images that leave it right on \(left) leave \(name) right on \(kept)."
  }

  /// Whether several networks give the same reasons for the same images.
  static func explainedBeside(_ results: StudyResults) -> String {
    let agreements = results.comparisons.compactMap(\.agreement)
    guard let one = agreements.first, let (likeness, mean) = Agreement.likeness(agreements) else {
      return "The same images, each network’s own reasons."
    }
    let shown =
      "the signed rank correlation of their maps of one image is "
      + "\(agreements.count == 1 ? estimate(one.signed) : Format.fixed(mean, 2)) on average over \(Format.count(one.count)) images"
    switch likeness {
    case .unlike: return "The networks give different reasons: \(shown)."
    case .alike: return "The networks give like reasons: \(shown)."
    case .inPart: return "The networks give reasons that are alike in part: \(shown)."
    }
  }

  /// Whether one network is better than the other.
  static func comparison(_ facts: ComparisonFacts, accuracy: Double, name: String) -> String {
    let other = Wording.short(facts.name)
    guard let lead = facts.lead(of: accuracy) else {
      return "\(name) and \(other) cannot be told apart on these images."
    }
    let (better, worse) = lead > 0 ? (name, other) : (other, name)
    return "\(better) beats \(worse) by \(Format.points(abs(lead))), more than chance explains."
  }
}
