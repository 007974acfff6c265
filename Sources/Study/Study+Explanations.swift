import Attribution
import Datasets
import Engine
import Evaluation

extension Study {
  /// Three sure and right answers of different classes, the least sure right one, and the two surest mistakes.
  private var explainedImages: [Int] {
    var sure: [Int] = []
    for image in 0..<predictions.count
    where predictions.isCorrect(image) && predictions.confidence(image) > 0.99
      && !sure.contains(where: { predictions.labels[$0] == predictions.labels[image] })
    {
      sure.append(image)
      if sure.count == 3 { break }
    }
    let doubted = byConfidence { predictions.isCorrect($0) }.suffix(1)
    let wrong = byConfidence { !predictions.isCorrect($0) }.prefix(2)
    var seen = Set<Int>()
    return (sure + doubted + wrong).filter { seen.insert($0).inserted }
  }

  /// The methods that a report shows.
  private static let shownMethods = ["gradient", "integrated-gradients"]

  /// Why it answers as it does.
  public func explanationFacts() -> ExplanationFacts {
    let images = explainedImages
    let pixels = test.floats(images)
    let targets = images.map { predictions.predicted[$0] }
    let untrained = Executor(untrainedNetwork, pool: pool)
    let entries = Self.shownMethods.compactMap(AttributionMethods.entry)
    let methods: [any AttributionMethod] = [Gradient(), IntegratedGradients()]
    let maps = methods.map { $0.attribution(of: pixels, in: executor, for: targets) }
    let randomMaps = methods.map { $0.attribution(of: pixels, in: untrained, for: targets) }
    let size = test.imageSize
    func map(_ attribution: Attribution, _ row: Int) -> [Float] {
      Array(attribution.scores[row * size..<(row + 1) * size])
    }
    // Where there is no ink integrated gradients are zero for every network: only ink can tell them apart.
    func strengths(_ attribution: Attribution, _ row: Int) -> [Float] {
      zip(map(attribution, row), pixels[row * size..<(row + 1) * size])
        .compactMap { $1 > 0 ? abs($0) : nil }
    }
    let similarity = zip(maps, randomMaps).map { trained, random in
      let sum = images.indices.reduce(0.0) {
        $0 + RankCorrelation.spearman(strengths(trained, $1), strengths(random, $1))
      }
      return sum / Double(max(1, images.count))
    }
    let deltas = maps.compactMap(\.convergenceDelta).first ?? []
    return ExplanationFacts(
      methods: entries.map {
        ExplanationFacts.Method(name: $0.name, summary: $0.summary)
      },
      rows: images.enumerated().map { row, image in
        ExplanationFacts.Row(
          example: example(image), maps: maps.map { plane(map($0, row)) },
          untrainedMaps: randomMaps.map { plane(map($0, row)) })
      },
      convergenceDelta: deltas.reduce(0.0) { $0 + Double(abs($1)) } / Double(max(1, deltas.count)),
      similarityToUntrained: similarity)
  }
}
