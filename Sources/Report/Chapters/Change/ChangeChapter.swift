import Evaluation
import Figures
import Questions
import Study

/// What changed from one checkpoint to another: the first chapter of a report of two.
struct ChangeChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let pair = ChangedPair(results) else { return nil }
    let change = pair.change
    return ChapterOutline(
      id: "change", title: "What changed",
      question: "What is different from \(pair.before) to \(pair.after)?",
      goal:
        "You will be able to say which differences between two networks are real, and which are chance.",
      paragraphs: [pair.introduction] + (change.isSame ? [] : [Findings.changed(pair)]),
      notes: [
        (
          "Before and after",
          "\(pair.before) is before, \(pair.after) after; every difference is after minus before. The chapters that "
            + "follow are about \(pair.after)."
        ),
        (
          "The same images",
          "Both were asked about the same \(Wording.counted(change.answers.count, "test image")). A test of pairs looks only at "
            + "those that one reads and the other does not. Accuracy, loss and robustness are tested together, with Holm’s "
            + "correction. Intervals cover the choice of images, not the seed of training."
        ),
      ], illustrations: change.isSame ? [] : illustrations(pair))
  }

  private func illustrations(_ pair: ChangedPair) -> [Illustration] {
    let (change, other) = (pair.change, pair.other)
    let curves = [(results.model.name, results.history), (other.name, other.history)]
    let isConvolution = change.filters != nil || other.firstLayer == nil
    return [
      figure.changedAccuracy(pair),
      other.flips.isEmpty ? nil : figure.flips(other, number: 1, title: Findings.flipped(pair)),
      curves.allSatisfy { !$0.1.isEmpty } ? figure.histories(curves) : nil,
      figure.changedCalibration(pair, bands: results.quality.bands),
      other.robustness.isEmpty
        ? nil : figure.robustnessBeside(results, title: Findings.changedRobustness(pair)),
      change.layers.isEmpty ? nil : figure.changedWeights(pair),
      change.filters.map { figure.changedFilters($0, pair) },
      isConvolution ? nil : figure.firstLayers(results),
      change.explained.isEmpty ? nil : figure.changedExplanations(pair),
    ].compactMap { $0 }
  }

  var questions: [Question] {
    guard let pair = ChangedPair(results), !pair.change.isSame else { return [] }
    let answers = pair.change.answers
    let isReal = pair.isBeyondChance(.accuracy)
    return [
      Question(
        "change-luck",
        "\(pair.before) scores \(Format.percent(pair.other.accuracy)) and \(pair.after) "
          + "\(Format.percent(evaluation.accuracy)). Is the difference more than luck?",
        .choice(
          Question.Choice(
            ["yes", "it cannot be told from luck"], right: [isReal ? 0 : 1],
            reply:
              "Look only at the images on which they disagree, and at the p-value of the pairs.")),
        answer:
          "Look only at the images on which they disagree: \(Format.count(answers.onlyFirst)) went to \(pair.after) and "
          + "\(Format.count(answers.onlySecond)) to \(pair.before). If both were equally good, these would split evenly; the "
          + "p-value of what happened is \(Format.significant(answers.pValue, 2)), "
          + (isReal
            ? "so small that chance is a poor explanation: the difference is real on images like these."
            : "not small enough for one of \(Wording.counted(pair.tested.count, "test")): chance alone could have made the difference.")
      )
    ]
  }
}

/// Two networks and what changed from one to the other.
struct ChangedPair {
  /// What is tested of the two.
  enum Tested: String {
    case accuracy
    case loss
    case robustness = "robustness under attack"
  }

  let change: ChangeFacts
  /// The network before.
  let other: ComparisonFacts
  /// The names of both.
  let before: String
  let after: String
  /// What was measured of both, and whether it changed by more than chance explains, with Holm's correction for their number.
  let tested: [(what: Tested, isReal: Bool)]
  private let model: ModelFacts

  /// The pair of a report that begins with what changed; `nil` of another report.
  init?(_ results: StudyResults) {
    guard let change = results.change, let other = results.comparisons.first else { return nil }
    (self.change, self.other, model) = (change, other, results.model)
    (before, after) = (
      Wording.short(other.name, limit: 24), Wording.short(results.model.name, limit: 24)
    )
    let pValues: [(what: Tested, pValue: Double?)] = [
      (.accuracy, change.answers.pValue), (.loss, change.loss.pValue),
      (.robustness, change.attacked?.images.pValue),
    ]
    let measured = pValues.compactMap { one in one.pValue.map { (what: one.what, pValue: $0) } }
    let holds = FisherExact.significant(measured.map(\.pValue))
    tested = zip(measured, holds).map { (what: $0.what, isReal: $1) }
  }

  /// True if it was measured, and chance is a poor explanation of the change.
  func isBeyondChance(_ what: Tested) -> Bool {
    tested.contains { $0.what == what && $0.isReal }
  }

  /// What the two are.
  var introduction: String {
    if change.isSame {
      return
        "Nothing changed: \(before) and \(after) are the same network, layer by layer and weight by weight, and give the same "
        + "answers."
    }
    func words(_ name: String, _ specification: String, _ parameters: Int) -> String {
      "\(name) is \(Wording.short(specification, limit: 120)) with \(Wording.counted(parameters, "parameter"))"
    }
    return model.specification == other.specification
      ? "Both are \(Wording.short(model.specification, limit: 120)) with \(Wording.counted(model.parameters, "parameter")), one before and one after."
      : words(before, other.specification, other.parameters) + "; "
        + words(after, model.specification, model.parameters) + "."
  }
}
