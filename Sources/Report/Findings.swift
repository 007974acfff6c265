import Evaluation
import Figures
import Networks
import Study

/// What the numbers say, as sentences; a neutral one where nothing in particular holds.
enum Findings {
  /// Fewer images than this cannot tell what is usual.
  static let fewest = 30

  // MARK: Data

  /// How evenly the classes are filled.
  static func balance(_ counts: [Int]) -> String {
    guard let most = counts.max(), let least = counts.min(), least > 0 else {
      return "The images of each class."
    }
    let ratio = Double(most) / Double(least)
    if most == least { return "The classes are balanced: each has \(Format.count(most)) images." }
    if ratio <= 1.5 {
      return "The classes are nearly balanced: the largest is \(Format.fixed(ratio, 2)) times the "
        + "smallest."
    }
    return
      "The classes are not balanced: the largest is \(Format.fixed(ratio, 1)) times the smallest."
  }

  /// How many of the pixels are empty.
  static func pixels(_ histogram: [Int]) -> String {
    let total = histogram.reduce(0, +)
    guard total > 0, let zeros = histogram.first else { return "The values of the pixels." }
    let share = Double(zeros) / Double(total)
    guard share > 0.5 else { return "The values of the pixels, from 0 to 255." }
    return
      "\(Format.percent(share, decimals: 0)) of all pixels are exactly 0."
  }

  // MARK: Network

  /// Where the parameters are, and where the work is.
  static func arithmetic(_ layers: [ModelFacts.Layer]) -> String {
    let parameters = layers.reduce(0) { $0 + $1.parameters }
    let work = layers.reduce(0) { $0 + $1.multiplications }
    guard let largest = layers.max(by: { $0.parameters < $1.parameters }),
      let busiest = layers.max(by: { $0.multiplications < $1.multiplications }),
      parameters > 0, work > 0
    else { return "Parameters and multiplications of each layer." }
    let alike = (
      layers.filter { $0.parameters == largest.parameters }.count,
      layers.filter { $0.multiplications == busiest.multiplications }.count
    )
    if alike.0 > 1 || alike.1 > 1 {
      let held = percent(alike.0 * largest.parameters, of: parameters)
      let done = percent(alike.1 * busiest.multiplications, of: work)
      return
        "\(Subject.counted(alike.0, "layer")) of \(layers.count) \(alike.0 == 1 ? "holds" : "hold") \(held) of the "
        + "parameters, and \(alike.1) \(alike.1 == 1 ? "does" : "do") \(done) of the arithmetic."
    }
    let held = percent(largest.parameters, of: parameters)
    let done = percent(busiest.multiplications, of: work)
    if largest.name == busiest.name {
      return "\(largest.name) holds \(held) of the parameters and does \(done) of the arithmetic."
    }
    return "\(held) of the parameters sit in \(largest.name), but \(done) of the arithmetic is in "
      + "\(busiest.name)."
  }

  /// What training did to the answer.
  static func opinion(_ facts: UntrainedComparison) -> String {
    let classes = Float(max(facts.untrained.count, 1))
    let isBlank = (facts.untrained.max() ?? 1) < 1.5 / classes
    let isSure = (facts.trained.max() ?? 0) > 0.9
    if isBlank, isSure { return "With random weights it has no opinion. Trained, it has one." }
    if isSure { return "With random weights the answer is an accident. Trained, it is meant." }
    return "The same image, with random weights and with trained ones."
  }

  // MARK: Quality

  /// What is confused with what.
  static func confusion(_ evaluation: EvaluationResult, subject: Subject) -> String {
    guard evaluation.errors > 0, let top = pairs(evaluation.confusion).first else {
      return "No test \(subject.noun) was misread."
    }
    let (a, b) = (subject.className(top.actual), subject.className(top.predicted))
    if let group = confusedGroup(evaluation) {
      return "\(Format.percent(group.share, decimals: 0)) of the errors are among "
        + "\(Subject.list(group.classes.map(subject.className)))."
    }
    let share = Double(top.count) / Double(evaluation.errors)
    if share < 0.15 {
      let isAlone = pairs(evaluation.confusion).dropFirst().first?.count != top.count
      return isAlone
        ? "\(a) read as \(b) is the most common slip, but no single confusion dominates."
        : "No single confusion dominates."
    }
    return "\(a) read as \(b) is \(Format.percent(share, decimals: 0)) of all errors."
  }

  /// Fewer errors than this make no group.
  private static let fewestGrouped = 20

  /// Some classes, at most half of all, that hold most of the errors among themselves: far more than their number would
  /// explain; `nil` if there is no such group of at least three.
  static func confusedGroup(_ evaluation: EvaluationResult) -> (classes: [Int], share: Double)? {
    let confusion = evaluation.confusion
    let classes = confusion.count
    guard evaluation.errors >= fewestGrouped, classes >= 6 else { return nil }
    func between(_ one: Int, _ other: Int) -> Int { confusion[one][other] + confusion[other][one] }
    let pairs = confusion.indices.flatMap { one in (0..<one).map { [$0, one] } }
    guard var group = pairs.max(by: { between($0[0], $0[1]) < between($1[0], $1[1]) }) else {
      return nil
    }
    var best: (classes: [Int], share: Double, gain: Double)?
    while group.count < classes / 2 {
      let left = confusion.indices.filter { !group.contains($0) }
      func ties(_ label: Int) -> Int { group.reduce(0) { $0 + between($1, label) } }
      guard let next = left.max(by: { (ties($0), $1) < (ties($1), $0) }) else { break }
      group.append(next)
      let within = group.reduce(0) { sum, label in
        sum + group.reduce(0) { $0 + ($1 == label ? 0 : confusion[label][$1]) }
      }
      let share = Double(within) / Double(evaluation.errors)
      let expected =
        Double(group.count * (group.count - 1)) / Double(classes * (classes - 1))
      if share - expected > best?.gain ?? 0.4 {
        best = (group.sorted(), share, share - expected)
      }
    }
    return best.map { ($0.classes, $0.share) }
  }

  /// A confusion of two classes and how often it happened.
  struct Pair: Equatable {
    var actual: Int
    var predicted: Int
    var count: Int
  }

  /// The confusions, the most frequent first.
  static func pairs(_ confusion: [[Int]]) -> [Pair] {
    confusion.indices.flatMap { actual in
      confusion[actual].indices.compactMap { predicted -> Pair? in
        let count = confusion[actual][predicted]
        guard actual != predicted, count > 0 else { return nil }
        return Pair(actual: actual, predicted: predicted, count: count)
      }
    }.sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
  }

  /// A class with how many of some images of it, or of some answers, are right.
  struct Share {
    var label: Int
    var right: Int
    var count: Int
    var value: Double { Double(right) / Double(count) }
  }

  /// How many images of each class are found; no class without images.
  static func recalls(_ evaluation: EvaluationResult) -> [Share] {
    evaluation.confusion.indices.compactMap { label in
      let count = evaluation.confusion[label].reduce(0, +)
      return count > 0
        ? Share(label: label, right: evaluation.confusion[label][label], count: count) : nil
    }
  }

  /// How many of the answers of each class are true; no class that was never answered.
  static func precisions(_ evaluation: EvaluationResult) -> [Share] {
    evaluation.confusion.indices.compactMap { label in
      let count = evaluation.confusion.reduce(0) { $0 + $1[label] }
      return count > 0
        ? Share(label: label, right: evaluation.confusion[label][label], count: count) : nil
    }
  }

  /// Pairs of classes whose shares differ by more than chance explains, by Fisher's exact test with Holm's correction for all
  /// pairs: the lower class first.
  static func unequal(_ shares: [Share]) -> [(lower: Int, higher: Int)] {
    let pairs = shares.indices.flatMap { one in (0..<one).map { (shares[one], shares[$0]) } }
    let pValues = pairs.map { one, other in
      FisherExact.pValue(one.right, of: one.count, other.right, of: other.count)
    }
    return zip(pairs, FisherExact.significant(pValues)).filter { $1 }.map { pair, _ in
      let (one, other) = pair
      return one.value < other.value ? (one.label, other.label) : (other.label, one.label)
    }
  }

  /// Whether a class stands out.
  static func hardest(_ evaluation: EvaluationResult, subject: Subject) -> String {
    let classes = evaluation.perClass.filter { $0.count > 0 }
    guard classes.count > 1, let worst = classes.min(by: { ($0.recall ?? 0) < ($1.recall ?? 0) })
    else { return "Recall and precision of each class." }
    let unequal = unequal(recalls(evaluation))
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
      ? "\(name) is harder than \(Subject.list(easier.sorted().map(subject.className))), by more than chance explains."
      : "\(name) is harder than \(easier.count) of the \(classes.count - 1) other classes, by more than chance explains."
  }

  /// Whether the answers of some class are less often true than those of another.
  static func precision(_ evaluation: EvaluationResult, subject: Subject) -> String {
    let unequal = unequal(precisions(evaluation)).sorted { $0 < $1 }
    guard let first = unequal.first else {
      return "No class's answers are less precise than another's by more than chance explains."
    }
    let lower = Set(unequal.map(\.lower))
    func answers(_ labels: some Sequence<Int>) -> String {
      Subject.list(labels.map { "“\(subject.className($0))”" })
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

  // MARK: Confidence

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
      ? Subject.all(errors, "error")
      : "\(Format.count(review.caught)) of the \(Subject.counted(errors, "error"))"
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

  /// How many of the shown mistakes, the surest of all, were made without doubt.
  ///
  /// It is the number of all such mistakes unless the shown ones end before doubt begins.
  static func sure(_ mistakes: [ExampleFacts], of errors: Int) -> (count: Int, isAll: Bool) {
    let count = mistakes.count { $0.confidence > 0.9 }
    return (count, count < mistakes.count || errors <= mistakes.count)
  }

  /// How many mistakes were made without doubt.
  static func sureMistakes(_ sure: (count: Int, isAll: Bool), of errors: Int) -> String {
    let (count, isAll) = sure
    if errors == 0 { return "There are no mistakes to show." }
    if count == 0 { return "It was never more than 90% sure when it was wrong." }
    let which =
      count == errors
      ? Subject.capitalized(Subject.all(errors, "mistake"))
      : "\(isAll ? "" : "At least ")\(Format.count(count)) of the \(Format.count(errors)) mistakes"
    return "\(which) \(count == 1 ? "was" : "were") made with more than 90% confidence."
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    Format.percent(Double(part) / Double(max(whole, 1)), decimals: 0)
  }
}
