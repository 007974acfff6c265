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

  /// The methods that stand side by side in a report, those of them that go with the network.
  private static let shownMethods = [
    "gradient", "smoothgrad", ExplanationFacts.mainMethod, "grad-cam", "rollout", "occlusion",
  ]
  /// Training images that stand in for all where a method wants a background.
  private static let backgroundCount = 100
  /// Random masks or sets of blocks of a perturbation method: for many images, fewer than its own number.
  private static let draws = 300

  /// A method with its line in a list.
  typealias Method = (entry: AttributionMethods.Entry, method: any AttributionMethod)

  /// Every method that goes with the network.
  func methods() -> [Method] {
    var settings = AttributionSettings()
    settings.background = split.train.floats(0..<min(Self.backgroundCount, split.train.count))
    settings.seed = checkpoint.seed
    return AttributionMethods.all.compactMap { entry in
      var own = settings
      if ["rise", "kernel-shap", "lime"].contains(entry.name) { own.samples = Self.draws }
      return (try? AttributionMethods.method(entry.name, own, for: architecture)).map {
        (entry, $0)
      }
    }
  }

  /// One image's map: a number for every value of the image, or one for all channels of a pixel.
  func map(_ attribution: Attribution, _ row: Int) -> Plane {
    Plane(
      shape: [attribution.mapSize / (test.height * test.width), test.height, test.width],
      values: Array(attribution.map(row)))
  }

  /// Why it answers as it does.
  package func explanationFacts() -> ExplanationFacts {
    let images = explainedImages
    let pixels = test.floats(images)
    let targets = images.map { predictions.predicted[$0] }
    let untrained = Executor(untrainedNetwork, pool: pool)
    let all = methods()
    let shown = Self.shownMethods.compactMap { name in all.first { $0.entry.name == name } }
    let maps = shown.map { $0.method.attribution(of: pixels, in: executor, for: targets) }
    let randomMaps = shown.map { $0.method.attribution(of: pixels, in: untrained, for: targets) }
    let (checked, answers) = answered(extent.judged.sanity)
    let checkedMaps = shown.map {
      $0.method.attribution(of: checked, in: executor, for: answers)
    }
    let checks = zip(shown, checkedMaps).map { sanity(of: $0.method, $1, on: checked) }
    let cards = cards(shown, checks)
    let deltas = maps.compactMap(\.convergenceDelta).first ?? []
    return ExplanationFacts(
      methods: shown.map {
        ExplanationFacts.Method(name: $0.entry.name, summary: $0.entry.summary)
      },
      rows: images.enumerated().map { row, image in
        ExplanationFacts.Row(
          example: example(image), maps: maps.map { map($0, row).rounded() },
          untrainedMaps: randomMaps.map { map($0, row).rounded() })
      },
      convergenceDelta: deltas.reduce(0.0) { $0 + Double(abs($1)) } / Double(max(1, deltas.count)),
      similarityToUntrained: cards.prefix(shown.count).map {
        $0.similarityToUntrained ?? Estimate([1])
      },
      similarityOverAllPixels: checks.map { $0.similarityOverAllPixels ?? Estimate([1]) },
      agreement: Agreement(inkedMaps(checkedMaps, of: checked)),
      seedAgreement: seedAgreement(on: checked, answers),
      cards: cards, judged: min(extent.judged.faithfulness, test.count),
      checked: answers.count)
  }

  private func seedAgreement(on pixels: [Float], _ answers: [Int]) -> Agreement? {
    guard let other = subject.secondSeed else { return nil }
    let maps = [executor, Executor(other, pool: pool)].map {
      IntegratedGradients().attribution(of: pixels, in: $0, for: answers)
    }
    return Agreement(inkedMaps(maps, of: pixels))
  }

  /// For each method whether its maps stay nearly the same with random weights: then they explain the image alone.
  func areBlind(_ methods: [Method]) -> [Bool] {
    let (pixels, targets) = answered(extent.judged.glance)
    return methods.map { _, method in
      let maps = method.attribution(of: pixels, in: executor, for: targets)
      return sanity(of: method, maps, on: pixels).isFailed
    }
  }

  /// What becomes of a method's maps without what was learned.
  private func sanity(
    of method: any AttributionMethod, _ maps: Attribution, on pixels: [Float]
  ) -> SanityCheck {
    SanityCheck(
      method, maps, of: pixels, in: executor, randomLabels: subject.randomLabels,
      seed: checkpoint.seed, isQuick: true)
  }

  /// Some test images and what was read in them.
  private func answered(_ count: Int) -> (pixels: [Float], answers: [Int]) {
    let images = sample(count, for: "explanations")
    return (test.floats(images), images.map { predictions.predicted[$0] })
  }

  /// The methods with their checks, and maps that know nothing of the network, which stay the same whatever it is.
  private func cards(_ methods: [Method], _ checks: [SanityCheck]) -> [ExplanationFacts.Card] {
    typealias Judged = (name: String, method: any AttributionMethod, sanity: SanityCheck?)
    let (pixels, targets) = answered(extent.judged.faithfulness)
    let judged: [Judged] = zip(methods, checks).map { ($0.entry.name, $0.method, $1) }
    let controls: [Judged] = Control.allCases.map { control in
      ("\(control.rawValue) map", control == .random ? InkedChance() : control, nil)
    }
    return (judged + controls).map { name, method, sanity in
      let faithfulness = Faithfulness(
        method.attribution(of: pixels, in: executor, for: targets), of: pixels, in: executor)
      return ExplanationFacts.Card(
        name: name, isControl: sanity == nil, deletion: faithfulness.deletion,
        deletionCurve: faithfulness.deletionCurve, insertion: faithfulness.insertion,
        failsSanityCheck: sanity?.isFailed ?? true,
        similarityToUntrained: sanity?.cascading.last?.similarity,
        similarityToRandomLabels: sanity?.randomLabels)
    }
  }
}
