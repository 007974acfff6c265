import Datasets
import Engine
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// The loss over one weight, against the network with that weight changed.
@Suite struct DescentFactsTests {
  @Test func `the curve is the loss of the network with the weight changed`() throws {
    let study = TrainedStudy.study()
    let facts = try #require(study.descentFacts())
    #expect(facts.curve.count == 61)
    for place in [facts.curve[0], facts.curve[30], facts.curve[60], facts.lowest, facts.trained] {
      #expect(abs(try loss(study, facts, at: place.weight) - place.loss) < 2e-4)
    }
    let weight = try #require(study.network.tensor("\(facts.layer).weight"))
    #expect(facts.trained.weight == Double(weight.values[facts.place(in: weight)]))
  }

  @Test func `each step goes against the slope, times the rate`() throws {
    let study = TrainedStudy.study()
    let facts = try #require(study.descentFacts())
    #expect(facts.slope < 0 && facts.runs.count == 3)
    #expect(facts.curve.allSatisfy { $0.loss >= facts.lowest.loss - 1e-9 })
    for run in facts.runs {
      #expect(run.places.count == 6)
      for (from, to) in zip(run.places, run.places.dropFirst()) {
        let step = 0.02 * max(1, abs(from.weight))
        let losses = [-step, step].map { try? loss(study, facts, at: from.weight + $0) }
        let slope = (try #require(losses[1]) - (try #require(losses[0]))) / (2 * step)
        let moved = to.weight - from.weight
        #expect(abs(moved + run.learningRate * slope) < 0.05 * abs(moved) + 0.001)
      }
    }
    let start = try #require(facts.runs.first?.places.first)
    #expect(abs(start.loss - facts.trained.loss - 0.4) < 1e-6)
    #expect(facts.runs.allSatisfy { $0.places.first == start })
  }

  @Test func `the slope is that of finite differences, and a valley has two sides`() throws {
    var valley = LossValley(
      weight: 0.5, label: 1, labels: [0, 1, 2, 1], activations: [1.5, 2, -0.5, 0],
      logits: [[1, 0.5, 0], [0, 1, 1], [0.2, 0, 0.3], [0, 2, 1]])
    for weight in [-2, 0.5, 3.0] {
      let (low, high) = (valley.at(weight - 1e-5).loss, valley.at(weight + 1e-5).loss)
      #expect(abs((high - low) / 2e-5 - valley.slope(weight)) < 1e-7)
    }
    let rise = valley.at(0.5).loss + 0.4
    for side in [-1.0, 1] {
      let place = try #require(valley.place(0.4, above: 0.5, towards: side))
      #expect(abs(valley.at(place).loss - rise) < 1e-6 && side * (place - 0.5) > 0)
    }
    // Only the class itself has the unit: the larger the weight the better.
    valley = LossValley(
      weight: 0.5, label: 1, labels: [1], activations: [1], logits: [[0, 0.5, 0]])
    #expect(valley.place(0.4, above: 0.5, towards: 1) == nil)
  }

  @Test func `a network of one layer has no such weight`() throws {
    let study = UntrainedStudy.study(of: try UntrainedStudy.network("flatten linear(10)"))
    #expect(study.descentFacts() == nil)
  }

  /// Mean cross-entropy of the same images, by the engine, with one weight changed.
  private func loss(_ study: Study, _ facts: DescentFacts, at weight: Double) throws -> Double {
    var network = study.network
    let index = try #require(network.tensors.firstIndex { $0.name == "\(facts.layer).weight" })
    network.tensors[index].values[facts.place(in: network.tensors[index])] = Float(weight)
    let chosen = study.sample(
      facts.images, of: study.split.train.count, for: "training images for descent")
    let logits = Executor(network, pool: study.pool).logits(study.split.train.floats(chosen))
    let rows = stride(from: 0, to: logits.count, by: 10).map {
      logits[$0..<$0 + 10].map(Double.init)
    }
    let losses = zip(rows, chosen).map { crossEntropy($0, study.split.train.labels[$1]) }
    return losses.reduce(0, +) / Double(losses.count)
  }
}

extension DescentFacts {
  /// The weight's place in its tensor.
  fileprivate func place(in tensor: Tensor) -> Int { label * tensor.shape[1] + unit }
}
