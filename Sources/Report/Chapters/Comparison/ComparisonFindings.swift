import Attribution
import Figures
import Study

/// What sets two networks apart.
extension Findings {
  /// Whether what fools one network fools another, at the first size that halves the accuracy of the one.
  static func transfer(_ results: StudyResults) -> String {
    let own = results.robustness.curves.first { $0.method == .pgd }?.points ?? []
    guard let other = results.comparisons.first, let clean = other.robustness.first?.accuracy,
      let start = own.first?.accuracy, let last = own.last,
      let moved = other.transfer.first(where: {
        $0.epsilon == (own.first { $0.accuracy < start / 2 } ?? last).epsilon
      }), let hit = own.first(where: { $0.epsilon == moved.epsilon })
    else { return "The networks under attack." }
    let name = Wording.short(other.name, limit: 24)
    let (left, kept) = (
      Format.percent(hit.accuracy, decimals: 0), Format.percent(moved.accuracy, decimals: 0)
    )
    return
      "\(clean - moved.accuracy > 0.2 ? "What fools this network fools \(name) too" : "What fools this network hardly fools \(name)") "
      + "at ε = \(Format.significant(moved.epsilon, 2)): images that leave it right on \(left) leave \(name) right on \(kept)."
  }

  /// Whether several networks give the same reasons for the same images.
  static func explainedBeside(_ results: StudyResults) -> String {
    let agreements = results.comparisons.compactMap(\.agreement)
    guard let one = agreements.first else {
      return "The same images, each network’s own reasons."
    }
    let mean = agreements.reduce(0) { $0 + $1.signed.mean } / Double(agreements.count)
    let shown =
      "the signed rank correlation of their maps of one image is "
      + "\(agreements.count == 1 ? estimate(one.signed) : Format.fixed(mean, 2)) on average over \(Format.count(one.count)) images"
    let signed = agreements.map(\.signed)
    if areUnlike(signed) { return "The networks give different reasons: \(shown)." }
    return areAlike(signed)
      ? "The networks give like reasons: \(shown)."
      : "The networks give reasons that are alike in part: \(shown)."
  }

  /// Whether one network is better than the other.
  static func comparison(_ facts: ComparisonFacts, accuracy: Double, name: String) -> String {
    let other = Wording.short(facts.name)
    let gap = accuracy - facts.accuracy
    guard facts.pValue < 0.05, gap != 0 else {
      return "\(name) and \(other) cannot be told apart on these images."
    }
    let (better, worse) = gap > 0 ? (name, other) : (other, name)
    return "\(better) beats \(worse) by \(Format.points(abs(gap))), more than chance explains."
  }
}
