import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Units of a ledger that are told one by one.
  private static let ledgerEntries = 12
  /// More units than this are not asked which class they answer to.
  private static let askedUnits = 2048
  /// Test images that units are asked about.
  private static let askedImages = 1000

  /// What the units before the last layer add to two rival scores: of the surest mistake, or of the surest answer if there
  /// is no mistake.
  ///
  /// - Returns: `nil` for a network that does not end in a linear layer, or whose numbers are not finite.
  package func ledgerFacts() -> LedgerFacts? {
    guard let (entry, weights, origin) = lastLinear,
      let image = byConfidence({ !predictions.isCorrect($0) }).first
        ?? byConfidence(predictions.isCorrect).first
    else { return nil }
    let example = example(image)
    let trace = executor.tracer.activations(example.pixels.values)
    let units = values(origin, of: example, in: trace)
    guard let logits = trace[entry.name], (units + logits).allSatisfy(\.isFinite),
      let rival = example.isRight ? example.runnerUp : example.label
    else { return nil }
    let classes = [example.predicted, rival]
    let bias = network.tensor("\(entry.name).bias")?.values
    let all = units.indices.map { unit in
      LedgerFacts.Entry(
        unit: unit, activation: units[unit],
        weights: classes.map { weights[$0 * units.count + unit] })
    }
    let ranked = all.map(\.difference).placesByMagnitude.map { all[$0] }
      .filter { $0.activation != 0 }
    let told = ranked.prefix(Self.ledgerEntries)
    let source = origin == 0 ? nil : architecture.entries[origin - 1].name
    let asked = sample(Self.askedImages, for: "ledger")
    return LedgerFacts(
      example: example, layer: entry.name, source: source, classes: classes, units: units.count,
      active: units.count { $0 != 0 }, entries: Array(told),
      rest: [0, 1].map { side in
        ranked.dropFirst(told.count).reduce(0) { $0 + $1.contributions[side] }
      }, biases: classes.map { bias?[$0] ?? 0 }, logits: classes.map { logits[$0] },
      favorites: units.count <= Self.askedUnits
        ? source.map { favorites(of: $0, units.count, on: asked) } : nil, images: asked.count)
  }

  /// The class whose images each unit of a layer answers to most, in the mean; `nil` for one that says 0 to all.
  private func favorites(of layer: String, _ units: Int, on images: [Int]) -> [Int?] {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: predictions.classes), count: units)
    var counts = [Int](repeating: 0, count: predictions.classes)
    var isAlive = [Bool](repeating: false, count: units)
    for batch in images.chunks(of: 100) {
      let values = executor.tracer.activations(test.floats(batch), of: [layer])[layer] ?? []
      for (row, image) in zip(values.chunks(of: units), batch) {
        let label = predictions.labels[image]
        counts[label] += 1
        for (unit, value) in row.enumerated() where value != 0 {
          sums[unit][label] += Double(value)
          isAlive[unit] = true
        }
      }
    }
    return sums.enumerated().map { unit, sums in
      guard isAlive[unit] else { return nil }
      let means = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : -Double.infinity }
      return means.indices.max { (means[$0], $1) < (means[$1], $0) }
    }
  }
}
