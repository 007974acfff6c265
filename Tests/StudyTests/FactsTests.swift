import Attribution
import Evaluation
import Testing

@testable import Study

/// What facts come to, by numbers that can be worked out by hand.
@Suite struct FactsTests {
  private func row(_ values: [Float]) -> Plane { Plane(shape: [values.count], values: values) }

  private func square(_ values: [Float]) -> Plane { Plane(shape: [1, 2, 2], values: values) }

  private func example(_ probabilities: [Float], label: Int = 0) -> ExampleFacts {
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    return ExampleFacts(
      index: 0, label: label, predicted: best, probabilities: probabilities, pixels: row([0]))
  }

  // MARK: Pictures

  @Test func `two pictures correlate as their pixels rise and fall`() {
    #expect(row([0, 1, 2]).correlation(with: row([5, 7, 9])).map { abs($0 - 1) < 1e-12 } == true)
    #expect(row([0, 1, 2]).correlation(with: row([2, 1, 0])).map { abs($0 + 1) < 1e-12 } == true)
    #expect(row([1, 1]).correlation(with: row([0, 1])) == nil)
    #expect(row([1, 2]).correlation(with: row([1])) == nil)
  }

  @Test func `an ideal is compared where it fits best`() throws {
    var values = [Float](repeating: 0, count: 144)
    for y in 2..<7 { values[y * 12 + 3] = 1 }
    var moved = [Float](repeating: 0, count: 144)
    for y in 4..<9 { moved[y * 12 + 5] = 1 }
    let (one, other) = (
      Plane(shape: [1, 12, 12], values: values), Plane(shape: [1, 12, 12], values: moved)
    )
    #expect(try #require(one.correlation(with: other)) < 0.3)
    #expect(abs(try #require(one.shiftedCorrelation(with: other)) - 1) < 1e-6)
    #expect(
      one.shiftedCorrelation(
        with: Plane(shape: [1, 4, 4], values: .init(repeating: 0, count: 16))) == nil)
  }

  @Test func `channels and windows are found by how much they vary`() {
    let maps = Plane(shape: [3, 1, 2], values: [5, 5, 0, 4, 1, 3])
    #expect(maps.channelsByVariation == [1, 2, 0])
    var values = [Float](repeating: 0.5, count: 25)
    (values[13], values[14], values[18], values[19]) = (0, 1, 1, 0)
    let window = Plane(shape: [1, 5, 5], values: values).window(rows: 2, columns: 2)
    #expect(window == (2, 3))
    let numbers = row([0, -1, 3, 0])
    #expect(numbers.zeros == 2 && numbers.positives == 1 && numbers.hasNegative)
    #expect(numbers.largest == 3 && numbers.average == 0.5)
    #expect(row([3, 1]).minus(row([1, 2])).values == [2, -1])
    #expect(row([3, 1]).minus(row([1])).values == [3, 1])
  }

  // MARK: Data

  private func data(means: [[Float]], counts: [Int]) -> DataFacts {
    DataFacts(
      name: "", trainCount: 0, validationCount: 0, testCount: 0, classCounts: counts, mean: [],
      standardDeviation: [], meanImages: means.map(square), samples: [],
      histogram: [80] + (1..<256).map { $0 == 40 ? 20 : 0 }, example: example([1]))
  }

  @Test func `the balance of classes follows the ratio of the largest to the smallest`() {
    #expect(DataFacts.Balance([10, 10]) == .equal(10))
    #expect(DataFacts.Balance([10, 12]) == .near(ratio: 1.2))
    #expect(DataFacts.Balance([10, 30]) == .uneven(ratio: 3))
    #expect(DataFacts.Balance([0, 3]) == .unknown && DataFacts.Balance([]) == .unknown)
  }

  @Test func `every pixel has its band`() {
    let facts = data(means: [], counts: [3, 4])
    #expect(facts.pixelCount == 100 && facts.labeledCount == 7)
    #expect(facts.bands.count == 9 && facts.bands.map(\.values.count).reduce(0, +) == 256)
    #expect(facts.bands[0] == DataFacts.Band(values: 0..<1, share: 0.8))
    #expect(facts.bands[2] == DataFacts.Band(values: 32..<64, share: 0.2))
    #expect(DataFacts.blankShare(facts.histogram) == 0.8 && DataFacts.blankShare([]) == nil)
  }

  @Test
  func `the likest classes are those with the nearest mean images, of classes that have images`() {
    let means: [[Float]] = [[0, 0, 0, 0], [1, 0, 0, 0], [1, 0.1, 0, 0], [1, 0, 0, 0]]
    let pair = data(means: means, counts: [5, 5, 5, 0]).likestClasses
    #expect(pair.map { [$0.0, $0.1] } == [1, 2])
    #expect(data(means: [means[0]], counts: [5]).likestClasses == nil)
    #expect(data(means: [], counts: []).likestClasses == nil)
  }

  @Test func `two classes differ most where their mean images do`() {
    let facts = data(means: [[0, 0.2, 0, 0], [0, 0.1, 0.75, 0]], counts: [1, 1])
    #expect(
      facts.largestDifference(between: 0, and: 1)
        == DataFacts.Difference(channel: nil, row: 1, column: 0, first: 0, second: 0.75))
  }

  // MARK: Answers

  @Test func `classes are ranked by their probability`() {
    let one = example([0.3, 0.1, 0.3, 0.2, 0.1])
    #expect(one.ranking == [0, 2, 3, 1, 4] && one.isRight && !one.isSure)
    #expect(one.runnerUp == 2 && one.probability(of: 3) == Double(Float(0.2)))
    #expect(one.probability(of: 9) == 0 && example([1]).runnerUp == nil)
  }

  @Test func `an opinion needs a class that stands out`() {
    var facts = UntrainedComparison(
      untrained: [0.5, 0.5], trained: [0.99, 0.01], accuracy: 0.5, count: 10)
    #expect(facts.isBlank && facts.isSure && facts.chance == 0.5)
    (facts.untrained, facts.trained) = ([0.2, 0.8], [0.9, 0.1])
    #expect(!facts.isBlank && !facts.isSure)
  }

  // MARK: Weights

  private func features(_ before: Plane, _ after: Plane) -> FeatureFacts {
    FeatureFacts(
      weights: after, untrainedWeights: before, layer: "conv1", units: after.shape.first ?? 0,
      areTemplates: false, activations: [])
  }

  @Test func `weights move by so many of their lengths`() {
    #expect(features(row([3, 4]), row([3, 14])).moved == 2)
    #expect(features(row([0, 0]), row([1, 0])).moved == nil)
    #expect(features(row([1]), row([])).moved == nil)
  }

  @Test func `filters are edges, of one sign, or neither`() {
    let filters: [[Float]] = [
      [-1, 0, 1, -1, 0, 1, -1, 0, 1],  // left against right
      [1, 1, 1, 0, 0, 0, -1, -1, -1],  // above against below
      [1, 1, 1, 1, 2, 1, 1, 1, 1],  // mostly one sign
      [-1, 2, -1, -1, 2, -1, -1, 2, -1],  // a line
    ]
    let weights = Plane(shape: [4, 1, 3, 3], values: filters.flatMap { $0 })
    var facts = features(weights, weights)
    let kinds = facts.filterKinds
    #expect(kinds == FeatureFacts.FilterKinds(count: 4, across: 1, down: 1, even: 1))
    #expect(kinds?.edges == 2 && kinds?.others == 1)
    facts.areTemplates = true
    #expect(facts.filterKinds == nil)
  }

  @Test func `ideals are more and less like their classes`() throws {
    var facts = features(row([1]), row([1]))
    let means: [[Float]] = [[0, 1, 0, 0], [0, 0, 1, 0]]
    facts.ideals = [square([0, 2, 0, 0]), square([1, 1, 1, 0])]
    let found = try #require(facts.likeness(to: data(means: means, counts: [1, 1])))
    #expect(found.most.label == 0 && abs(found.most.correlation - 1) < 1e-12)
    let third: Double = 1 / 3
    #expect(found.least.label == 1 && abs(found.least.correlation - third) < 1e-12)
    #expect(facts.likeness(to: data(means: [means[0]], counts: [1])) == nil)
  }

  // MARK: Attacks

  private func point(
    _ epsilon: Double, _ accuracy: Double, _ interval: Interval? = nil
  ) -> RobustnessFacts.Point {
    RobustnessFacts.Point(
      epsilon: epsilon, accuracy: accuracy,
      interval: interval ?? Interval(low: accuracy - 0.02, high: accuracy + 0.02),
      accuracy8bit: accuracy)
  }

  private func attacked(
    noise: [Double], pgd: [Double], at sizes: [Double] = [0, 0.1], count: Int = 100
  ) -> RobustnessFacts {
    func curve(_ method: RobustnessFacts.Method, _ accuracies: [Double]) -> RobustnessFacts.Curve {
      RobustnessFacts.Curve(method: method, points: zip(sizes, accuracies).map { point($0, $1) })
    }
    return RobustnessFacts(
      count: count, curves: [curve(.noise, noise), curve(.pgd, pgd)], examples: [])
  }

  @Test func `the median lies where the curve crosses one half`() throws {
    let sizes = [0, 0.1, 0.125, 0.15]
    func facts(_ pgd: [Double]) -> RobustnessFacts {
      var facts = attacked(noise: [], pgd: pgd, at: sizes)
      facts.smallest = [0.1, nil, 0, 0.1]
      return facts
    }
    let between = facts([0.99, 0.7, 0.55, 0.4])
    let crossing: Double = 0.125 + 0.025 / 3
    #expect(abs(try #require(between.medianSize) - crossing) < 1e-12)
    #expect(facts([0.6, 0.04, 0, 0]).median == .below(0.1))
    #expect(facts([0.9, 0.8, 0.7, 0.6]).median == .beyond)
    #expect(facts([0.1, 0, 0, 0]).median == .none)
    var none = between
    none.smallest = [0, 0]
    #expect(none.median == .unknown)
    #expect(
      between.spread
        == RobustnessFacts.Spread(sizes: [0.1, 0.125, 0.15], counts: [2, 0, 0], held: 1, right: 3))
  }

  @Test func `noise barely matters only if it does not and the attack does`() throws {
    let duel = try #require(attacked(noise: [0.98, 0.97], pgd: [0.98, 0.2]).duel)
    #expect(duel.method == .pgd && duel.epsilon == 0.1)
    #expect(duel.noise == 0.97 && duel.attack == 0.2)
    #expect(duel.isApart && duel.isTelling)
    func verdict(_ noise: Double, _ pgd: Double, clean: Double = 0.9, count: Int = 100)
      -> RobustnessFacts.Verdict
    {
      attacked(noise: [clean, noise], pgd: [clean, pgd], count: count).verdict
    }
    #expect(verdict(0.89, 0.2) == .ruinous)
    // A rise of the errors by more than a quarter is no trifle, though chance explains it.
    #expect(verdict(0.87, 0.2) == .worse && verdict(0.6, 0.2) == .worse)
    #expect(verdict(0.89, 0.8) == .falling)
    #expect(verdict(0.89, 0.89) == .harmless && verdict(0.8, 0.89) == .neutral)
    #expect(verdict(2.0 / 3, 1.0 / 3, count: 3) == .few(noise: 2, attack: 1))
    #expect(attacked(noise: [], pgd: [0.9, 0.2]).verdict == .neutral)
  }

  // MARK: Explanations

  private func card(
    _ name: String, _ deletion: [Double], isControl: Bool = false, isBlind: Bool = false
  )
    -> ExplanationFacts.Card
  {
    ExplanationFacts.Card(
      name: name, isControl: isControl, deletion: Estimate(deletion), insertion: Estimate([0.9]),
      failsSanityCheck: isBlind)
  }

  private func explained(
    _ cards: [ExplanationFacts.Card], inked: [Double] = [], all: [Double] = []
  ) -> ExplanationFacts {
    ExplanationFacts(
      methods: ["gradient", "lrp"].map { ExplanationFacts.Method(name: $0, summary: "") }, rows: [],
      convergenceDelta: 0, similarityToUntrained: inked.map { Estimate([$0]) },
      similarityOverAllPixels: all.map { Estimate([$0]) }, cards: cards)
  }

  @Test func `the sanity check speaks of the most similar map`() {
    #expect(explained([]).sanity == .unknown)
    #expect(explained([], inked: [0.1, 0.81]).sanity == .blind("lrp"))
    #expect(explained([], inked: [0.6, 0.5]).sanity == .mixed("gradient"))
    #expect(explained([], inked: [0.1, 0.3], all: [0.8, 0.7]).sanity == .sound)
    #expect(
      explained([], inked: [0.1, 0.3], all: [0.9, 0.7]).sanity
        == .blindOverBlanks("gradient", isInPart: true))
    #expect(
      explained([], inked: [0.1, 0.1], all: [0.9, 0.7]).sanity
        == .blindOverBlanks("gradient", isInPart: false))
  }

  @Test func `a method is the most faithful if no other's interval reaches into its own`() {
    let random = card(ExplanationFacts.randomMap, [0.6, 0.61, 0.62], isControl: true)
    let best = card("gradient", [0.1, 0.11, 0.12])
    #expect(explained([best]).faithfulness == .unknown)
    #expect(
      explained([best, card("lrp", [0.3, 0.31]), random]).faithfulness
        == .one("gradient", isBlind: false))
    #expect(
      explained([best, card("lrp", [0.1, 0.2]), random]).faithfulness
        == .shared("gradient", isBlind: false, others: ["lrp"]))
    #expect(explained([card("gradient", [0.2, 0.9]), random]).faithfulness == .none)
    // One that depends on the network comes first, unless only the other beats the control.
    let blind = card("gradient", [0.1, 0.11, 0.12], isBlind: true)
    #expect(
      explained([blind, card("lrp", [0.1, 0.2]), random]).faithfulness
        == .shared("lrp", isBlind: false, others: ["gradient"]))
    #expect(
      explained([blind, card("lrp", [0.1, 0.9]), random]).faithfulness
        == .shared("gradient", isBlind: true, others: ["lrp"]))
    #expect(
      explained([card("gradient", [0.1, 0.6]), card("lrp", [0.4, 0.41]), random]).faithfulness
        == .shared("lrp", isBlind: false, others: ["gradient"]))
    let facts = explained([best, card("lrp", [0.3, 0.31]), random])
    #expect(facts.leastDeletion == best.deletion.mean && facts.random?.name == random.name)
  }

  @Test func `the answer is read after about a tenth of the pixels`() {
    var (best, random) = (
      card("gradient", [0.1]), card(ExplanationFacts.randomMap, [0.6], isControl: true)
    )
    #expect(explained([]).deletion == .unknown && explained([best]).deletion == .alone)
    best.deletionCurve = (0...20).map { 1 - Double($0) / 20 }
    random.deletionCurve = (0...20).map { 1 - Double($0) / 40 }
    #expect(
      explained([best, random]).deletion
        == .kept("gradient", blanked: 0.1, method: 0.9, chance: 0.95))
    #expect(best.firstHalf.count == 11 && best.firstHalf.last?.blanked == 0.5)
    best.failsSanityCheck = true
    #expect(explained([best, random]).deletion == .blind("gradient"))
  }

  @Test func `maps are alike, unlike or neither by every interval`() {
    func likeness(_ values: [[Double]]) -> Agreement.Likeness {
      Agreement.Likeness(values.map { Estimate($0) })
    }
    #expect(likeness([[0.8, 0.82], [0.7, 0.72]]) == .alike)
    #expect(likeness([[0.2, 0.22], [0.1, 0.12]]) == .unlike)
    #expect(likeness([[0.8, 0.82], [0.1, 0.12]]) == .inPart)
    #expect(likeness([[0.1, 0.9]]) == .inPart)
    #expect(Agreement.likeness([]) == nil)
  }

  // MARK: Doubt

  @Test func `doubt between images and in front of strangers is counted`() {
    var facts = DoubtFacts(layer: "", points: [], explained: [], leastSure: [])
    #expect(facts.hesitation == nil && facts.sureOfStrangers == nil && !facts.isSureOfStrangers)
    facts.pathShares = (0...100).map { $0 < 6 ? [0.6, 0.3] : [0.01, 0.98] }
    #expect(facts.hesitation == 0.06)
    facts.strangers = [
      DoubtFacts.Stranger(name: "", count: 40, confidence: [], sure: 30, examples: [])
    ]
    #expect(facts.sureOfStrangers == 0.75 && facts.isSureOfStrangers && facts.strangers[0].isMany)
    let shares = DoubtFacts.sharesAbove([1, 0, 2, 1])
    #expect(shares.map(\.confidence) == [0, 0.25, 0.5, 0.75])
    #expect(shares.map(\.share) == [1, 0.75, 0.75, 0.25])
    let slice = DoubtFacts.Slice(
      corners: [example([1, 0], label: 0)], side: 2, range: [0, 1], predicted: [0, 0, 1, 1],
      confidence: [])
    // Three of the four places lie in the triangle.
    let third: Double = 1 / 3
    #expect(abs(slice.strangeShare - third) < 1e-12)
  }

  @Test func `directions of a layer untangle classes if more images lie beside their own`() throws {
    func point(_ x: Int, _ label: Int) -> DoubtFacts.Point {
      DoubtFacts.Point(image: x, x: Float(x), y: 0, label: label, predicted: 0)
    }
    let mixed = (0..<8).map { point($0, $0 % 2) }
    let apart = (0..<8).map { point($0 % 2 * 100 + $0 / 2, $0 % 2) }
    var facts = DoubtFacts(layer: "", points: apart, explained: [], leastSure: [])
    facts.pixelPoints = mixed
    let shares = try #require(facts.untangled)
    #expect(shares == (0, 1))
    facts.pixelPoints = apart
    #expect(facts.untangled == nil)
    facts.neighborhood = mixed
    #expect(facts.misreadCount == 4 && facts.companionShare == 0)
  }
}
