import Evaluation
import Figures
import Networks
import Study

/// What the curves of training say. Training images are spoken of as the network answers them after an epoch; histories
/// of earlier versions only have means over the epoch, with dropout on.
extension Findings {
  /// An epoch's loss on training images.
  static func trainLoss(_ record: EpochRecord) -> Double {
    record.evaluatedTrainLoss ?? record.trainLoss
  }

  /// An epoch's accuracy on training images.
  static func trainAccuracy(_ record: EpochRecord) -> Double {
    record.evaluatedTrainAccuracy ?? runningAccuracy(record)
  }

  /// An epoch's accuracy on training images as they were trained on; every epoch of a classification has one.
  static func runningAccuracy(_ record: EpochRecord) -> Double { record.trainAccuracy ?? .nan }

  /// True if every epoch's training images were looked at after it.
  static func isEvaluated(_ history: [EpochRecord]) -> Bool {
    history.allSatisfy { $0.evaluatedTrainLoss != nil }
  }

  /// The epoch with the lowest validation loss.
  static func bestEpoch(_ history: [EpochRecord]) -> EpochRecord? {
    history.filter { $0.validationLoss?.isFinite == true }
      .min { ($0.validationLoss ?? 0) < ($1.validationLoss ?? 0) }
  }

  /// True if validation loss was lower in the middle of an epoch than after any.
  static func isLowerHalfway(_ history: [EpochRecord]) -> Bool {
    guard let lowest = bestEpoch(history)?.validationLoss else { return false }
    return history.contains { ($0.halfEpoch?.validationLoss ?? .infinity) < lowest }
  }

  /// What the validation loss of the best epoch is called.
  static func lowestLoss(_ history: [EpochRecord]) -> String {
    "lowest validation loss" + (isLowerHalfway(history) ? " after a whole epoch" : "")
  }

  /// What went wrong with a run that diverged or learned nothing; `nil` for any other, and where the loss of guessing is not
  /// known.
  static func failure(_ history: [EpochRecord], guessing: Double?) -> String? {
    guard let guessing else { return nil }
    func ends(_ loss: Double) -> String {
      "it ended with a training loss of \(Format.significant(loss, 2)), where guessing has "
        + "\(Format.significant(guessing, 2))"
    }
    switch TrainingOutcome(history, guessing: guessing) {
    case .learned: return nil
    case .learnedNothing(let loss):
      return "It learned next to nothing: \(ends(loss))."
    case .diverged(let loss):
      return loss.isFinite
        ? "Training diverged: \(ends(loss)). The steps were too large."
        : "Training diverged: at the end the loss was no longer a number."
    }
  }

  /// Twice this far apart, two losses differ by more than chance in the choice of images explains; `nil` if that is not
  /// known.
  private static func error(_ one: EpochRecord, _ other: EpochRecord) -> Double? {
    guard let first = one.validationLossError, let second = other.validationLossError else {
      return nil
    }
    return (first * first + second * second).squareRoot()
  }

  /// True if the last epoch improved validation by more than chance explains, with steps that still were large.
  static func isStillImproving(_ history: [EpochRecord]) -> Bool {
    guard history.count > 1 else { return false }
    let (before, last) = (history[history.count - 2], history[history.count - 1])
    let peak = history.map(\.learningRate).max() ?? 0
    guard let earlier = before.validationLoss, let loss = last.validationLoss,
      let error = error(before, last), last.learningRate > peak / 100
    else { return false }
    return earlier - loss > 1.96 * error
  }

  /// What the loss curves say.
  static func loss(_ history: [EpochRecord], guessing: Double?) -> String {
    if let failure = failure(history, guessing: guessing) { return failure }
    let validated = history.filter { $0.validationLoss != nil }
    guard let best = bestEpoch(history), let last = history.last, validated.count > 1 else {
      return "The loss of each epoch."
    }
    if let last = validated.last, isMemorizing(last) {
      let start = validated.lastIndex { !isMemorizing($0) }.map { $0 + 1 } ?? 0
      return start == validated.count - 1
        ? "After the last epoch its training loss was less than half its validation loss."
        : "From epoch \(validated[start].epoch) on its training loss is less than half its validation loss."
    }
    if isStillImproving(validated) { return "It was still improving when training stopped." }
    let rivals = validated.filter { record in
      guard record.epoch != best.epoch, let loss = record.validationLoss,
        let lowest = best.validationLoss, let error = error(record, best)
      else { return false }
      return loss - lowest < 1.96 * error
    }
    let chance =
      rivals.isEmpty
      ? "."
      : ", too close to \(Wording.counted(rivals.count, "other epoch")) to tell by their intervals."
    return "The \(lowestLoss(history)) came at epoch \(best.epoch) of \(last.epoch)\(chance)"
  }

  /// True if training images have less than half the loss of validation images, and chance in the choice of these does not
  /// explain it.
  private static func isMemorizing(_ record: EpochRecord) -> Bool {
    guard let loss = record.validationLoss, let error = record.validationLossError else {
      return false
    }
    let train = trainLoss(record)
    return train < loss / 2 && loss - train > 1.96 * error
  }

  /// How far the last epoch's accuracy on training images is above that on validation images, with its 95 % interval where
  /// the history says of how many images these are; `nil` without validation images.
  static func gap(_ history: [EpochRecord]) -> (value: Double, interval: Interval?)? {
    guard let last = history.last, let validation = last.validationAccuracy else { return nil }
    let value = trainAccuracy(last) - validation
    guard let train = last.evaluatedTrainAccuracy, let trained = last.evaluatedTrainCount,
      let validated = last.validationCount
    else { return (value, nil) }
    func right(_ share: Double, _ count: Int) -> Int { Int((share * Double(count)).rounded()) }
    return (
      value,
      .difference(
        right(train, trained), of: trained, minus: right(validation, validated), of: validated)
    )
  }

  /// True if the last epoch is better on training images than on validation images beyond chance.
  static func hasGap(_ history: [EpochRecord]) -> Bool {
    gap(history).map { $0.value > 0 && !isChance($0.value, $0.interval) } ?? false
  }

  private static func isChance(_ gap: Double, _ interval: Interval?) -> Bool {
    interval?.contains(0) ?? (abs(gap) <= 0.002)
  }

  /// What the accuracy curves say.
  static func generalization(_ history: [EpochRecord]) -> String {
    guard let (gap, interval) = gap(history) else { return "The accuracy of each epoch." }
    guard !isChance(gap, interval) else {
      return
        "It does as well on validation images as on those it trained on, as far as chance lets one tell."
    }
    let ends = interval.map { interval in
      " (\([interval.low, interval.high].map { Format.fixed(100 * abs($0), 2) }.sorted().joined(separator: "–")))"
    }
    if gap > 0 {
      return
        "It ends \(Format.points(gap))\(ends ?? "") better on its training images than on validation images."
    }
    return history.last?.evaluatedTrainAccuracy == nil
      ? "It does better on validation images than on those it trained on, which it met half-taught."
      : "It does better on validation images than on those it trained on."
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
      "\(Wording.short(end.0, limit: 24)) ended with a validation loss of \(Format.significant(end.1, 2))"
    }
    return "\(words(best)), \(words(worst))."
  }

  /// Units of a layer that are zero for every validation image.
  struct DeadUnits: Equatable {
    var layer: String
    /// How many were dead after the first epoch, and at the end.
    var first: Int
    var last: Int
    var units: Int
    /// The share of the network's parameters that lead to a dead unit or away from it.
    var parameters: Double

    var share: Double { Double(last) / Double(units) }
  }

  /// The layer with the largest share of dead units at the end; `nil` if no layer can have any.
  static func deadUnits(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> DeadUnits? {
    guard let first = history.first, let last = history.last else { return nil }
    let total = layers.reduce(0) { $0 + $1.parameters }
    let found = last.deadUnits.sorted { $0.key < $1.key }.compactMap { name, dead -> DeadUnits? in
      guard let place = layers.firstIndex(where: { $0.name == name }),
        let units = layers[place].outputShape.first, units > 0
      else { return nil }
      let into = weighted(before: place, in: layers).reduce(0) { $0 + layers[$1].parameters }
      let out = weighted(behind: place, in: layers).reduce(0) { sum, layer in
        let biases = layers[layer].hasBias ? layers[layer].outputShape.first ?? 0 : 0
        return sum + layers[layer].parameters - biases
      }
      let each = Double(into + out) / Double(units)
      return DeadUnits(
        layer: name, first: first.deadUnits[name] ?? 0, last: dead, units: units,
        parameters: total > 0 ? Double(dead) * each / Double(total) : 0)
    }
    return found.max { $0.share < $1.share }
  }

  /// True for a layer of weighted sums: a normalization has next to no parameters.
  private static func isWeighted(_ layer: ModelFacts.Layer) -> Bool {
    layer.parameters > 0 && layer.role != .normalization
  }

  /// The layers of weights that serve a layer's units and nothing else, through whatever has none.
  private static func weighted(before place: Int, in layers: [ModelFacts.Layer]) -> [Int] {
    // Units behind a concatenation have other numbers.
    guard layers[place].role != .concatenation else { return [] }
    return layers[place].inputs.filter { $0 > 0 }.map { $0 - 1 }.flatMap { before -> [Int] in
      let isShared = layers.count { $0.inputs.contains(before + 1) } > 1
      guard !isShared else { return [] }
      return isWeighted(layers[before]) ? [before] : weighted(before: before, in: layers)
    }
  }

  /// The layers of weights that read a layer's units, through whatever has none; behind a joint they are among others.
  private static func weighted(behind place: Int, in layers: [ModelFacts.Layer]) -> [Int] {
    layers.indices.filter { layers[$0].inputs == [place + 1] }.flatMap {
      isWeighted(layers[$0]) ? [$0] : weighted(behind: $0, in: layers)
    }
  }

  /// Whether training was healthy.
  static func health(_ history: [EpochRecord], layers: [ModelFacts.Layer]) -> String {
    guard !history.isEmpty else { return "How training went." }
    guard let worst = deadUnits(history, layers: layers) else {
      return "Learning rate and gradient, epoch by epoch."
    }
    guard worst.last > 0 else { return "No unit died." }
    let start =
      worst.first == 0
      ? "none was" : "\(Format.count(worst.first)) \(worst.first == 1 ? "was" : "were")"
    let early = history.count > 1 ? ", \(start) dead after epoch 1" : ""
    return
      "\(Format.count(worst.last)) of the \(Format.count(worst.units)) units of \(worst.layer) ended up dead"
      + "\(early); \(Format.percent(worst.parameters, decimals: 0)) of all parameters serve only \(worst.last == 1 ? "it" : "them")."
  }

  /// The classes that end lowest and highest.
  static func extremes(_ facts: TimeLapseFacts) -> (worst: Int?, best: Int?) {
    let last = facts.recall.last ?? []
    return (
      last.indices.min { (last[$0], $0) < (last[$1], $1) },
      last.indices.max { (last[$0], $1) < (last[$1], $0) }
    )
  }

  /// Whether the class that began lowest also ended lowest.
  static func classesOverTime(_ facts: TimeLapseFacts, subject: Wording) -> String {
    guard let at = facts.epochs.firstIndex(where: { $0 > 0 }), let end = extremes(facts).worst,
      let first = facts.recall[at].indices.min(by: {
        (facts.recall[at][$0], $0) < (facts.recall[at][$1], $1)
      })
    else { return "The classes, epoch by epoch." }
    if facts.epochs.count - at < 2 { return "The classes after the first epoch." }
    let images = facts.isValidation ? "validation" : "test"
    let rivals = rivals(of: end, facts)
    let chance =
      rivals == 0 ? "" : ", within chance of \(rivals) other \(rivals == 1 ? "class" : "classes")"
    return first == end
      ? "On the \(images) images “\(subject.className(end))” had the lowest recall after the first epoch, and still "
        + "has\(chance)."
      : "On the \(images) images “\(subject.className(first))” had the lowest recall after the first epoch; in the end "
        + "“\(subject.className(end))” has\(chance)."
  }

  /// How many classes chance alone may part from the one that ends lowest, by Fisher's exact test with Holm's correction.
  private static func rivals(of worst: Int, _ facts: TimeLapseFacts) -> Int {
    guard let last = facts.recall.last, facts.counts.count == last.count else { return 0 }
    func right(_ label: Int) -> Int {
      Int((last[label] * Double(facts.counts[label])).rounded())
    }
    let others = last.indices.filter { $0 != worst && facts.counts[$0] > 0 }
    let pValues = others.map {
      FisherExact.pValue(
        right(worst), of: facts.counts[worst], right($0), of: facts.counts[$0])
    }
    return FisherExact.significant(pValues).count { !$0 }
  }
}
