import Figures
import Questions
import Study

extension DoubtChapter {
  var questions: [Question] {
    let doubt = results.doubt
    let classes = Format.count(results.model.classes.count)
    return [
      Question(
        "strangers",
        "Shown something that belongs to none of its \(classes) "
          + "classes, this network still names one\(doubt.isSureOfStrangers ? ", often with confidence" : ""). Why?",
        points: [
          "Softmax compares the scores with each other, so one always wins.",
          "Nothing asks whether any of them is good.",
          "It was never shown “none of these”.",
        ],
        answer:
          "Softmax compares \(classes) scores with each other and "
          + "never asks whether any is good: one of them always wins"
          + (doubt.isSureOfStrangers
            ? ". Far from the training images the scores grow, and the largest can win by a wide margin."
            : "."
              + (doubt.strangers.last.map { _ in " \(Findings.strangers(doubt))" } ?? "")))
    ]
  }
}
