import Figures
import Study

/// The network that runs in the page.
extension Findings {
  /// Whether the network in the page is the one of the checkpoint.
  static func live(_ facts: LiveFacts, subject: Wording) -> String {
    guard facts.count > 0 else { return "The network answers while you draw." }
    return facts.agreed == facts.count
      ? "All \(Format.count(facts.count)) test \(subject.nouns) get the same answer here as from the checkpoint."
      : "\(Format.count(facts.agreed)) of \(Format.count(facts.count)) test \(subject.nouns) get the same answer here as from "
        + "the checkpoint."
  }
}
