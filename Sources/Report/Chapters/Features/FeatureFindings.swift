import Figures
import Study

/// What it learned to look for.
extension Findings {
  /// How much the optimised pictures look like the mean images of their classes.
  static func ideals(_ features: FeatureFacts, _ data: DataFacts, subject: Wording) -> String {
    let likeness = features.ideals.enumerated().compactMap { label, ideal -> (Int, Double)? in
      guard data.meanImages.indices.contains(label) else { return nil }
      return ideal.shiftedCorrelation(with: data.meanImages[label]).map { (label, $0) }
    }
    guard likeness.count > 1,
      let most = likeness.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }),
      let least = likeness.min(by: { ($0.1, $0.0) < ($1.1, $1.0) })
    else { return "What raises each class’s score most." }
    let names = [most, least].map { "“\(subject.className($0.0))”" }
    let ends = [most, least].map { Format.fixed($0.1, 2) }
    return
      "Shifted to where they fit best, the ideal of \(names[0]) is most like its mean image (correlation \(ends[0])), "
      + "that of \(names[1]) least (\(ends[1]))."
  }

  /// How much of the way the first weights went in the first epoch.
  static func weightsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    guard facts.epochs.count > 2, facts.epochs[0] == 0, let end = facts.weights.last else {
      return "Watch the \(noun) form."
    }
    func distance(_ plane: Plane) -> Double {
      zip(plane.values, facts.weights[0].values).reduce(0.0) {
        $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
      }.squareRoot()
    }
    let (first, whole) = (distance(facts.weights[1]), distance(end))
    guard whole > 0, first.isFinite, whole.isFinite else { return "Watch the \(noun) form." }
    return "After epoch \(facts.epochs[1]) the \(noun) had moved "
      + "\(Format.percent(first / whole, decimals: 0)) as far from where they began as in the end."
  }

  /// How soon the maps looked as in the end.
  static func mapsOverTime(_ facts: TimeLapseFacts, noun: String) -> String {
    let neutral = "The same \(noun), as \(facts.layer) came to see it."
    guard facts.maps.count > 2, facts.epochs[0] == 0, let end = facts.maps.last,
      let first = facts.maps[1].correlation(with: end),
      let random = facts.maps[0].correlation(with: end)
    else { return neutral }
    return "After epoch \(facts.epochs[1]) the maps of \(facts.layer) correlate by "
      + "\(Format.fixed(first, 2)) with those of the end; before training by \(Format.fixed(random, 2))."
  }

  /// What the filters of the first layer detect; `nil` if it has none that could detect an edge.
  ///
  /// A filter answers to an edge if a slope through its weights, averaged over the channels, explains half of their
  /// variation; to ink itself if its weights add up to half of their magnitudes.
  static func firstFilters(_ features: FeatureFacts, subject: Wording) -> String? {
    let shape = features.weights.shape
    guard !features.areTemplates, shape.count == 4, shape[2] > 1, shape[3] > 1 else { return nil }
    let (height, width) = (shape[2], shape[3])
    let size = shape[1] * height * width
    var (across, down, even) = (0, 0, 0)
    for start in stride(from: 0, to: features.weights.values.count, by: size) {
      let all = features.weights.values[start..<start + size].map(Double.init)
      let weights = (0..<height * width).map { place in
        stride(from: place, to: size, by: height * width).reduce(0) { $0 + all[$1] }
      }
      let mean = weights.reduce(0, +) / Double(weights.count)
      let variation = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      // The share of the variation that a slope along one direction explains.
      func share(_ position: (Int) -> Double) -> Double {
        let places = weights.indices.map(position)
        let product = zip(places, weights).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
        return product * product / places.reduce(0) { $0 + $1 * $1 } / max(variation, 1e-12)
      }
      let sideways = share { Double($0 % width) - Double(width - 1) / 2 }
      let upright = share { Double($0 / width) - Double(height - 1) / 2 }
      let size = all.reduce(0) { $0 + abs($1) }
      if size > 0, abs(all.reduce(0, +)) >= 0.5 * size {
        even += 1
      } else if sideways + upright >= 0.5 {
        if sideways > upright { across += 1 } else { down += 1 }
      }
    }
    let count = shape[0]
    func some(_ count: Int, _ one: String, _ many: String) -> String {
      "\(count == 0 ? "none" : Format.count(count)) \(count < 2 ? one : many)"
    }
    let ways =
      across + down == 0
      ? ""
      : ": \(some(across, "weighs", "weigh")) left against right and \(some(down, "weighs", "weigh")) above against below"
    let rest = count - across - down - even
    return
      "Of the \(Wording.counted(count, "filter")) of \(features.layer), \(some(across + down, "detects", "detect")) edges"
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
    let (before, after) = (facts.untrainedWeights.values, facts.weights.values)
    let noun = facts.areTemplates ? "templates" : "filters"
    let size = before.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
    guard before.count == after.count, size > 0 else { return "The \(noun) of \(facts.layer)." }
    let moved = zip(before, after).reduce(0.0) { $0 + Double(($1.1 - $1.0) * ($1.1 - $1.0)) }
      .squareRoot()
    if moved / size > 0.2 {
      return "Training moved the \(noun) by \(Format.fixed(moved / size, 2)) times their length."
    }
    return "The \(noun) differ little from random ones: by "
      + "\(Format.fixed(moved / size, 2)) of their length."
  }
}
