import Questions
import Study

extension LiveChapter {
  var questions: [Question] {
    guard results.live != nil else { return [] }
    return [
      Question(
        "no-class",
        "You drew something that is no \(subject.noun) of these classes, and it named a class all the same. Is that a bug?",
        points: [
          "No: it was never shown “none of these”.",
          "Confidence compares the classes; it does not say whether the picture is one of them.",
        ],
        answer:
          "No. It was never shown “none of these”, so it always names a class. Confidence compares the "
          + "classes with each other; it does not say whether the picture is one of them.")
    ]
  }
}
