import Evaluation
import Figures
import Study
import Training

/// What several networks gain by answering as one; left out for a single network.
struct EnsembleChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let facts = results.ensemble else { return nil }
    let result = facts.result
    let count = result.members.count
    return ChapterOutline(
      id: "ensemble", title: "\(count) networks as one",
      question: "What do \(count) networks know together that one of them does not?",
      goal:
        "You will be able to say what an ensemble gains, why its members have to err in different places, and what it "
        + "cannot help.",
      paragraphs: [
        "\(model) is an ensemble of \(count) networks\(origin). Its probabilities are the mean of theirs. By themselves they "
          + "read \(Format.percent(result.meanAccuracy)) of the \(Format.count(evaluation.count)) test images in the mean, "
          + "together \(Format.percent(evaluation.accuracy)). Two of them disagree about "
          + "\(Format.percent(result.meanDisagreement)) of the images: where one alone is wrong, the others may make up for it.",
        "\(Findings.againstBest(result)) \(Findings.calibrated(result))",
      ],
      notes: [
        (
          "Vote or mean?",
          "A vote counts each member’s first choice and forgets how sure it was. The mean of the probabilities keeps it, "
            + "so that it also says how sure the whole is."
        )
      ] + (facts.validationCount > 0 ? [Self.pooling(facts.validationCount)] : []),
      illustrations: [
        figure.members(result), figure.sizes(result, of: evaluation.count), figure.honesty(result),
        figure.disagreement(result), figure.wrongTogether(result, of: evaluation.count),
        figure.unread(facts),
      ].compactMap { $0 })
  }

  /// How the members came about, if the run says so.
  private var origin: String {
    guard let run = results.model.run, run.ensemble != nil else { return "" }
    return run.from == nil
      ? " of one kind that began from different random weights and saw the same images in different orders"
      : " that began with the same trained network and saw the same images in different orders"
  }

  private static func pooling(_ count: Int) -> (String, String) {
    (
      "Pool, then calibrate",
      "Averaging networks that are each right about how sure they are gives an ensemble that is too modest. So the "
        + "probabilities are averaged first, and one temperature is fitted to the mean on "
        + "\(Wording.counted(count, "validation image"))."
    )
  }
}

extension Findings {
  /// How the whole stands against its best member.
  static func againstBest(_ result: EnsembleResult) -> String {
    let best = result.members[result.best]
    let name =
      best.validationAccuracy == nil
      ? "Member \(result.best + 1)"
      : "The member that reads most validation images, number \(result.best + 1),"
    let split =
      "\(Wording.counted(result.onlyEnsemble, "test image")) only the ensemble reads, "
      + "\(Format.count(result.onlyBest)) only that member (exact McNemar test, p = "
      + "\(Format.significant(result.pValue, 2)))"
    return "\(name) reads \(Format.percent(best.accuracy)): \(split), "
      + (result.pValue < 0.05
        ? result.onlyEnsemble > result.onlyBest
          ? "so the gain is more than chance." : "so the ensemble is worse by more than chance."
        : "which chance alone could have made.")
  }

  /// What pooling and a temperature do to the loss.
  static func calibrated(_ result: EnsembleResult) -> String {
    let plain =
      "The log loss of a member is \(Format.fixed(result.single.loss, 4)) in the mean, of all together "
      + Format.fixed(result.pooled.loss, 4)
    guard let one = result.single.calibratedLoss, let all = result.pooled.calibratedLoss else {
      return plain + "."
    }
    return plain
      + "; with a temperature fitted on validation each, \(Format.fixed(one, 4)) and \(Format.fixed(all, 4))."
  }
}
