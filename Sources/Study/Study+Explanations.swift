import Attribution
import Datasets
import Engine
import Evaluation
import Networks

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

  /// The methods that a report shows, those of them that go with the network.
  private static let shownMethods = [
    "gradient", "smoothgrad", "integrated-gradients", "grad-cam", "occlusion",
  ]
  /// Test images that methods are judged on.
  private static let judgedCount = 10

  /// Why it answers as it does.
  public func explanationFacts() -> ExplanationFacts {
    let images = explainedImages
    let pixels = test.floats(images)
    let targets = images.map { predictions.predicted[$0] }
    let untrained = Executor(untrainedNetwork, pool: pool)
    let made = Self.shownMethods.compactMap { name in
      (try? AttributionMethods.method(name, AttributionSettings(), for: architecture))
        .flatMap { method in AttributionMethods.entry(name).map { ($0, method) } }
    }
    let (entries, methods) = (made.map(\.0), made.map(\.1))
    let maps = methods.map { $0.attribution(of: pixels, in: executor, for: targets) }
    let randomMaps = methods.map { $0.attribution(of: pixels, in: untrained, for: targets) }
    let (size, area) = (test.imageSize, test.height * test.width)
    // A map has a number for every value of the image, or one for all channels of a pixel.
    func map(_ attribution: Attribution, _ row: Int) -> Plane {
      Plane(
        shape: [attribution.mapSize / area, test.height, test.width],
        values: Array(attribution.map(row)))
    }
    // Where there is no ink integrated gradients are zero for every network: only ink can tell them apart.
    func strengths(_ attribution: Attribution, _ row: Int) -> [Float] {
      let image = pixels[row * size..<(row + 1) * size]
      let ink =
        attribution.mapSize == size
        ? Array(image)
        : (0..<area).map { place in
          stride(from: place, to: size, by: area).map { image[row * size + $0] }.max() ?? 0
        }
      return zip(attribution.map(row), ink).compactMap { $1 > 0 ? abs($0) : nil }
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
          example: example(image), maps: maps.map { map($0, row) },
          untrainedMaps: randomMaps.map { map($0, row) })
      },
      convergenceDelta: deltas.reduce(0.0) { $0 + Double(abs($1)) } / Double(max(1, deltas.count)),
      similarityToUntrained: similarity,
      cards: cards(zip(entries.map(\.name), methods).map { ($0, $1) }),
      judged: min(Self.judgedCount, test.count))
  }

  private func cards(
    _ methods: [(name: String, method: any AttributionMethod)]
  ) -> [ExplanationFacts.Card] {
    let count = min(Self.judgedCount, test.count)
    let controls = Control.allCases.map {
      ("\($0.rawValue) map", $0 as any AttributionMethod, true)
    }
    return (methods.map { ($0.name, $0.method, false) } + controls).map { name, method, isControl in
      let card = ReportCard(
        method, name: name, isControl: isControl, on: test.floats(0..<count),
        for: (0..<count).map { predictions.predicted[$0] }, in: executor, seed: checkpoint.seed)
      return ExplanationFacts.Card(
        name: name, isControl: isControl, deletion: card.deletion, insertion: card.insertion,
        failsSanityCheck: card.sanity.isFailed)
    }
  }
}
