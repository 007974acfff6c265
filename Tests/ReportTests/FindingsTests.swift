import Attribution
import Evaluation
import Figures
import Foundation
import Networks
import Testing

@testable import Report
@testable import Study

@Suite struct FindingsTests {
  private let subject = Wording(dataset: "mnist", classes: (0..<10).map(String.init))

  /// Predictions that are right but for the given confusions.
  private func evaluation(_ wrong: [(Int, Int)]) -> EvaluationResult {
    Self.evaluation(wrong, each: 100, classes: subject.classes)
  }

  static func evaluation(
    _ wrong: [(Int, Int)], each: Int, classes: [String]
  ) -> EvaluationResult {
    var pairs = classes.indices.flatMap { label in (0..<each).map { _ in (label, label) } }
    for (actual, predicted) in wrong {
      if let place = pairs.firstIndex(where: { $0 == (actual, actual) }) {
        pairs[place] = (actual, predicted)
      }
    }
    let logits = pairs.flatMap { pair in classes.indices.map { $0 == pair.1 ? Float(5) : 0 } }
    return EvaluationResult(
      Predictions(logits: logits, labels: pairs.map(\.0), classes: classes.count),
      classNames: classes)
  }

  private func history(_ losses: [(Double, Double?)]) -> [EpochRecord] {
    losses.enumerated().map { Fixture.record($0 + 1, train: $1.0, validation: $1.1) }
  }

  @Test func `balance follows the ratio of the largest to the smallest class`() {
    #expect(Findings.balance([10, 10]).contains("are balanced"))
    #expect(Findings.balance([10, 12]).contains("nearly balanced"))
    #expect(Findings.balance([10, 30]).contains("not balanced: the largest is 3.0"))
    #expect(Findings.balance([0, 3]) == "The images of each class.")
    #expect(Findings.balance([]) == "The images of each class.")
  }

  @Test func `empty pixels are only spoken of where they are many`() {
    #expect(Findings.pixels([81, 19]).hasPrefix("81% of all pixels"))
    #expect(!Findings.pixels([10, 90]).contains("%"))
  }

  @Test func `parameters and work may sit in different layers`() {
    let layers = Fixture.results().model.layers
    #expect(
      Findings.arithmetic(layers)
        == "95% of the parameters sit in linear1, but 75% of the arithmetic is in conv1.")
    #expect(Findings.arithmetic([layers[0]]).contains("holds 100%"))
    let alike = layers + [layers[0], layers[0]]
    #expect(
      Findings.arithmetic(alike).hasPrefix("1 layer of \(alike.count) holds ")
        && Findings.arithmetic(alike).contains(" of the parameters, and 3 do "))
    #expect(Findings.arithmetic([]) == "Parameters and multiplications of each layer.")
  }

  @Test func `a worked number tells what the layers behind the sum make of it`() throws {
    var facts = try #require(Fixture.results().worked)
    #expect(Findings.worked(facts) == "One number, worked out: 9 products and a bias make 1.50.")
    #expect(
      Findings.workedSum(facts)
        == "Together they make 1.250, with the bias of 0.250 that is 1.500; ReLU keeps it, for it is not below zero."
    )
    (facts.sum, facts.bias, facts.stages[0].value) = (-2, 0, 0)
    #expect(
      Findings.worked(facts)
        == "One number, worked out: 9 products make −2.00; behind relu1 that is 0.00.")
    #expect(
      Findings.workedSum(facts) == "Together they make −2.000; ReLU makes 0 of what is below zero.")
    (facts.stages[0].role, facts.stages[0].value) = (.activation, -0.5)
    #expect(Findings.workedSum(facts).hasSuffix("; relu1 makes −0.500 of it."))
    facts.stages = []
    #expect(Findings.worked(facts).hasSuffix("make −2.00."))
  }

  @Test func `a unit decides if the lead is less than what it adds`() throws {
    var facts = try #require(Fixture.results().ledger)
    #expect(
      Findings.ledger(facts, subject: subject)
        == "1 leads 0 by 1.00: without unit 2, 0 would be ahead of it.")
    facts.entries[0].activation = 0.5
    #expect(
      Findings.ledger(facts, subject: subject) == "1 leads 0 by 1.00: no single unit decides it.")
    facts.source = nil
    #expect(Findings.ledger(facts, subject: subject).hasSuffix("no single pixel decides it."))
    facts.entries = []
    #expect(Findings.ledger(facts, subject: subject) == "How the scores of 1 and 0 add up.")
  }

  @Test func `silent and dead units are counted in words`() throws {
    let figure = ReportFigures(Fixture.results())
    var facts = try #require(Fixture.results().ledger)
    func caption() -> String { figure.ledger(facts).text.caption }
    #expect(
      caption().contains("2 of the 4 are 0 here and add nothing; 1 is dead, 0 for every image"))
    facts.favorites = [0, 1, 2, 0]
    #expect(caption().contains("add nothing; all of them answer to some other image."))
    facts.active = 3
    #expect(caption().contains("1 of the 4 is 0 here and adds nothing;"))
    (facts.active, facts.favorites) = (4, nil)
    #expect(caption().contains("None of the 4 is 0.") && !caption().contains("answers to most"))
  }

  @Test func `an opinion needs a blank start and a sure end`() {
    func facts(_ before: [Float], _ after: [Float]) -> UntrainedComparison {
      var facts = Fixture.results().untrained
      (facts.untrained, facts.trained) = (before, after)
      return facts
    }
    #expect(Findings.opinion(facts([0.5, 0.5], [0.99, 0.01])).contains("no opinion"))
    #expect(!Findings.opinion(facts([0.3, 0.3, 0.4], [0.6, 0.2, 0.2])).contains("opinion"))
  }

  @Test func `a confusion dominates from fifteen percent of the errors on`() {
    let many = (0..<9).map { ($0, $0 + 1) }
    #expect(
      Findings.confusion(evaluation(many), subject: subject) == "No single confusion dominates.")
    let most = many + (0..<4).map { ($0 + 1, $0) } + [(0, 1)]
    #expect(
      Findings.confusion(evaluation(most), subject: subject).hasPrefix(
        "0 read as 1 is the most common slip"))
    #expect(
      Findings.confusion(evaluation([(4, 9), (4, 9), (3, 5)]), subject: subject)
        == "4 read as 9 is 67% of all errors.")
    #expect(Findings.confusion(evaluation([]), subject: subject).hasPrefix("No test digit"))
  }

  @Test func `classes that are confused among themselves are named as a group`() {
    let among = [0, 2, 4, 6].flatMap { a in [0, 2, 4, 6].filter { $0 != a }.map { (a, $0) } }
    let wrong = among + among + [(1, 3), (5, 7), (8, 9)]
    #expect(
      Findings.confusion(evaluation(wrong), subject: subject)
        == "89% of the errors are among 0, 2, 4 and 6.")
    // Errors anywhere, few errors, and one pair alone make no group.
    let anywhere = (0..<10).flatMap { a in (0..<10).filter { $0 != a }.map { (a, $0) } }
    #expect(evaluation(anywhere).confusedGroup == nil)
    #expect(evaluation(Array(wrong.prefix(15))).confusedGroup == nil)
    #expect(evaluation([]).confusedGroup == nil)
  }

  @Test func `precision is compared among all pairs as recall is`() {
    #expect(
      Findings.precision(evaluation([(1, 2)]), subject: subject)
        == "No class's answers are less precise than another's by more than chance explains.")
    let three = (0..<40).map { ($0 % 2 == 0 ? 5 : 6, 3) }
    #expect(
      Findings.precision(evaluation(three), subject: subject)
        == "Answers “3” are less often true than answers “0”, “1” and “2” and others, by more than chance explains."
    )
    let two = three + (0..<40).map { ($0 % 2 == 0 ? 7 : 8, 4) }
    #expect(
      Findings.precision(evaluation(two), subject: subject).contains("pairs of classes differ"))
  }

  @Test func `a class is only called harder beyond chance among all pairs`() {
    #expect(
      Findings.hardest(evaluation([(1, 2)]), subject: subject)
        == "No class is harder than another by more than chance explains.")
    // One error against eight is not beyond chance among forty-five pairs, though two intervals part.
    #expect(
      Findings.hardest(evaluation((0..<8).map { _ in (5, 3) }), subject: subject).hasPrefix(
        "No class"))
    let five = (0..<40).map { _ in (5, 3) }
    #expect(
      Findings.hardest(evaluation(five), subject: subject) == "5 is harder than all the rest.")
    let two = five + (0..<40).map { _ in (8, 3) }
    #expect(
      Findings.hardest(evaluation(two), subject: subject)
        == "5 is harder than 8 of the 9 other classes, by more than chance explains.")
    let few = (0..<10).filter { $0 != 5 && $0 != 2 }.flatMap { label in
      (0..<12).map { _ in (label, 2) }
    }
    #expect(
      Findings.hardest(evaluation(five + few), subject: subject).hasPrefix("5 is harder than"))
    // All wrong, or a constant answer: every sentence holds.
    let constant = evaluation((0..<10).flatMap { label in (0..<100).map { _ in (label, 3) } })
    #expect(
      Findings.hardest(constant, subject: subject).contains("no single one is the hardest")
        || Findings.hardest(constant, subject: subject).contains("harder than 3"))
  }

  @Test func `a coin toss needs an interval that contains a half`() {
    func bands(_ confidence: Float, right: Int, of count: Int) -> [Calibration.Band] {
      let other = (1 - confidence) / 2
      let logits = (0..<count).flatMap { image -> [Float] in
        let answer = image < right ? 0 : 1
        return (0..<3).map { log($0 == answer ? confidence : other) }
      }
      return Calibration.bands(
        Predictions(logits: logits, labels: [Int](repeating: 0, count: count), classes: 3),
        edges: [0, 0.5, 0.7, 0.9, 0.99, 0.999, 1])
    }
    #expect(Findings.confidence(bands(0.6, right: 15, of: 30)).contains("coin toss"))
    #expect(!Findings.confidence(bands(0.6, right: 30, of: 30)).contains("coin toss"))
    // Too few to tell.
    #expect(!Findings.confidence(bands(0.6, right: 14, of: 29)).contains("coin toss"))
    #expect(Findings.confidence(bands(0.9999, right: 300, of: 300)) == "It was not wrong once.")
    #expect(!Findings.confidence(bands(0.9999, right: 200, of: 300)).contains("never wrong"))
    var mixed = bands(0.9999, right: 300, of: 300)
    mixed[2] = bands(0.8, right: 30, of: 50)[2]
    #expect(
      Findings.confidence(mixed)
        == "Above 99.9% it is almost never wrong; between 70% and 90% it claims 80% and delivers 60%."
    )
    mixed[2] = bands(0.8, right: 40, of: 50)[2]
    #expect(Findings.confidence(mixed) == "Above 99.9% it is almost never wrong.")
    #expect(
      Findings.surest(bands(0.9999, right: 30, of: 30))
        == "Above 99.9% confidence there is no mistake."
    )
    #expect(Findings.surest(bands(0.9999, right: 29, of: 29)).hasPrefix("How sure it was"))
    #expect(
      Findings.surest(bands(0.9999, right: 2, of: 3))
        == "Even above 99.9% confidence there is 1 mistake."
    )
    #expect(Findings.surest([]).hasPrefix("How sure it was"))
  }

  @Test func `sure mistakes are counted`() {
    #expect(Findings.sureMistakes(3, of: 9).hasPrefix("3 of the 9 mistakes were"))
    #expect(Findings.sureMistakes(1, of: 9).hasPrefix("1 of the 9 mistakes was"))
    #expect(Findings.sureMistakes(0, of: 9).contains("never more than 90%"))
    #expect(Findings.sureMistakes(2, of: 2).hasPrefix("Both mistakes were made"))
    #expect(Findings.sureMistakes(1, of: 1).hasPrefix("The one mistake was made"))
    #expect(Findings.sureMistakes(0, of: 0).contains("no mistakes"))
  }

  @Test func `weights that moved far are told from those that did not`() {
    var features = Fixture.results().features
    #expect(Findings.weights(features).hasPrefix("Training moved the filters by"))
    features.untrainedIsStart = false
    #expect(Findings.weights(features) == "The filters of conv1.")
    features.untrainedIsStart = true
    features.weights = features.untrainedWeights
    #expect(Findings.weights(features).contains("little from random ones: by 0.00"))
    features.weights = Plane(shape: [0], values: [])
    #expect(Findings.weights(features) == "The filters of conv1.")
  }

  @Test func `the sanity check speaks of the most similar map`() {
    var facts = Fixture.results().explanations
    #expect(
      Findings.sanity(facts, subject: subject)
        == "In part the map of integrated gradients is just the input showing through.")
    facts.similarityToUntrained = [0.1, 0.99].map { Estimate([$0]) }
    #expect(
      Findings.sanity(facts, subject: subject).hasPrefix(
        "The map of integrated gradients hardly depends"))
    facts.similarityToUntrained = [0.1, 0.2].map { Estimate([$0]) }
    facts.similarityOverAllPixels = [0.3, 0.2].map { Estimate([$0]) }
    #expect(Findings.sanity(facts, subject: subject) == "Random weights give other maps.")
    facts.similarityOverAllPixels = [0.3, 0.95].map { Estimate([$0]) }
    #expect(
      Findings.sanity(facts, subject: subject)
        == "Over the whole image the map of integrated gradients hardly depends on the network; where there is ink it does, in part."
    )
    facts.similarityToUntrained = [0.1, 0.15].map { Estimate([$0]) }
    #expect(Findings.sanity(facts, subject: subject).hasSuffix("where there is ink it does."))
    let clothes = Wording(dataset: "fashion-mnist", classes: ["Bag", "Coat"])
    #expect(Findings.sanity(facts, subject: clothes).contains("where the image is not 0"))
    facts.similarityToUntrained = []
    #expect(Findings.sanity(facts, subject: subject) == "The same answers, explained.")
  }

  @Test
  func `the most faithful map is told with what it costs the answer, or that any network gives it`()
  {
    var facts = Fixture.results().explanations
    #expect(
      Findings.deletion(facts)
        == "With 25% of the pixels blanked, the answer’s probability falls to 60% if the map of integrated gradients chooses them, and to 70% if "
        + "chance does.")
    let place = facts.cards.firstIndex { $0.name == "gradient" } ?? 0
    facts.cards = [facts.cards[place]] + facts.cards.filter(\.isControl)
    facts.cards[0].failsSanityCheck = true
    #expect(Findings.deletion(facts).contains("hardly depends on the network"))
    // Another method within its interval: no title may call it the most faithful.
    var best = facts.cards[0]
    facts.cards.append(best)
    facts.cards[facts.cards.count - 1].name = "lrp"
    #expect(!Findings.deletion(facts).contains("most faithful"))
    #expect(!Findings.faithfulness(facts).contains("most faithful"))
    best.failsSanityCheck = false
    facts.cards = [best]
    #expect(
      Findings.deletion(facts)
        == "The answer while the pixels that a map calls important are blanked.")
    facts.cards = []
    #expect(Findings.deletion(facts) == "The answer while pixels are blanked.")
  }

  @Test func `methods agree if their maps put the pixels in nearly the same order`() {
    var facts = Fixture.results().explanations
    facts.agreement = Agreement([
      [[1, 2, 3, 4], [2, 3, 4, 9]], [[1, -2, 3, 4], [1, -2, 3, 4]],
    ])
    #expect(
      Findings.agreement(facts).contains(
        "agree on much: the rank correlation of two maps of one image is 1.00 ± 0.01 without"))
    let turned: [[Float]] = [[1, 2, 3, 4], [4, 3, 2, 1]]
    facts.agreement = Agreement([turned, turned])
    #expect(
      Findings.agreement(facts).hasPrefix(
        "The methods do not agree: the rank correlation of two maps of one image is −1.00"))
    // The same strengths with other signs.
    let negated: [[Float]] = [[1, 2, 3, 4], [-1, -2, -3, -4]]
    facts.agreement = Agreement([negated, negated])
    #expect(
      Findings.agreement(facts).hasPrefix(
        "The methods agree in part: the rank correlation of two maps of one image is 1.00"))
    #expect(Findings.agreement(facts).contains("−1.00 ± 0.01 with them"))
    // An interval that reaches across the limit.
    facts.agreement = Agreement([turned, negated])
    #expect(Findings.agreement(facts).hasPrefix("The methods agree in part"))
    // Maps that are the same everywhere, as those of a constant network, agree on nothing.
    #expect(Agreement([[[0, 0, 0], [0, 0, 0]], [[1, 2, 3]]]) == nil)
    facts.agreement = nil
    #expect(Findings.agreement(facts) == "The same answers, explained.")
  }

  @Test func `noise barely matters only if it does not and the attack does`() {
    var facts = Fixture.results().robustness
    #expect(Findings.attack(facts).contains("random noise barely matters"))
    facts.curves[0].points[1].accuracy = 0.6
    #expect(Findings.attack(facts).hasPrefix("Aimed noise does far more harm"))
    facts.curves[2].points[1].accuracy = 0.5
    #expect(Findings.attack(facts) == "Under attack, accuracy falls as the change grows.")
    // Ten errors more of a hundred are many where there was one.
    facts = Fixture.results().robustness
    facts.curves[0].points[0].accuracy = 0.99
    #expect(Findings.attack(facts).hasPrefix("Aimed noise does far more harm"))
    // Within chance of each other, noise and attack are not set apart.
    facts = Fixture.results().robustness
    facts.curves[0].points[1].interval = Interval(low: 0.3, high: 0.95)
    #expect(Findings.attack(facts) == "Under attack, accuracy falls as the change grows.")
    facts.count = 3
    for (curve, share) in [(0, 2.0 / 3), (2, 1.0 / 3)] {
      facts.curves[curve].points[1].accuracy = share
    }
    #expect(
      Findings.attack(facts)
        == "At ε = 0.10, of only 3 images, 2 are read right under random noise and 1 under aimed noise."
    )
    facts.count = 42
    for curve in facts.curves.indices { facts.curves[curve].points[1].accuracy = 0.86 }
    #expect(Findings.attack(facts).contains("neither noise nor the attack does much harm"))
    facts.curves = []
    #expect(Findings.attack(facts) == "Accuracy against the size of the change.")
  }

  @Test func `a network beats another only beyond chance`() {
    let better = Findings.comparison(
      Fixture.comparison(pValue: 0.01), accuracy: 0.9, name: "cnn")
    #expect(better == "cnn beats mlp by 12.00 pts, more than chance explains.")
    let worse = Findings.comparison(Fixture.comparison(pValue: 0.01), accuracy: 0.7, name: "cnn")
    #expect(worse.hasPrefix("mlp beats cnn"))
    let equal = Findings.comparison(Fixture.comparison(pValue: 0.2), accuracy: 0.9, name: "cnn")
    #expect(equal.contains("cannot be told apart"))
  }

  @Test func `networks that learned are told apart by the loss they ended with`() {
    func run(_ name: String, _ loss: Double) -> (name: String, history: [EpochRecord]) {
      (name, [Fixture.record(1, train: 0.1, validation: loss)])
    }
    #expect(
      Findings.histories([run("cnn", 0.04), run("mlp", 0.09)])
        == "cnn ended with a validation loss of 0.040, mlp ended with a validation loss of 0.090.")
    for runs in [[run("cnn", 0.04)], [run("cnn", 0.04), run("mlp", 0.04)], []] {
      #expect(Findings.histories(runs) == "The networks as they learned.")
    }
  }

  @Test func `the report card names the most faithful map, and says if none is`() {
    var facts = Fixture.results().explanations
    func card(_ name: String, _ deletion: [Double], control: Bool = false, fails: Bool = false)
      -> ExplanationFacts.Card
    {
      ExplanationFacts.Card(
        name: name, isControl: control, deletion: Estimate(deletion), insertion: Estimate([0.9]),
        failsSanityCheck: fails, similarityToUntrained: Estimate([0.2]))
    }
    let random = card("random map", [0.6, 0.61, 0.62], control: true)
    facts.cards = [card("smoothgrad", [0.1, 0.11, 0.12]), card("gradient", [0.3, 0.31]), random]
    #expect(
      Findings.faithfulness(facts).hasPrefix(
        "In deletion the map of SmoothGrad is the most faithful"))
    #expect(!Findings.faithfulness(facts).contains("hardly"))
    facts.cards[0] = card("smoothgrad", [0.1, 0.11, 0.12], fails: true)
    #expect(Findings.faithfulness(facts).contains("hardly depends on the network"))
    facts.cards[0] = card("smoothgrad", [0.2, 0.9])
    facts.cards[1] = card("gradient", [0.5, 0.8])
    #expect(Findings.faithfulness(facts).hasPrefix("In deletion no map is clearly"))
  }

  @Test func `the way between two images is described by how long it hesitates`() {
    var doubt = Fixture.results().doubt
    func path(_ hesitant: Int) -> [[Float]] {
      (0...100).map { $0 < hesitant ? [0.6, 0.3] : [0.01, 0.98] }
    }
    doubt.pathShares = path(6)
    #expect(
      Findings.path(doubt).hasSuffix("for all but 6% of the way it is sure of one of the two."))
    doubt.pathShares = path(0)
    #expect(
      Findings.path(doubt).hasSuffix("for all but <1% of the way it is sure of one of the two."))
    doubt.pathShares = path(30)
    #expect(Findings.path(doubt) == "Between the two images it hesitates, for 30% of the way.")
    doubt.pathShares = []
    #expect(Findings.path(doubt) == "Between two images.")
    let labels = [0, 0, 1, 1, 2, 0]
    doubt.neighborhood = labels.enumerated().map { index, label in
      DoubtFacts.Point(
        image: index, x: Float(index * index), y: 0, label: label, predicted: label)
    }
    doubt.points = doubt.neighborhood
    // Nearest to 0, 1, 4, 9, 16, 25: 1, 0, 1, 4, 9, 16.
    #expect(Findings.neighborhood(doubt).hasPrefix("50% of the images"))
  }

  @Test func `a learning rate is called too large only if it did harm`() {
    let harmed = Findings.learningRates(Fixture.experiments())
    #expect(harmed.contains("0.1 is too large") && harmed.contains("20.00%"))
    let fine = Findings.learningRates(Fixture.experiments(accuracies: [0.96, 0.97, 0.95]))
    #expect(fine == "Of these learning rates 0.01 serves best.")
    let equal = Findings.learningRates(Fixture.experiments(accuracies: [0.96, 0.9702, 0.97]))
    #expect(equal == "Of these learning rates 0.01 and 0.001 serve equally well.")
  }

  @Test func `the hardest class over the epochs`() {
    let subject = Wording(dataset: "mnist", classes: ["0", "1", "2"])
    var facts = Fixture.timeLapse([1, 8, 8], 3)
    #expect(
      Findings.classesOverTime(facts, subject: subject).contains(
        "“0” had the lowest recall after the first epoch, and still has"))
    facts.recall[2] = [0.9, 0.5, 0.7]
    #expect(Findings.classesOverTime(facts, subject: subject).contains("in the end “1” has"))
    facts.epochs = [0, 1]
    facts.recall = Array(facts.recall.prefix(2))
    #expect(
      Findings.classesOverTime(facts, subject: subject) == "The classes after the first epoch.")
  }

  @Test func `what strangers are taken for`() {
    var doubt = Fixture.results().doubt
    #expect(Findings.strangers(doubt).contains("75%"))
    doubt.strangers[0].sure = 2
    #expect(
      Findings.strangers(doubt)
        == "It was more than 90% sure of 2 of 40 images that belong to none of its classes (Strangers)."
    )
    // Of few images the share says nothing.
    (doubt.strangers[0].sure, doubt.strangers[0].count) = (2, 3)
    #expect(Findings.strangers(doubt).contains("sure of 2 of 3 images"))
    doubt.strangers[0].sure = 0
    #expect(Findings.strangers(doubt).contains("sure of none of 3 images"))
    doubt.strangers = []
    #expect(Findings.strangers(doubt) == "Images that belong to none of its classes.")
  }

  @Test func `what is read between three images`() {
    let results = Fixture.results()
    let subject = Wording(results)
    let corners = results.doubt.slice?.corners ?? []
    let own = corners.map(\.label)
    #expect(
      Findings.slice(
        Fixture.slice(Array(corners.prefix(2)), predicted: [own[0], own[0], own[1], own[1]]),
        subject: subject
      )
      .hasSuffix("nothing else is read."))
    // Of three classes nothing else can be.
    #expect(
      Findings.slice(
        Fixture.slice(corners, predicted: [own[0], own[0], own[1], own[1]]), subject: subject
      )
      .hasPrefix("How its answers divide the triangle"))
    #expect(
      Findings.slice(
        Fixture.slice(Array(corners.prefix(1)), predicted: [own[0], own[0], own[0] + 1, own[0]]),
        subject: subject
      )
      .hasSuffix("33% is read as something else."))
  }

  @Test func `whether what fools one network fools the other`() {
    var results = Fixture.results()
    #expect(Findings.transfer(results) == "The networks under attack.")
    results.comparisons = [Fixture.comparison(pValue: 0.1)]
    results.comparisons[0].transfer[0].accuracy = 0.5
    #expect(
      Findings.transfer(results).hasPrefix(
        "What fools this network fools mlp too at ε = 0.10: images that leave it right on"))
    results.comparisons[0].transfer[0].accuracy = 0.75
    #expect(Findings.transfer(results).hasPrefix("What fools this network hardly fools mlp at"))
  }

  @Test func `pixels are compared only if the layer separates better`() {
    var doubt = Fixture.results().doubt
    doubt.points = (0..<8).map {
      DoubtFacts.Point(image: $0, x: Float($0 % 2), y: 0, label: $0 % 2, predicted: 0)
    }
    doubt.pixelPoints = (0..<8).map {
      DoubtFacts.Point(image: $0, x: Float($0), y: 0, label: $0 % 2, predicted: 0)
    }
    #expect(
      Findings.untangled(doubt).hasPrefix(
        "By two directions of the pixels 0% of the images lie beside one of their own class"))
    doubt.pixelPoints = doubt.points
    #expect(Findings.untangled(doubt) == "The same images by their pixels alone.")
  }
}
