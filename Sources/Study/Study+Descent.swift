import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Training images whose loss is looked at.
  private static let descentImages = 1000
  /// Steps of each run.
  private static let descentSteps = 5
  /// How far above the trained loss the runs start, in nats.
  private static let descentRise = 0.4
  /// Learning rates, 1 being the one whose first step ends where the loss is lowest.
  private static let descentRates = [0.05, 0.5, 2.5]

  /// The weight of the last layer that does most for the true class in the mean, moved while all others stay.
  ///
  /// The loss over a weight of the last layer is convex, so that there is one valley.
  ///
  /// - Returns: `nil` for a network that does not end in a linear layer behind another layer, where the loss does not rise on
  ///   both sides of that weight, and where numbers are not finite.
  package func descentFacts() -> DescentFacts? {
    guard let (entry, weights, origin) = lastLinear, origin > 0 else { return nil }
    let source = architecture.entries[origin - 1].name
    let chosen = sample(
      Self.descentImages, of: split.train.count, for: "training images for descent")
    let labels = chosen.map { split.train.labels[$0] }
    let classes = predictions.classes
    let units = weights.count / classes
    var (said, logits): ([[Float]], [[Float]]) = ([], [])
    for batch in chosen.chunks(of: 100) {
      let trace = executor.tracer.activations(
        split.train.floats(batch), of: [source, entry.name])
      said += (trace[source] ?? []).chunks(of: units).map(Array.init)
      logits += (trace[entry.name] ?? []).chunks(of: classes).map(Array.init)
    }
    guard (said + logits).allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    var gains = [Double](repeating: 0, count: weights.count)
    for (label, row) in zip(labels, said) {
      for (unit, value) in row.enumerated() {
        gains[label * units + unit] += Double(value) * Double(weights[label * units + unit])
      }
    }
    guard let best = gains.indices.max(by: { (gains[$0], $1) < (gains[$1], $0) }) else {
      return nil
    }
    let valley = LossValley(
      weight: Double(weights[best]), label: best / units, labels: labels,
      activations: said.map { Double($0[best % units]) },
      logits: logits.map { $0.map(Double.init) })
    guard let start = valley.place(Self.descentRise, above: valley.weight, towards: -1),
      let end = valley.place(Self.descentRise, above: valley.weight, towards: 1)
    else { return nil }
    let lowest = valley.lowest(between: start, and: end)
    let slope = valley.slope(start)
    let runs = Self.descentRates.map { rate in
      let learningRate = rate * (start - lowest) / slope
      return DescentFacts.Run(
        learningRate: learningRate, multiple: rate,
        places: (0..<Self.descentSteps).reduce(into: [start]) { places, _ in
          let last = places[places.count - 1]
          places.append(last - learningRate * valley.slope(last))
        }.map(valley.at))
    }
    let places = runs.flatMap { $0.places.map(\.weight) } + [start, end]
    let (low, high) = (places.min() ?? start, places.max() ?? end)
    return DescentFacts(
      layer: entry.name, source: source, unit: best % units, label: best / units,
      images: chosen.count, trained: valley.at(valley.weight), lowest: valley.at(lowest),
      curve: (0...60).map { valley.at(low + (high - low) * Double($0) / 60) }, slope: slope,
      runs: runs)
  }
}
