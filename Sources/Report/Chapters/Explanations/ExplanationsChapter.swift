import Attribution
import Figures
import Study

/// Which pixels made it say what it says.
struct ExplanationsChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let facts = results.explanations
    return ChapterOutline(
      id: "explanations", title: "Why this answer?", question: "Which pixels made it say that?",
      goal: "You will be able to compare attribution methods, and say when to distrust them.",
      paragraphs: [
        "Attribution maps color the pixels that pushed the score of the answer up (orange) or down "
          + "(blue). Methods rarely agree, so two tests stand beside them: does blanking the pixels that a map "
          + "points at change the answer, and does the map change when the network’s weights are random?"
      ],
      notes: [
        (
          "Caution", "A map is a hypothesis about the network; it is never a proof."
        ),
        (
          "Completeness",
          "Integrated gradients share the whole change of the score, from \(subject.isInk ? "a blank image" : "an image whose values are all 0") to this "
            + "one, among the pixels. The sum missed it by "
            + "\(Format.significant(facts.convergenceDelta, 2)) logits on average."
        ),
      ],
      illustrations: (facts.rows.isEmpty ? [] : [figure.saliency(facts)])
        + (results.ledger.map { [figure.ledger($0)] } ?? [])
        + [figure.deletion(facts)].compactMap { $0 }
        + (facts.methods.isEmpty ? [] : [figure.similarity(facts)])
        + (facts.cards.isEmpty ? [] : [figure.cards(facts)]))
  }
}
