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
      figure.perClass(results.quality), figure.reliability(results.quality),
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
      checkpoints: [confusionCheckpoint(), chanceCheckpoint()])
  }

  private func confusionCheckpoint() -> (String, String) {
    let (pairs, share) = results.quality.foremost(3)
    let words = pairs.map {
      "\(subject.className($0.actual)) read as \(subject.className($0.predicted)) "
        + "(\($0.count == 1 ? "once" : "\(Format.count($0.count)) times"))"
    }
    return (
      "Which \(subject.isDigits ? "digits" : "classes") does it confuse most often?",
      pairs.isEmpty
        ? "None: it made no mistake on these images."
        : "\(Wording.list(words)): together \(Format.percent(share, decimals: 0)) of its "
          + "\(Wording.counted(evaluation.errors, "error"))."
    )
  }

  private func chanceCheckpoint() -> (String, String) {
    let other = evaluation.rival
    return (
      "Another network scores \(Format.percent(other.accuracy)) on these \(Format.count(evaluation.count)) "
        + "images, this one \(Format.percent(evaluation.accuracy)). Is the other \(other.isWorse ? "worse" : "better")?",
      "You cannot tell from that. The difference is \(Wording.counted(other.images, "image")), and the "
        + "95% interval of such a difference is about ±\(Wording.counted(Int(other.chance.rounded()), "image")). Compare them on the same "
        + "images, counting only those on which they disagree."
    )
  }
}
