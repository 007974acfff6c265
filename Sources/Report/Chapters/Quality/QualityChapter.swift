import Evaluation
import Figures
import Study

/// How good it is.
struct QualityChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let illustrations = [
      figure.confusion(results.quality),
      figure.pairs(results.quality, layer: results.doubt.layer),
      figure.perClass(results.quality)
        .asking(.worstClass(evaluation, subject: subject)), figure.reliability(results.quality),
      figure.confidences(results.quality),
    ].compactMap { $0 }
    var paragraphs = [
      "It makes \(Wording.counted(evaluation.errors, "mistake")) in \(Format.count(evaluation.count)) and reads "
        + "\(Format.percent(evaluation.accuracy, interval: evaluation.accuracyInterval.range)) correctly. With a test set of "
        + "this size the true figure plausibly lies in that interval, so networks that differ by "
        + "less than about \(Format.significant(100 * evaluation.chanceOfDifference, 2)) points cannot be told apart by their accuracies alone."
    ]
    if let crowd = Findings.crowd(results.quality, dataset: subject.name) {
      paragraphs.append(crowd)
    }
    if subject.isDrawn {
      paragraphs.append(
        "Remember that these are digits drawn by the program. A high accuracy here says little "
          + "about MNIST."
      )
    }
    return ChapterOutline(
      id: "quality", title: "How good is it?",
      question: "What does it confuse, and can you trust its confidence?",
      goal: "You will be able to read a confusion matrix, and say how sure you are of an accuracy.",
      paragraphs: paragraphs,
      notes: [
        (
          "Uncertainty",
          "Intervals are 95% Wilson score intervals. They cover chance in the choice of test "
            + "images, not of the random seed."
        )
      ], illustrations: illustrations,
      trial: evaluation.errors > 0 ? results.quality.reviewSteps.map(Trial.review) : nil)
  }
}
