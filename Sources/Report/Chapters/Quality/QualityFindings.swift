import Evaluation
import Figures
import Study

/// How good it is, what it confuses, and what its confidence is worth.
extension Findings {
  /// What is confused with what.
  static func confusion(_ evaluation: EvaluationResult, subject: Wording) -> String {
    guard evaluation.errors > 0, let top = evaluation.confusions.first else {
      return "No test \(subject.noun) was misread."
    }
    let (a, b) = (subject.className(top.actual), subject.className(top.predicted))
    if let group = evaluation.confusedGroup {
      return "\(Format.percent(group.share, decimals: 0)) of the errors are among "
        + "\(Wording.list(group.classes.map(subject.className)))."
    }
    let share = Double(top.count) / Double(evaluation.errors)
    if share < 0.15 {
      let isAlone = evaluation.confusions.dropFirst().first?.count != top.count
      return isAlone
        ? "\(a) read as \(b) is the most common slip, but no single confusion dominates."
        : "No single confusion dominates."
    }
    return "\(a) read as \(b) is \(Format.percent(share, decimals: 0)) of all errors."
  }

  /// Whether a class stands out.
  static func hardest(_ evaluation: EvaluationResult, subject: Wording) -> String {
    let classes = evaluation.perClass.filter { $0.count > 0 }
    guard classes.count > 1, let worst = classes.min(by: { ($0.recall ?? 0) < ($1.recall ?? 0) })
    else { return "Recall and precision of each class." }
    let unequal = ClassShare.unequal(evaluation.recalls)
    guard !unequal.isEmpty else {
      return "No class is harder than another by more than chance explains."
    }
    let name = subject.className(worst.class)
    let easier = unequal.filter { $0.lower == worst.class }.map(\.higher)
    if easier.isEmpty {
      return "The classes are not equally easy, but no single one is the hardest."
    }
    if easier.count == classes.count - 1 { return "\(name) is harder than all the rest." }
    return easier.count <= 3
      ? "\(name) is harder than \(Wording.list(easier.sorted().map(subject.className))), by more than chance explains."
      : "\(name) is harder than \(easier.count) of the \(classes.count - 1) other classes, by more than chance explains."
  }

  /// Whether the answers of some class are less often true than those of another.
  static func precision(_ evaluation: EvaluationResult, subject: Wording) -> String {
    let unequal = ClassShare.unequal(evaluation.precisions).sorted { $0 < $1 }
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
    // One look at every report: only what is rarer than one in a thousand is told.
    guard let crowd = quality.crowd, crowd.pValue < 0.001 else { return nil }
    let (count, errors) = (quality.evaluation.count, quality.evaluation.errors)
    // Where the stretch has few errors, they crowd around it.
    let isFull = Double(crowd.errors) / Double(errors) > Double(crowd.count) / Double(count)
    let why =
      dataset == "MNIST" ? " The halves of MNIST's test set were written by different people." : ""
    let only = crowd.errors == 0 ? "None" : (isFull ? "" : "Only ") + Format.count(crowd.errors)
    return
      "\(only) of the \(Format.count(errors)) errors \(crowd.errors < 2 ? "is" : "are") among the test images "
      + "#\(crowd.first) to #\(crowd.first + crowd.count - 1), which are \(percent(crowd.count, of: count)) of all (p "
      + "\(crowd.pValue < 1e-9 ? "< 10⁻⁹" : "= \(Format.significant(crowd.pValue, 1))") if errors fell anywhere): the set is not mixed, and a part of it is no "
      + "sample of the whole.\(why)"
  }

  /// What a person who checks the doubtful answers would find.
  struct Review: Equatable {
    /// Answers of at most 90 % confidence, and errors among them.
    var checked = 0
    var caught = 0
    /// The other answers, and errors among them.
    var trusted = 0
    var missed = 0
  }

  /// What checking every answer of at most 90 % confidence finds.
  static func review(_ bands: [Calibration.Band]) -> Review {
    bands.reduce(into: Review()) { review, band in
      let wrong = band.count - band.correct
      if band.high <= 0.9 + 1e-9 {
        review.checked += band.count
        review.caught += wrong
      } else {
        review.trusted += band.count
        review.missed += wrong
      }
    }
  }

  /// The same as a sentence; empty without errors.
  static func reviewing(_ bands: [Calibration.Band], of count: Int) -> String {
    let review = review(bands)
    let errors = review.caught + review.missed
    guard errors > 0 else { return "" }
    guard review.checked > 0 else {
      return
        "It was more than 90% sure of every answer, so its confidence warns of none of the errors."
    }
    guard review.trusted > 0 else { return "It was more than 90% sure of no answer." }
    func rate(_ wrong: Int, _ all: Int) -> String {
      Format.percent(Double(wrong) / Double(max(all, 1)))
    }
    let caught =
      review.caught == errors
      ? Wording.all(errors, "error")
      : "\(Format.count(review.caught)) of the \(Wording.counted(errors, "error"))"
    return
      "Checking the \(rate(review.checked, count)) of answers of which it is at most 90% sure finds \(caught): "
      + "\(rate(review.caught, review.checked)) of those answers are wrong, "
      + "\(rate(review.missed, review.trusted)) of the others."
  }

  /// What confidence is worth.
  static func confidence(_ bands: [Calibration.Band]) -> String {
    let top = bands.last { $0.count > 0 }
    let start = top.flatMap { band -> String? in
      // A hundred images are the least that can tell.
      guard band.low >= 0.99, band.count >= 100,
        Double(band.correct) / Double(band.count) > 0.99
      else { return nil }
      return "Above \(Format.significant(band.low * 100, 3))% it is almost never wrong"
    }
    // Where it claims most beyond what chance lets it deliver.
    func excess(_ band: Calibration.Band) -> Double {
      (band.meanConfidence ?? 0) - Double(band.correct) / Double(max(band.count, 1))
    }
    let boast = bands.filter {
      $0.low < 0.99 && $0.count >= fewest
        && Interval.wilson($0.correct, of: $0.count).high < ($0.meanConfidence ?? 0)
    }.max { excess($0) < excess($1) }
    let middle = bands.first { abs($0.low - 0.5) < 1e-9 && abs($0.high - 0.7) < 1e-9 }
    let isCoin =
      middle.map { $0.count >= fewest && Interval.wilson($0.correct, of: $0.count).contains(0.5) }
      ?? false
    if let start, isCoin { return start + "; between 50 and 70% it is a coin toss." }
    if isCoin { return "Between 50 and 70% it is a coin toss." }
    if let start, let boast {
      let delivered = Double(boast.correct) / Double(boast.count)
      return start
        + "; between \(Format.percent(boast.low, decimals: 0)) and \(Format.percent(boast.high, decimals: 0)) it claims "
        + "\(Format.percent(boast.meanConfidence ?? 0, decimals: 0)) and delivers \(Format.percent(delivered, decimals: 0))."
    }
    if let start { return start + "." }
    return "What it claims against what it delivers."
  }

  /// Whether the surest answers hold mistakes.
  static func surest(_ bands: [Calibration.Band]) -> String {
    let neutral = "How sure it was of right and of wrong answers."
    guard let band = bands.last(where: { $0.count > 0 }) else { return neutral }
    let start = "\(Format.significant(100 * band.low, 3))% confidence"
    let wrong = band.count - band.correct
    if wrong > 0 {
      return
        "Even above \(start) there \(wrong == 1 ? "is 1 mistake" : "are \(Format.count(wrong)) mistakes")."
    }
    return band.count < fewest ? neutral : "Above \(start) there is no mistake."
  }
}
