import Figures
import Study

/// How it is fooled.
struct RobustnessChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let facts = results.robustness
    let duel = facts.duel
    return ChapterOutline(
      id: "robustness", title: "How to fool it",
      question: "How little must change before the answer does?",
      goal:
        "You will be able to say what an adversarial example is, and how robustness is measured.",
      paragraphs: [
        "Following the gradient of the loss uphill finds the small change that hurts most. No "
          + "pixel changes by more than ε, where \(subject.scale)."
          + (duel.map {
            " At ε = \(Format.fixed($0.epsilon, 2)), \(Format.percent($0.attack, decimals: 1)) of "
              + "the images are still read correctly."
          } ?? "")
      ],
      notes: [
        (
          "Two attacks",
          "FGSM takes one step along the sign of the gradient. PGD takes many small ones and is "
            + "the fairer test. Surviving FGSM alone says little."
        )
      ],
      illustrations: (facts.examples.isEmpty ? [] : [figure.adversarial(facts)])
        + (facts.curves.isEmpty ? [] : [figure.curves(facts).asking(.breakingSize(facts))])
        + (facts.smallest.isEmpty ? [] : [figure.smallest(facts)]),
      trial: results.live.map(Trial.attack))
  }
}
