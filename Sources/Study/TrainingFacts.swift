package import Evaluation
package import Networks

/// What the records of a run's epochs come to, worked out from the history that a checkpoint keeps.
package struct TrainingFacts: Sendable {
  /// One record an epoch.
  package let history: [EpochRecord]

  /// The facts of a history.
  package init(_ history: [EpochRecord]) { self.history = history }

  /// What the validation losses of a run say.
  package enum Course: Equatable, Sendable {
    /// There are no two epochs with one.
    case unknown
    /// Training images have less than half the loss of validation images from an epoch on, beyond chance; perhaps after the last
    /// one only.
    case memorized(from: Int, isLast: Bool)
    /// The last epoch still improved them by more than chance explains, with steps that still were large.
    case improving
    /// The lowest came at an epoch; so many others are too close to it to tell.
    case lowest(at: Int, of: Int, rivals: Int)
  }

  /// How far the last epoch's accuracy on training images is above that on validation images.
  package struct Gap: Equatable, Sendable {
    /// The difference of the two shares.
    package let value: Double
    /// Its 95 % interval; `nil` where the history does not say of how many images these are.
    package let interval: Interval?

    /// Where there is no interval, a difference up to this is called chance.
    private static let small = 0.002

    /// True if chance explains it.
    package var isChance: Bool { interval?.contains(0) ?? (abs(value) <= Self.small) }
    /// True if training images are better beyond chance.
    package var isReal: Bool { value > 0 && !isChance }
  }

  /// Units of a layer that are zero for every validation image.
  package struct DeadUnits: Equatable, Sendable {
    /// The layer.
    package var layer: String
    /// How many were dead after the first epoch.
    package var first: Int
    /// How many were dead at the end.
    package var last: Int
    /// The layer's units.
    package var units: Int
    /// The share of the network's parameters that lead to a dead unit or away from it.
    package var parameters: Double

    var share: Double { Double(last) / Double(units) }
  }

  /// True if every epoch's training images were looked at after it.
  package var isEvaluated: Bool { history.allSatisfy { $0.evaluatedTrainLoss != nil } }

  /// True if validation images were looked at after the last epoch.
  package var isValidated: Bool { history.last?.validationAccuracy != nil }

  /// The epoch with the lowest validation loss.
  package var best: EpochRecord? {
    history.filter { $0.validationLoss?.isFinite == true }
      .min { ($0.validationLoss ?? 0) < ($1.validationLoss ?? 0) }
  }

  /// True if validation loss was lower in the middle of an epoch than after any.
  package var isLowerHalfway: Bool {
    guard let lowest = best?.validationLoss else { return false }
    return history.contains { ($0.halfEpoch?.validationLoss ?? .infinity) < lowest }
  }

  // MARK: Losses

  /// What the validation losses say.
  package var course: Course {
    let validated = history.filter { $0.validationLoss != nil }
    guard let best, let end = history.last, let last = validated.last, validated.count > 1 else {
      return .unknown
    }
    if Self.isMemorizing(last) {
      let start = validated.lastIndex { !Self.isMemorizing($0) }.map { $0 + 1 } ?? 0
      return .memorized(from: validated[start].epoch, isLast: start == validated.count - 1)
    }
    if Self.isStillImproving(validated) { return .improving }
    let rivals = validated.count { record in
      guard record.epoch != best.epoch, let loss = record.validationLoss,
        let lowest = best.validationLoss, let error = Self.error(record, best)
      else { return false }
      return loss - lowest < 1.96 * error
    }
    return .lowest(at: best.epoch, of: end.epoch, rivals: rivals)
  }

  /// The standard error of the difference of two losses: twice that far apart, they differ by more than chance in the choice of
  /// images explains. `nil` if that is not known.
  private static func error(_ one: EpochRecord, _ other: EpochRecord) -> Double? {
    guard let first = one.validationLossError, let second = other.validationLossError else {
      return nil
    }
    return (first * first + second * second).squareRoot()
  }

  /// True if the last epoch improved validation by more than chance explains, with steps that still were large.
  private static func isStillImproving(_ history: [EpochRecord]) -> Bool {
    guard history.count > 1 else { return false }
    let (before, last) = (history[history.count - 2], history[history.count - 1])
    let peak = history.map(\.learningRate).max() ?? 0
    guard let earlier = before.validationLoss, let loss = last.validationLoss,
      let error = error(before, last), last.learningRate > peak / 100
    else { return false }
    return earlier - loss > 1.96 * error
  }

  /// True if training images have less than half the loss of validation images, and chance in the choice of these does not
  /// explain it.
  private static func isMemorizing(_ record: EpochRecord) -> Bool {
    guard let loss = record.validationLoss, let error = record.validationLossError else {
      return false
    }
    let train = record.answeredTrainLoss
    return train < loss / 2 && loss - train > 1.96 * error
  }

  /// Of several networks those that ended with the lowest and the highest validation loss; `nil` if one has none, or if they
  /// are equal.
  package static func ends(
    _ histories: [(name: String, history: [EpochRecord])]
  ) -> (best: (name: String, loss: Double), worst: (name: String, loss: Double))? {
    let ends = histories.compactMap { entry in
      entry.history.last?.validationLoss.flatMap { $0.isFinite ? (entry.name, $0) : nil }
    }
    guard ends.count > 1, ends.count == histories.count,
      let best = ends.min(by: { $0.1 < $1.1 }), let worst = ends.max(by: { $0.1 < $1.1 }),
      best.1 < worst.1
    else { return nil }
    return (best, worst)
  }

  // MARK: The gap

  /// The gap at the end; `nil` without validation images.
  package var gap: Gap? {
    guard let last = history.last, let validation = last.validationAccuracy else { return nil }
    let value = last.answeredTrainAccuracy - validation
    guard let train = last.evaluatedTrainAccuracy, let trained = last.evaluatedTrainCount,
      let validated = last.validationCount
    else { return Gap(value: value, interval: nil) }
    func right(_ share: Double, _ count: Int) -> Int { Int((share * Double(count)).rounded()) }
    return Gap(
      value: value,
      interval: .difference(
        right(train, trained), of: trained, minus: right(validation, validated), of: validated))
  }

  /// A value that was measured at a time, in epochs.
  package typealias Sample = (epoch: Double, value: Double)

  /// The first whole epoch from which on every value of the training images is better than that of the validation images;
  /// `nil` without two such epochs.
  package static func gapStart(
    _ training: [Sample], _ validation: [Sample], where isBetter: (Double, Double) -> Bool
  ) -> Double? {
    let measured = Dictionary(validation.map { ($0.epoch, $0.value) }) { first, _ in first }
    let epochs = training.reversed().prefix { sample in
      measured[sample.epoch].map { isBetter(sample.value, $0) } ?? false
    }.map(\.epoch).filter { $0 == $0.rounded() }
    return epochs.count > 1 ? epochs.last : nil
  }

  // MARK: Steps

  /// Mini-batches of an epoch, at least 1.
  package var stepsPerEpoch: Double {
    guard let last = history.last, let step = last.losses.last?.step, last.epoch > 0 else {
      return 1
    }
    return max(1, Double(step) / Double(last.epoch))
  }

  /// The losses along the way, each at its time in epochs.
  package var losses: [Sample] {
    let steps = stepsPerEpoch
    return history.flatMap(\.losses).map { (Double($0.step) / steps, $0.loss) }
  }

  /// Mini-batches that a loss along the way is the mean of; an epoch's last may be of fewer. `nil` without any.
  package var stepsPerLoss: Int? {
    let steps = history.flatMap(\.losses).map(\.step)
    return zip(steps, [0] + steps).map { $0 - $1 }.max()
  }

  // MARK: Dead units

  /// The layers that can have dead units, in the order of the network, and the one with the most at the end.
  package func mortal(among layers: [ModelFacts.Layer]) -> (layers: [String], worst: String?) {
    let units = history.last?.deadUnits ?? [:]
    let names = layers.map(\.name).filter { units[$0] != nil }
    func end(_ name: String) -> Int { units[name] ?? 0 }
    return (names, names.max { (end($0), $1) < (end($1), $0) })
  }

  /// The layer with the largest share of dead units at the end; `nil` if no layer can have any.
  package func deadUnits(in layers: [ModelFacts.Layer]) -> DeadUnits? {
    guard let first = history.first, let last = history.last else { return nil }
    let total = layers.reduce(0) { $0 + $1.parameters }
    let found = last.deadUnits.sorted { $0.key < $1.key }.compactMap { name, dead -> DeadUnits? in
      guard let place = layers.firstIndex(where: { $0.name == name }),
        let units = layers[place].outputShape.first, units > 0
      else { return nil }
      let into = Self.weighted(before: place, in: layers).reduce(0) { $0 + layers[$1].parameters }
      let out = Self.weighted(behind: place, in: layers).reduce(0) { sum, layer in
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
    // Units behind a concatenation have other numbers, and behind a mean of probabilities there are none.
    guard ![.concatenation, .mixture].contains(layers[place].role) else { return [] }
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
}
