import Evaluation
import Figures
import Study

/// What changed from one network to another, each with its interval; what chance explains is said to be so.
extension Findings {
  /// A difference of shares in points: `0.31 points more`.
  static func points(apart difference: Double) -> String {
    "\(Format.fixed(100 * abs(difference), 2)) points \(difference < 0 ? "less" : "more")"
  }

  /// The interval of a difference of shares: `95% CI 0.10 to 0.52`.
  static func points(within interval: Interval) -> String {
    "95% CI \(span(interval, scale: 100, decimals: 2))"
  }

  /// An interval with the signs of its ends: `−0.02 to 0.20`.
  static func span(_ interval: Interval, scale: Double = 1, decimals: Int) -> String {
    "\(Format.fixed(scale * interval.low, decimals)) to \(Format.fixed(scale * interval.high, decimals))"
  }

  /// Whether the network after reads more images.
  static func changedAccuracy(_ pair: ChangedPair) -> String {
    let answers = pair.change.answers
    if answers.onlyFirst + answers.onlySecond == 0 {
      return "\(pair.after) and \(pair.before) are right on the same images."
    }
    let chance =
      "\(points(within: answers.interval)), p = \(Format.significant(answers.pValue, 2))"
    return pair.isBeyondChance(.accuracy)
      ? "\(pair.after) reads \(points(apart: answers.difference)) than \(pair.before) (\(chance))."
      : "Accuracy did not change beyond chance: \(pair.after) reads \(points(apart: answers.difference)) (\(chance))."
  }

  /// How many images flipped, and whether more went one way.
  static func flipped(_ pair: ChangedPair) -> String {
    let answers = pair.change.answers
    let (gained, lost) = (answers.onlyFirst, answers.onlySecond)
    let share = Interval.wilson(gained, of: gained + lost)
    return
      "\(Wording.counted(gained + lost, "image")) flipped: \(Format.count(gained)) became right and \(Format.count(lost)) wrong, "
      + (pair.isBeyondChance(.accuracy)
        ? "too uneven for chance (\(percent(gained, of: gained + lost)) became right, 95% CI \(share.percent(decimals: 0)))."
        : "as even as chance makes it (\(percent(gained, of: gained + lost)) became right, 95% CI \(share.percent(decimals: 0))).")
  }

  /// The calibration errors of both, without a verdict: their difference has no interval that holds.
  static func changedCalibration(_ pair: ChangedPair) -> String {
    let error = pair.change.calibration
    return
      "On these images the calibration error was \(Format.points(error.before)) before and is \(Format.points(error.after)) after."
  }

  /// Whether the network after holds against more attacks.
  static func changedRobustness(_ pair: ChangedPair) -> String {
    guard let held = pair.change.attacked else { return "The two networks under attack." }
    let images = held.images
    let size = "at ε = \(Format.significant(held.epsilon, 2))"
    let (difference, chance) = (points(apart: images.difference), points(within: images.interval))
    return pair.isBeyondChance(.robustness)
      ? "Under attack \(size) \(pair.after) reads \(difference) of the images than \(pair.before) (\(chance))."
      : "Under attack \(size) the two cannot be told apart: \(pair.after) reads \(difference) (\(chance))."
  }

  /// Where the weights moved most.
  static func changedWeights(_ pair: ChangedPair) -> String {
    let moved = pair.change.layers.compactMap { layer in layer.distance.map { (layer.name, $0) } }
    guard let most = moved.max(by: { $0.1 < $1.1 }), let least = moved.min(by: { $0.1 < $1.1 })
    else { return "The weights of each layer." }
    if most.1 == 0 { return "No weight of any layer changed." }
    if moved.count == 1 {
      return "The weights of \(most.0) moved by \(percent(most.1)) of their length."
    }
    return
      "The weights of \(most.0) moved most, by \(percent(most.1)) of their length, those of \(least.0) least, by \(percent(least.1))."
  }

  /// Which filters moved most.
  static func changedFilters(_ filters: ChangeFacts.Filters) -> String {
    let sorted = filters.distances.sorted()
    let noun = filters.areTemplates ? "template" : "filter"
    guard let farthest = filters.shown.first, let first = sorted.first, let last = sorted.last,
      last > 0
    else { return "No \(noun) of \(filters.layer) moved." }
    let start =
      "\(Wording.capitalized(noun)) \(farthest.after) of \(filters.layer) moved most, by \(percent(last)) of its length; "
      + "half of the \(sorted.count) by less than \(percent(sorted[sorted.count / 2]))"
    return start + (first == 0 ? ", some not at all." : ".")
  }

  /// Whether the two give the same reasons.
  static func changedExplanations(_ pair: ChangedPair) -> String {
    guard let agreement = pair.other.agreement else { return "The reasons that changed most." }
    let shown =
      "their maps of one image have a rank correlation of \(estimate(agreement.signed)) on average over "
      + Wording.counted(agreement.count, "image")
    switch Agreement.likeness([agreement])?.0 {
    case .unlike: return "The two give different reasons: \(shown)."
    case .alike: return "The two give like reasons: \(shown)."
    case .inPart, nil: return "The two give reasons that are alike in part: \(shown)."
    }
  }

  /// What changed, and what did not, in a sentence; what was not measured is left out.
  static func changed(_ pair: ChangedPair) -> String {
    let change = pair.change
    let real = pair.tested.filter(\.isReal).map(\.what.rawValue)
    let chance = pair.tested.filter { !$0.isReal }.map(\.what.rawValue)
    let loss = (change.loss.pValue == nil ? nil : change.loss.interval).map {
      " The loss went from \(Format.significant(change.loss.before, 2)) to \(Format.significant(change.loss.after, 2)) nats "
        + "(difference 95% CI \(span($0, decimals: 4)))."
    }
    let sentence =
      real.isEmpty
      ? "Nothing that was measured changed by more than chance explains: not \(Wording.list(chance))."
      : "By more than chance explains, these changed: \(Wording.list(real))."
        + (chance.isEmpty ? "" : " Within chance: \(Wording.list(chance)).")
    return sentence + (loss ?? "")
  }

  private static func percent(_ share: Double) -> String {
    Format.percent(share, decimals: share < 0.1 ? 1 : 0)
  }
}
