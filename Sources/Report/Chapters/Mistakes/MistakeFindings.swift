import Figures
import Study

/// What its mistakes have in common.
extension Findings {
  /// How many mistakes were made without doubt.
  static func sureMistakes(_ sure: Int, of errors: Int) -> String {
    if errors == 0 { return "There are no mistakes to show." }
    if sure == 0 { return "It was never more than 90% sure when it was wrong." }
    let which =
      sure == errors
      ? Wording.capitalized(Wording.all(errors, "mistake"))
      : "\(Format.count(sure)) of the \(Format.count(errors)) mistakes"
    return "\(which) \(sure == 1 ? "was" : "were") made with more than 90% confidence."
  }

  /// How sure the surest right answers are.
  static func sureCases(_ sure: [ExampleFacts], noun: String) -> String {
    guard let least = ExampleFacts.leastConfidence(sure) else {
      return "There are no right answers."
    }
    // A network that diverged is sure of nothing.
    guard least.isFinite else { return "Its answers here have no probabilities." }
    return least > 0.999
      ? "On its clearest \(noun)s it is more than 99.9% sure, and right."
      : "On its clearest \(noun)s it is at least \(Format.fixed(Double(100 * least).rounded(.down), 0))% sure, and right."
  }

  /// How many training labels are doubted.
  static func labelNoise(_ facts: LabelNoiseFacts) -> String {
    facts.doubted == 0
      ? "Networks that had not seen them doubt none of the \(Format.count(facts.count)) training labels."
      : "Networks that had not seen them doubt \(Format.count(facts.doubted)) of the \(Format.count(facts.count)) training labels: who is right?"
  }
}
