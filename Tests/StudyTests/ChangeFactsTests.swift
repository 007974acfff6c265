import Datasets
import Engine
import Evaluation
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// What changed from one network to another, on real networks with a known difference.
@Suite struct ChangeFactsTests {
  private func study(_ network: Network, seed: UInt64 = 1) -> Study {
    Study(
      Study.Subject(
        name: "other",
        checkpoint: Checkpoint(
          network: network, classes: UntrainedStudy.dataset.classes, dataset: "drawn", seed: seed,
          history: [], run: nil), sha256: String(repeating: "1", count: 64)),
      on: UntrainedStudy.dataset, split: UntrainedStudy.split, extent: .quick,
      pool: UntrainedStudy.pool)
  }

  private func change(_ own: Study, from other: Study) -> ChangeFacts {
    own.changeFacts(
      from: other, attacked: (own.attacked(by: "pgd"), other.attacked(by: "pgd")),
      explained: own.explained(beside: other).changed)
  }

  @Test func `a network has not changed from itself`() throws {
    let study = UntrainedStudy.study()
    let facts = change(study, from: study)
    #expect(facts.isSame && facts.answers.onlyFirst == 0 && facts.answers.onlySecond == 0)
    #expect(facts.answers.count == UntrainedStudy.split.test.count)
    #expect(facts.loss.difference == 0 && facts.loss.pValue == 1)
    // The error of bands is no estimate whose difference has an interval that holds.
    #expect(facts.calibration.difference == 0 && facts.calibration.interval == nil)
    #expect(facts.layers.map(\.distance) == [0, 0, 0, 0] && facts.changedClasses.isEmpty)
    let filters = try #require(facts.filters)
    #expect(!filters.arePaired && filters.distances == [Double](repeating: 0, count: 6))
    #expect(facts.explained.allSatisfy { abs($0.correlation - 1) < 1e-9 })
  }

  @Test func `the filter and the layer that moved are found, by how far they moved`() throws {
    var other = UntrainedStudy.network
    let place = try #require(other.tensors.firstIndex { $0.name == "conv1.weight" })
    // Filter 4 is half as long before: it moved by its own length.
    for at in 36..<45 { other.tensors[place].values[at] /= 2 }
    let facts = change(UntrainedStudy.study(), from: study(other))
    #expect(!facts.isSame)
    #expect(facts.layers.map(\.name) == ["conv1", "conv2", "linear1", "linear2"])
    #expect(facts.layers.dropFirst().allSatisfy { $0.distance == 0 })
    let filters = try #require(facts.filters)
    #expect(filters.shown.first?.after == 4 && filters.shown.first?.before == 4)
    #expect(abs(filters.distances[4] - 1) < 1e-5 && filters.distances[3] == 0)
    let shown = try #require(filters.shown.first?.weights)
    #expect(shown.shape == [2, 1, 3, 3])
    #expect(
      shown.values.prefix(9).elementsEqual(other.tensors[place].values[36..<45])
        && shown.values.suffix(9).elementsEqual(
          UntrainedStudy.network.tensors[place].values[36..<45])
    )
    // By hand: the distance of everything in conv1 in lengths of what it was.
    let before = other.tensors.prefix(2).flatMap(\.values)
    let after = UntrainedStudy.network.tensors.prefix(2).flatMap(\.values)
    let moved = zip(after, before).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    let length = before.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(try #require(facts.layers[0].distance) - (moved / length).squareRoot()) < 1e-6)
  }

  @Test func `filters in another order are paired by likeness`() throws {
    var other = UntrainedStudy.network
    let place = try #require(other.tensors.firstIndex { $0.name == "conv1.weight" })
    let own = other.tensors[place].values
    other.tensors[place].values = [5, 4, 3, 2, 1, 0].flatMap { own[$0 * 9..<($0 + 1) * 9] }
    let filters = try #require(WeightChange(UntrainedStudy.network, from: other)?.filters)
    #expect(filters.arePaired && filters.distances == [Double](repeating: 0, count: 6))
    #expect(filters.shown.allSatisfy { $0.before == 5 - $0.after })
  }

  @Test func `a network of another seed is attacked on the same images`() throws {
    let own = UntrainedStudy.study()
    let before = study(UntrainedStudy.network, seed: 2)
    // Left to itself it would draw others.
    try #require(before.attackedImages != own.attackedImages)
    let attacked = own.attacked(by: "pgd")
    let comparison = own.comparison(
      with: before, attacked: attacked, explained: own.explanationFacts(), aimed: [])
    let clean = try #require(comparison.facts.robustness.first)
    try #require(clean.epsilon == 0 && clean.accuracy > 0)
    #expect(clean.accuracy == attacked.points.first?.accuracy)
    // It is the same network: without a change no image is read by only one of them.
    let held = try #require(comparison.change.held.first)
    #expect(held.epsilon == 0 && held.images.count == own.attackedImages.count)
    #expect(held.images.onlyFirst == 0 && held.images.onlySecond == 0)
    #expect(held.images.both == own.attackedImages.count { own.predictions.isCorrect($0) })
  }

  @Test func `the chance of a difference follows from its interval`() throws {
    func pValue(_ low: Double, _ high: Double) -> Double? {
      ChangeFacts.Measured(before: 0, after: 0, interval: Interval(low: low, high: high)).pValue
    }
    // An end at 0 is the level of 5 %; two reaches away from 0 are 3.92 standard errors.
    #expect(abs(try #require(pValue(0, 0.2)) - 0.05) < 1e-9)
    #expect(abs(try #require(pValue(-0.3, -0.1)) - 8.857e-5) < 1e-7)
    #expect(pValue(-0.1, 0.1) == 1 && pValue(0, 0) == 1 && pValue(0.1, 0.1) == 0)
    #expect(pValue(.nan, .nan) == nil)
    #expect(ChangeFacts.Measured(before: 1, after: 2, interval: nil).pValue == nil)
  }

  @Test func `networks of other layers are compared by their answers alone`() throws {
    let architecture = try Architecture(
      Specification(text: "flatten linear(10)"),
      inputShape: UntrainedStudy.network.architecture.inputShape)
    let other = Network.untrained(
      architecture, normalization: UntrainedStudy.network.normalization, seed: 5)
    let (own, before) = (UntrainedStudy.study(), study(other))
    let facts = change(own, from: before)
    #expect(!facts.isSame && facts.layers.isEmpty && facts.filters == nil)
    let test = UntrainedStudy.split.test
    func right(_ network: Network) -> [Bool] {
      let answers = Predictions(of: Executor(network, pool: UntrainedStudy.pool), on: test)
      return (0..<test.count).map { answers.predicted[$0] == test.labels[$0] }
    }
    let pairs = Array(zip(right(UntrainedStudy.network), right(other)))
    #expect(facts.answers.onlyFirst == pairs.count { $0 && !$1 })
    #expect(facts.answers.onlySecond == pairs.count { !$0 && $1 })
    #expect(facts.perClass.reduce(0) { $0 + $1.count } == test.count)
    for (label, counts) in facts.perClass.enumerated() {
      #expect(
        counts.onlyFirst
          == pairs.indices.count { test.labels[$0] == label && pairs[$0].0 && !pairs[$0].1 })
    }
    // Without a change held is what is right.
    let clean = try #require(facts.held.first)
    #expect(clean.epsilon == 0 && clean.images.count == own.attackedImages.count)
    let images = own.attackedImages
    #expect(clean.images.onlyFirst == images.count { pairs[$0].0 && !pairs[$0].1 })
    #expect(facts.explained.map(\.correlation) == facts.explained.map(\.correlation).sorted())
    #expect(
      facts.explained.allSatisfy {
        $0.maps.count == 2 && $0.predicted == before.predictions.predicted[$0.example.index]
      })
  }
}
