import Figures
import Study

/// What its mistakes have in common.
extension Findings {
  /// How many mistakes were made without doubt.
  static func sureMistakes(_ sure: (count: Int, isAll: Bool), of errors: Int) -> String {
    let (count, isAll) = sure
    if errors == 0 { return "There are no mistakes to show." }
    if count == 0 { return "It was never more than 90% sure when it was wrong." }
    let which =
      count == errors
      ? Wording.capitalized(Wording.all(errors, "mistake"))
      : "\(isAll ? "" : "At least ")\(Format.count(count)) of the \(Format.count(errors)) mistakes"
    return "\(which) \(count == 1 ? "was" : "were") made with more than 90% confidence."
  }

  /// How sure the surest right answers are.
  static func sureCases(_ sure: [ExampleFacts], noun: String) -> String {
    guard let least = ExampleFacts.leastConfidence(sure) else {
      return "There are no right answers."
    }
    return least > 0.999
      ? "On its clearest \(noun)s it is \(Format.probability(Double(least))) sure, and right."
      : "On its clearest \(noun)s it is at least \(Int(100 * least))% sure, and right."
  }

  /// How many training labels are doubted.
  static func labelNoise(_ facts: LabelNoiseFacts) -> String {
    facts.doubted == 0
      ? "Networks that had not seen them doubt none of the \(Format.count(facts.count)) training labels."
      : "Networks that had not seen them doubt \(Format.count(facts.doubted)) of the \(Format.count(facts.count)) training labels: who is right?"
  }
}
