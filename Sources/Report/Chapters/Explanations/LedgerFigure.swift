import Figures
package import Study

extension ReportFigures {
  /// What each unit before the last layer adds to two rival scores.
  package func ledger(_ facts: LedgerFacts) -> Illustration {
    let names = facts.classes.map(subject.className)
    let others = facts.active - facts.entries.count
    let rows =
      facts.entries.map { Waterfall.Row(unitName($0.unit, facts), $0.contributions) }
      + (others > 0 ? [Waterfall.Row("the other \(Format.count(others))", facts.rest)] : [])
      + [
        Waterfall.Row("bias", facts.biases.map(Double.init)),
        Waterfall.Row("score", facts.logits.map(Double.init), isTotal: true),
      ]
    let example = facts.example
    let rival = example.isRight ? "the runner-up" : "what it is"
    let units = facts.source.map { "unit of \($0)" } ?? "pixel"
    let noun = facts.source == nil ? "pixel" : "unit"
    return Illustration(
      text(
        .ledger, Findings.ledger(facts, subject: subject),
        "Test image #\(example.index), \(subject.anExample(example.label))"
          + "\(example.isRight ? "" : " read as \(names[0])"): what every \(units) adds to the scores of "
          + "\(names[0]), the answer, and \(names[1]), \(rival), from where the bar above ended. "
          + Self.silentWords(facts),
        method: "The \(noun)s that tell the two apart most come first."
          + (facts.favorites == nil
            ? ""
            : " Behind a unit’s number stands the class whose \(subject.nouns) it answers to most "
              + "(\(drawn(facts.images)))."),
        alt: "How the scores of \(names[0]) and \(names[1]) add up, unit by unit"),
      Waterfall(names.map { "for \($0)" }, rows))
  }

  private func unitName(_ unit: Int, _ facts: LedgerFacts) -> String {
    let favorite = facts.favorites.flatMap { $0.indices.contains(unit) ? $0[unit] : nil }
    return "\(facts.source == nil ? "pixel" : "unit") \(unit)"
      + (favorite.map { " (\(subject.className($0)))" } ?? "")
  }

  /// How many units say nothing, to this image and to any.
  private static func silentWords(_ facts: LedgerFacts) -> String {
    let silent = facts.units - facts.active
    let count = "\(Format.count(silent)) of the \(Format.count(facts.units))"
    guard silent > 0 else { return "None of the \(Format.count(facts.units)) is 0." }
    let dead = facts.dead.map { dead in
      dead == 0
        ? "; all of them answer to some other image"
        : "; \(Format.count(dead)) \(dead == 1 ? "is" : "are") dead, 0 for every image looked at"
    }
    return
      "\(count) \(silent == 1 ? "is" : "are") 0 here and add\(silent == 1 ? "s" : "") nothing\(dead ?? "")."
  }
}

extension Findings {
  /// Whether one unit decided between the two classes.
  static func ledger(_ facts: LedgerFacts, subject: Wording) -> String {
    let (answer, rival) = (subject.className(facts.classes[0]), subject.className(facts.classes[1]))
    let lead = Format.fixed(facts.lead, 2)
    let kind = facts.source == nil ? "pixel" : "unit"
    guard let most = facts.entries.max(by: { $0.difference < $1.difference }), most.difference > 0
    else { return "How the scores of \(answer) and \(rival) add up." }
    return most.difference > facts.lead
      ? "\(answer) leads \(rival) by \(lead): without \(kind) \(most.unit), \(rival) would be ahead of it."
      : "\(answer) leads \(rival) by \(lead): no single \(kind) decides it."
  }
}

extension FigureName {
  static let ledger = FigureName("ledger")
}
