import Attribution
import Figures
import Testing

@testable import Report
@testable import Study

/// Titles of figures that are looked at more than counted.
struct PictureFindingsTests {
  private let subject = Wording(Fixture.results())

  @Test func `ideals look like their classes or do not`() {
    let results = Fixture.results()
    var (features, data) = (results.features, results.data)
    features.ideals = Array(data.meanImages.prefix(2))
    let turned = data.meanImages[1]
    features.ideals[1] = Plane(shape: turned.shape, values: turned.values.map { 1 - $0 })
    let alike = Findings.ideals(features, data, subject: subject)
    #expect(
      alike.hasPrefix(
        "Shifted to where they fit best, the ideal of “0” is most like its mean image (correlation 1.00), that of “1”"
      ))
    (features.ideals[0], features.ideals[1]) = (features.ideals[1], features.ideals[0])
    (data.meanImages[0], data.meanImages[1]) = (data.meanImages[1], data.meanImages[0])
    #expect(
      Findings.ideals(features, data, subject: subject).contains(
        "“1” is most like its mean image (correlation 1.00)"))
    features.ideals = []
    #expect(
      Findings.ideals(features, data, subject: subject) == "What raises each class’s score most.")
  }

  @Test func `the first epoch's share of the way is counted`() throws {
    var facts = try #require(Fixture.results().timeLapse)
    func weights(_ value: Float) -> Plane { Plane(shape: [1, 1, 1, 2], values: [value, 0]) }
    facts.weights = [weights(0), weights(3), weights(4)]
    #expect(
      Findings.weightsOverTime(facts, noun: "filters")
        == "After epoch 1 the filters had moved 75% as far from where they began as in the end.")
    facts.weights = [weights(1), weights(3), weights(1)]
    #expect(Findings.weightsOverTime(facts, noun: "filters") == "Watch the filters form.")
    func maps(_ values: [Float]) -> Plane { Plane(shape: [1, 1, 3], values: values) }
    facts.maps = [maps([3, 2, 1]), maps([2, 4, 6]), maps([1, 2, 3])]
    #expect(
      Findings.mapsOverTime(facts, noun: "digit")
        == "After epoch 1 the maps of relu1 correlate by 1.00 with those of the end; before training by −1.00."
    )
    facts.maps = [maps([1, 2, 3])]
    #expect(Findings.mapsOverTime(facts, noun: "digit").hasPrefix("The same digit"))
  }

  @Test func `sure answers are as sure as the least of them`() {
    var example = Fixture.results().live?.examples ?? []
    #expect(!example.isEmpty)
    for index in example.indices {
      example[index].probabilities = example[index].probabilities.map { _ in 0 }
      example[index].probabilities[example[index].predicted] = index == 0 ? 0.95 : 0.9999
    }
    #expect(Findings.sureCases(example, noun: "digit").contains("at least 95% sure"))
    #expect(
      Findings.sureCases(Array(example.dropFirst()), noun: "digit")
        == "On its clearest digits it is more than 99.9% sure, and right.")
    #expect(Findings.sureCases([], noun: "digit") == "There are no right answers.")
    var diverged = example
    for place in diverged.indices {
      diverged[place].probabilities = diverged[place].probabilities.map { _ in .nan }
    }
    #expect(!Findings.sureCases(diverged, noun: "digit").isEmpty)
  }

  @Test func `networks give like reasons if their maps have one order`() {
    var results = Fixture.results()
    results.comparisons = [Fixture.comparison(pValue: 0.01)]
    let neutral = "The same images, each network’s own reasons."
    #expect(Findings.explainedBeside(results) == neutral)
    results.comparisons[0].agreement = Agreement([
      [[1, 2, 3], [2, 4, 9]], [[3, 1, 2], [6, 1, 5]],
    ])
    #expect(Findings.explainedBeside(results).contains("like reasons"))
    results.comparisons[0].agreement = Agreement([[[1, 2, 3], [-1, -2, -3]]])
    let unlike = Findings.explainedBeside(results)
    #expect(unlike.contains("different reasons") && unlike.contains("−1.00"))
    results.comparisons[0].agreement = Agreement([
      [[1, 2, 3], [1, 2, 3]], [[1, 2, 3], [-1, -2, -3]],
    ])
    #expect(Findings.explainedBeside(results).contains("reasons that are alike in part"))
    results.comparisons = []
    #expect(Findings.explainedBeside(results) == neutral)
  }

  @Test func `the network in the page says how often it agrees`() throws {
    var live = try #require(Fixture.results().live)
    (live.agreement, live.count) = (1, 10_000)
    #expect(Findings.live(live, subject: subject).hasPrefix("All 10,000 test"))
    live.agreement = 0.9998
    #expect(Findings.live(live, subject: subject).hasPrefix("9,998 of 10,000 test"))
    live.count = 0
    #expect(Findings.live(live, subject: subject) == "The network answers while you draw.")
  }

  @Test func `misread images lie among those of the answer, or do not`() {
    var doubt = Fixture.results().doubt
    func point(_ x: Float, _ label: Int, _ predicted: Int) -> DoubtFacts.Point {
      DoubtFacts.Point(image: 0, x: x, y: 0, label: label, predicted: predicted)
    }
    let right = (0..<20).map { point(Float($0), 0, 0) } + (100..<120).map { point(Float($0), 1, 1) }
    doubt.points = right
    doubt.neighborhood = right + [point(105, 0, 1), point(106, 0, 1), point(3, 0, 1)]
    #expect(
      Findings.neighborhood(doubt)
        == "2 of the 3 misread images lie among those of the class that was answered.")
    doubt.neighborhood.removeLast()
    #expect(Findings.neighborhood(doubt).hasPrefix("Both misread images lie among"))
    doubt.neighborhood.removeLast()
    #expect(Findings.neighborhood(doubt).hasPrefix("The one misread image lies among"))
    // Mistakes that were added to those drawn at random do not count; what they stand beside does.
    doubt.neighborhood = right + [point(105, 0, 1), point(4, 0, 1), point(3, 0, 1)]
    #expect(
      Findings.neighborhood(doubt)
        == "98% of the images drawn at random have one of their own class beside them.")
    doubt.neighborhood = right
    #expect(
      Findings.neighborhood(doubt) == "100% of the images have one of their own class beside them.")
  }

  @Test func `the caption of the map says which images it shows`() {
    let results = Fixture.results()
    var doubt = results.doubt
    func caption() -> String {
      ReportFigures(results).neighborhood(doubt, quality: results.quality).text.caption
    }
    #expect(caption().hasPrefix("All 42 test images, laid out by t-SNE"))
    #expect(caption().contains("the 6 misread ones are ringed."))
    #expect(caption().contains("counts as among") == (doubt.misled != nil))
    let right = doubt.neighborhood.filter { $0.label == $0.predicted }
    let wrong = doubt.neighborhood.filter { $0.label != $0.predicted }
    (doubt.points, doubt.neighborhood) = (right, right + wrong)
    #expect(
      caption().hasPrefix(
        "36 test images, drawn at random, and the other 6 mistakes, laid out"))
    doubt.neighborhood = right + wrong.prefix(1)
    #expect(caption().contains(", and the 1 surest of the other mistakes, laid out"))
    #expect(caption().contains("the misread one is ringed"))
    doubt.neighborhood = right
    #expect(!caption().contains("ringed") && !caption().contains("counts as among"))
    var few = results
    few.quality.evaluation = FindingsTests.evaluation(
      [(0, 1)], each: 1, classes: results.model.classes)
    doubt.points = Array(right.prefix(2))
    doubt.neighborhood = doubt.points + wrong.prefix(1)
    #expect(
      ReportFigures(few).neighborhood(doubt, quality: few.quality).text.caption.hasPrefix(
        "2 test images, drawn at random, and the other mistake, laid out"))
  }

  @Test func `a network that has only scores to show has no code and no maps`() {
    let results = Fixture.results()
    let figures = ReportFigures(results)
    let all = results.features.activations
    func text(_ activations: [FeatureFacts.Activation]) -> (title: String, caption: String) {
      let text = figures.activations(activations, of: results.data.example, in: results.model).text
      return (text.title, text.caption)
    }
    #expect(text(all).title.contains("from outlines to a code"))
    #expect(text(all).caption.contains("an empty map found nothing"))
    let scores = text(Array(all.suffix(1)))
    #expect(scores.title == "One digit, as the scores of the classes.")
    #expect(!scores.caption.contains("green") && !scores.caption.contains("map"))
    var flat = all
    flat[0].values = Plane(shape: [4], values: [0, 1, 2, 0])
    #expect(text(flat).title == "One digit as a code that only the network can read.")
    #expect(text(flat).caption.contains("Green grows") && !text(flat).caption.contains("map"))
  }

  @Test func `an image's page begins with three methods that passed, the best first`() throws {
    var results = Fixture.results()
    let names = ["a", "b", "c", "d", "e"]
    let card = try #require(results.explanations.cards.first)
    results.cases?.methods = names.map { ExplanationFacts.Method(name: $0, summary: "a map") }
    results.cases?.areBlind = [false, false, false, false, true]
    func trusted(_ deletions: [Double], failing: Set<String> = [], control: Double = 0.9) throws
      -> [Int]
    {
      var all = zip(names + ["random"], deletions + [control]).map { name, mean in
        var one = card
        (one.name, one.isControl) = (name, name == "random")
        (one.failsSanityCheck, one.deletion) = (failing.contains(name), Estimate([mean]))
        return one
      }
      all.reverse()
      results.explanations.cards = all
      let pages = try #require(
        CasePages(results, subject: Wording(results), isSingle: false))
      return pages.trusted(Array(names.indices))
    }
    // The last is blind: its map is the same with random weights.
    #expect(try trusted([0.4, 0.2, 0.3, 0.1, 0]) == [3, 1, 2])
    #expect(try trusted([0.4, 0.2, 0.3, 0.1, 0], failing: ["d"]) == [1, 2, 0])
    #expect(try trusted([0.4, 0.2, 0.3, 0.1, 0], failing: ["c", "d"]) == [])
    #expect(try trusted([0.4, 0.2, 0.3, 0.1, 0], control: 0.25) == [])
  }
}
