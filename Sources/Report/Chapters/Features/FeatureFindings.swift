import Figures
import Study

/// What it learned to look for.
extension Findings {
  /// How much the optimised pictures look like the mean images of their classes.
  static func ideals(_ features: FeatureFacts, _ data: DataFacts, subject: Wording) -> String {
    guard let (most, least) = features.likeness(to: data) else {
      return "What raises each class’s score most."
    }
    let names = [most, least].map { "“\(subject.className($0.label))”" }
    let ends = [most, least].map { Format.fixed($0.correlation, 2) }
    return
      "Shifted to where they fit best, the ideal of \(names[0]) is most like its mean image (correlation \(ends[0])), "
      + "that of \(names[1]) least (\(ends[1]))."
  }

  /// How much of the way the first weights went in the first epoch.
  static func weightsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    guard let stride = facts.firstStride else { return "Watch the \(noun) form." }
    return "After epoch \(facts.epochs[1]) the \(noun) had moved "
      + "\(Format.percent(stride, decimals: 0)) as far from where they began as in the end."
  }

  /// How soon the maps looked as in the end.
  static func mapsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    guard let (random, first) = facts.likenessToEnd else {
      return "The same \(noun), as \(facts.layer) came to see it."
    }
    return "After epoch \(facts.epochs[1]) the maps of \(facts.layer) correlate by "
      + "\(Format.fixed(first, 2)) with those of the end; before training by \(Format.fixed(random, 2))."
  }

  /// What the filters of the first layer detect; `nil` if it has none that could detect an edge.
  static func firstFilters(_ features: FeatureFacts, subject: Wording) -> String? {
    guard let kinds = features.filterKinds else { return nil }
    func some(_ count: Int, _ one: String, _ many: String) -> String {
      "\(count == 0 ? "none" : Format.count(count)) \(count < 2 ? one : many)"
    }
    let ways =
      kinds.edges == 0
      ? ""
      : ": \(some(kinds.across, "weighs", "weigh")) left against right and \(some(kinds.down, "weighs", "weigh")) above against below"
    let (even, rest) = (kinds.even, kinds.others)
    return
      "Of the \(Wording.counted(kinds.count, "filter")) of \(features.layer), \(some(kinds.edges, "detects", "detect")) edges"
      + "\(ways). \(Wording.capitalized(some(even, "has", "have"))) weights of mostly one sign and "
      + "\(even < 2 ? "answers" : "answer") to "
      + "\(subject.isInk ? "ink itself, or to its absence" : "brightness itself, or to its absence"). "
      + (rest == 0
        ? ""
        : "The other \(rest == 1 ? "one fits" : "\(Format.count(rest)) fit") neither description. ")
      + "The pictures of the filters show them."
  }

  /// How far the first weights are from random ones, those they began with if Inkling trained them.
  static func weights(_ facts: FeatureFacts) -> String {
    let noun = facts.areTemplates ? "templates" : "filters"
    guard let moved = facts.moved else { return "The \(noun) of \(facts.layer)." }
    return facts.hasMovedFar
      ? "Training moved the \(noun) by \(Format.fixed(moved, 2)) times the length that they began with."
      : "The \(noun) differ little from random ones: by \(Format.fixed(moved, 2)) of their length."
  }
}
