import Figures
import Study

/// How it is fooled.
struct RobustnessChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let facts = results.robustness
    let duel = facts.duel
    let noise = duel.map {
      "Accuracy under random noise is \(Format.percent($0.noise, decimals: 1)) at ε = "
        + "\(Format.fixed($0.epsilon, 2)). Is the network robust?"
    }
    let answer = duel.map {
      ($0.isTelling ? "No. " : "That does not tell. ")
        + "Random noise mostly averages out over \(Format.count(results.model.inputCount)) "
        + "inputs; an attack lines them all up in the one direction that matters, and leaves "
        + "\(Format.percent($0.attack, decimals: 1)). Robustness is about the worst case, so quote "
        + "the attack."
    }
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
        + (facts.curves.isEmpty ? [] : [figure.curves(facts)])
        + (facts.smallest.isEmpty ? [] : [figure.smallest(facts)]),
      trial: results.live.map(Trial.attack),
      checkpoints: [
        (
          noise ?? "Accuracy under random noise stays high. Is the network robust?",
          answer
            ?? "Not necessarily. Random noise averages out over the pixels; an attack lines them all "
            + "up in the one direction that matters. Robustness is about the worst case."
        )
      ])
  }
}
