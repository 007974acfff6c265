import Evaluation
import Figures
import Networks
import Study

/// What the numbers say, as sentences; a neutral one where nothing in particular holds.
enum Findings {
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
      "\(Format.percent(share, decimals: 0)) of all pixels are exactly 0: most of an image is "
      + "empty."
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

  // MARK: Training

  /// What the loss curves say.
  static func loss(_ history: [EpochRecord]) -> String {
    let validated = history.filter { $0.validationLoss != nil }
    guard let best = bestEpoch(history), let last = history.last, validated.count > 1 else {
      return "The loss of each epoch."
    }
    let isMemorizing = { (record: EpochRecord) in
      record.trainLoss < (record.validationLoss ?? 0) / 2
    }
    if let last = validated.last, isMemorizing(last),
      let start = validated.lastIndex(where: { !isMemorizing($0) }).map({ $0 + 1 })
        ?? validated
        .indices.first
    {
      if start == validated.count - 1 {
        return "In the last epoch it learned its training set faster than the task."
      }
      return
        "From epoch \(validated[start].epoch) on it learns its training set faster than it learns "
        + "the task."
    }
    if best.epoch == last.epoch { return "It was still improving when training stopped." }
    return "The lowest validation loss came at epoch \(best.epoch) of \(last.epoch)."
  }

  /// Which of several networks ended with the lowest validation loss.
  static func histories(_ histories: [(name: String, history: [EpochRecord])]) -> String {
    let ends = histories.compactMap { entry in
      entry.history.last?.validationLoss.flatMap { $0.isFinite ? (entry.name, $0) : nil }
    }
    guard ends.count > 1, ends.count == histories.count,
      let best = ends.min(by: { $0.1 < $1.1 }), let worst = ends.max(by: { $0.1 < $1.1 }),
      best.1 < worst.1
    else { return "The networks as they learned." }
    func words(_ end: (String, Double)) -> String {
      "\(Subject.short(end.0, limit: 24)) ended with a validation loss of \(Format.significant(end.1, 2))"
    }
    return "\(words(best)), \(words(worst))."
  }

  /// The epoch with the lowest validation loss.
  static func bestEpoch(_ history: [EpochRecord]) -> EpochRecord? {
    history.filter { $0.validationLoss?.isFinite == true }
      .min { ($0.validationLoss ?? 0) < ($1.validationLoss ?? 0) }
  }

  /// What the accuracy curves say.
  static func gap(_ history: [EpochRecord]) -> String {
    guard let last = history.last, let validation = last.validationAccuracy else {
      return "The accuracy of each epoch."
    }
    let gap = last.trainAccuracy - validation
    if gap > 0.002 { return "The gap is worth \(Format.points(gap)) of accuracy." }
    return gap < -0.002
      ? "It does better on validation images than on those it trained on, which it met half-taught."
      : "It does as well on validation images as on those it trained on."
  }

  /// Whether training was healthy.
  static func health(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> String {
    guard let last = history.last else { return "How training went." }
    let shares = last.deadUnits.sorted { $0.key < $1.key }.compactMap { name, dead -> Dead? in
      guard let units = layers.first(where: { $0.name == name })?.outputShape.first, units > 0
      else { return nil }
      return Dead(layer: name, dead: dead, units: units)
    }
    if let worst = shares.max(by: { $0.share < $1.share }), worst.share > 0.1 {
      return "\(worst.dead) of the \(worst.units) units of \(worst.layer) ended up dead."
    }
    return shares.isEmpty
      ? "Learning rate and gradient, epoch by epoch." : "Training was healthy: few units died."
  }

  private struct Dead {
    var layer: String
    var dead: Int
    var units: Int
    var share: Double { Double(dead) / Double(units) }
  }

  // MARK: Quality

  /// What is confused with what.
  static func confusion(_ evaluation: EvaluationResult, subject: Subject) -> String {
    guard evaluation.errors > 0, let top = pairs(evaluation.confusion).first else {
      return "No test \(subject.noun) was misread."
    }
    let (a, b) = (subject.className(top.actual), subject.className(top.predicted))
    let share = Double(top.count) / Double(evaluation.errors)
    if share < 0.15 {
      let isAlone = pairs(evaluation.confusion).dropFirst().first?.count != top.count
      return isAlone
        ? "\(a) read as \(b) is the most common slip, but no single confusion dominates."
        : "No single confusion dominates."
    }
    return "\(a) read as \(b) is \(Format.percent(share, decimals: 0)) of all errors."
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

  /// Whether a class stands out.
  static func hardest(_ evaluation: EvaluationResult, subject: Subject) -> String {
    let classes = evaluation.perClass.filter { $0.count > 0 }
    guard classes.count > 1, let worst = classes.min(by: { ($0.recall ?? 0) < ($1.recall ?? 0) })
    else { return "Recall and precision of each class." }
    let everyPairOverlaps = classes.allSatisfy { a in
      classes.allSatisfy { a.recallInterval.overlaps($0.recallInterval) }
    }
    if everyPairOverlaps {
      return "The intervals overlap: no class is clearly harder than the rest."
    }
    let isAlone = classes.allSatisfy {
      $0.class == worst.class || $0.recallInterval.low > worst.recallInterval.high
    }
    if isAlone { return "\(subject.className(worst.class)) is harder than all the rest." }
    let easier = classes.filter { $0.recallInterval.low > worst.recallInterval.high }
      .sorted { ($0.recall ?? 0, $1.class) > ($1.recall ?? 0, $0.class) }
      .map { subject.className($0.class) }
    if easier.isEmpty {
      return "The classes are not equally easy, but no single one is the hardest."
    }
    return easier.count <= 3
      ? "\(subject.className(worst.class)) is harder than \(Subject.list(easier)); other intervals overlap."
      : "\(subject.className(worst.class)) is harder than \(easier.count) other classes; the rest overlap with it."
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
      $0.low < 0.99 && $0.count >= 30
        && Interval.wilson($0.correct, of: $0.count).high < ($0.meanConfidence ?? 0)
    }.max { excess($0) < excess($1) }
    let middle = bands.first { abs($0.low - 0.5) < 1e-9 && abs($0.high - 0.7) < 1e-9 }
    let isCoin =
      middle.map { $0.count > 0 && Interval.wilson($0.correct, of: $0.count).contains(0.5) }
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
    return "\(isAll ? "" : "At least ")\(Format.count(count)) of the "
      + "\(Subject.counted(errors, "mistake")) \(count == 1 ? "was" : "were") made with more than "
      + "90% confidence."
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    Format.percent(Double(part) / Double(max(whole, 1)), decimals: 0)
  }
}
