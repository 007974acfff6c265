import Evaluation
import Figures
import Study

/// How good it is, what it confuses, and what its confidence is worth.
extension Findings {
  /// What is confused with what.
  static func confusion(_ evaluation: EvaluationResult, subject: Wording) -> String {
    func words(_ confusion: EvaluationResult.Confusion) -> String {
      "\(subject.className(confusion.actual)) read as \(subject.className(confusion.predicted))"
    }
    switch evaluation.confusionPattern {
    case .none: return "No test \(subject.noun) was misread."
    case .group(let classes, let share):
      return "\(Format.percent(share, decimals: 0)) of the errors are among "
        + "\(Wording.list(classes.map(subject.className)))."
    case .dominant(let top, let share):
      return "\(words(top)) is \(Format.percent(share, decimals: 0)) of all errors."
    case .foremost(let top):
      return "\(words(top)) is the most common slip, but no single confusion dominates."
    case .spread: return "No single confusion dominates."
    }
  }

  /// Whether a class stands out.
  static func hardest(_ evaluation: EvaluationResult, subject: Wording) -> String {
    switch evaluation.hardest {
    case .unknown: return "Recall and precision of each class."
    case .none: return "No class is harder than another by more than chance explains."
    case .unclear: return "The classes are not equally easy, but no single one is the hardest."
    case .one(let label): return "\(subject.className(label)) is harder than all the rest."
    case .among(let label, let easier, let others):
      let which =
        easier.count <= 3
        ? Wording.list(easier.map(subject.className))
        : "\(easier.count) of the \(others) other classes"
      return
        "\(subject.className(label)) is harder than \(which), by more than chance explains."
    }
  }

  /// Whether the answers of some class are less often true than those of another.
  static func precision(_ evaluation: EvaluationResult, subject: Wording) -> String {
    let unequal = evaluation.unequalPrecisions
    guard let first = unequal.first else {
      return "No class's answers are less precise than another's by more than chance explains."
    }
    let lower = Set(unequal.map(\.lower))
    func answers(_ labels: some Sequence<Int>) -> String {
      Wording.list(labels.map { "“\(subject.className($0))”" })
    }
    return lower.count == 1
      ? "Answers \(answers(lower)) are less often true than answers \(answers(unequal.map(\.higher).prefix(3)))"
        + "\(unequal.count > 3 ? " and others" : ""), by more than chance explains."
      : "The precision of \(unequal.count) pairs of classes differs by more than chance explains, that of "
        + "\(answers([first.lower, first.higher])) among them."
  }

  /// Whether errors crowd in a stretch of the test images, which a mixed set would not show; `nil` if not.
  static func crowd(_ quality: QualityFacts, dataset: String) -> String? {
    guard let stretch = quality.crowdedStretch else { return nil }
    let why =
      dataset == "MNIST" ? " The halves of MNIST's test set were written by different people." : ""
    // Where the stretch has few errors, they crowd around it.
    let only =
      stretch.errors == 0
      ? "None" : (stretch.isFull ? "" : "Only ") + Format.count(stretch.errors)
    return
      "\(only) of the \(Format.count(quality.evaluation.errors)) errors \(stretch.errors < 2 ? "is" : "are") among the test images "
      + "#\(stretch.images.lowerBound) to #\(stretch.images.upperBound), which are \(Format.percent(stretch.share, decimals: 0)) of all (p "
      + "\(stretch.pValue < 1e-9 ? "< 10⁻⁹" : "= \(Format.significant(stretch.pValue, 1))") if errors fell anywhere): the set is not mixed, and a part of it is no "
      + "sample of the whole.\(why)"
  }

  /// What checking every answer of at most 90 % confidence finds; empty without errors.
  static func reviewing(_ bands: [Calibration.Band], of count: Int) -> String {
    let review = Calibration.Review(bands)
    guard review.errors > 0 else { return "" }
    guard review.checked > 0 else {
      return
        "It was more than 90% sure of every answer, so its confidence warns of none of the errors."
    }
    guard review.trusted > 0 else { return "It was more than 90% sure of no answer." }
    func rate(_ wrong: Int, _ all: Int) -> String { percent(wrong, of: all, decimals: 2) }
    let caught =
      review.caught == review.errors
      ? Wording.all(review.errors, "error")
      : "\(Format.count(review.caught)) of the \(Wording.counted(review.errors, "error"))"
    return
      "Checking the \(rate(review.checked, count)) of answers of which it is at most 90% sure finds \(caught): "
      + "\(rate(review.caught, review.checked)) of those answers are wrong, "
      + "\(rate(review.missed, review.trusted)) of the others."
  }

  /// What confidence is worth.
  static func confidence(_ bands: [Calibration.Band]) -> String {
    let worth = Calibration.Worth(bands)
    let start = worth.trusted.map {
      bands.allSatisfy { $0.errors == 0 }
        ? "It was not wrong once"
        : "Above \(Format.significant($0 * 100, 3))% it is almost never wrong"
    }
    if worth.isCoin {
      return start.map { $0 + "; between 50 and 70% it is a coin toss." }
        ?? "Between 50 and 70% it is a coin toss."
    }
    guard let start else { return "What it claims against what it delivers." }
    guard let boast = worth.boast else { return start + "." }
    return start
      + "; between \(Format.percent(boast.low, decimals: 0)) and \(Format.percent(boast.high, decimals: 0)) it claims "
      + "\(Format.percent(boast.meanConfidence ?? 0, decimals: 0)) and delivers \(Format.percent(boast.accuracy, decimals: 0))."
  }

  /// Whether the surest answers hold mistakes.
  static func surest(_ bands: [Calibration.Band]) -> String {
    let neutral = "How sure it was of right and of wrong answers."
    guard let band = bands.last(where: { $0.count > 0 }) else { return neutral }
    let start = "\(Format.significant(100 * band.low, 3))% confidence"
    if band.errors > 0 {
      return
        "Even above \(start) there \(band.errors == 1 ? "is 1 mistake" : "are \(Format.count(band.errors)) mistakes")."
    }
    return band.count < Calibration.fewest ? neutral : "Above \(start) there is no mistake."
  }
}
