import Datasets
import Engine
import Evaluation
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// The gradient on its way back, against differences of the loss.
@Suite struct BlameFactsTests {
  private func study(_ text: String) throws -> Study {
    UntrainedStudy.study(of: try UntrainedStudy.network(text))
  }

  /// The slope of an image's loss in each number of a layer, by central differences.
  private func slopes(_ study: Study, _ image: [Float], _ label: Int, in layer: String) throws
    -> [Double]
  {
    let tracer = study.executor.tracer
    let values = try #require(tracer.activations(image, of: [layer])[layer])
    let step: Float = 0.02
    return values.indices.map { at in
      let losses = [-step, step].map { change in
        var moved = values
        moved[at] += change
        return crossEntropy(
          tracer.logits(moved, from: layer, of: image).map(Double.init), label)
      }
      return (losses[1] - losses[0]) / (2 * Double(step))
    }
  }

  @Test func `blame is the slope of the loss, and what the scores hand back adds up to it`() throws
  {
    let study = TrainedStudy.study()
    let facts = try #require(study.blameFacts())
    let label = facts.example.label
    #expect(facts.stations == ["linear2", "relu3", "pool2", "pool1"] && facts.source == "relu3")
    #expect(facts.scores.count == 10 && abs(facts.scores.reduce(0, +)) < 1e-6)
    for (index, score) in facts.scores.enumerated() {
      let truth = index == label ? 1.0 : 0
      #expect(abs(score - (Double(facts.example.probabilities[index]) - truth)) < 1e-5)
    }
    let image = facts.example.pixels.values
    let slopes = try slopes(study, image, label, in: facts.source)
    #expect(facts.count == slopes.count && facts.units.count == 8)
    for unit in facts.units {
      #expect(abs(unit.parts.reduce(0, +) - unit.blame) < 1e-5)
      #expect(abs(slopes[unit.unit] - unit.blame) < 0.02 * abs(unit.blame) + 1e-4)
      #expect(unit.activation > 0)
    }
    // Those that hand on are those that speak; the strongest of them are told.
    let said = try #require(study.executor.tracer.activations(image)[facts.source])
    #expect(facts.stopped == said.count { $0 == 0 })
    let others = slopes.indices.filter { at in
      said[at] > 0 && !facts.units.contains { $0.unit == at }
    }
    let least = facts.units.map { abs($0.blame) }.min() ?? 0
    #expect(!others.isEmpty && others.allSatisfy { abs(slopes[$0]) < 1.02 * least + 1e-4 })
    let pixels = study.executor.inputGradients(image, of: .crossEntropy([label])).pixels
    let largest = pixels.map(abs).max() ?? 0
    #expect(largest > 0 && facts.pixels.values.count == pixels.count)
    #expect(zip(facts.pixels.values, pixels).allSatisfy { abs($0 - $1) <= largest / 200 })
  }

  @Test func `a length is the mean over images, beside that at the scores`() throws {
    let study = try study("conv(4,5) relu maxpool(4) flatten linear(12) relu linear(10)")
    let facts = try #require(study.blameFacts())
    #expect(facts.stations == ["linear2", "relu2", "pool1"] && facts.depths.count == 4)
    // The checkpoint is the network as it began.
    let (trained, began) = (facts.depths[0], facts.depths[2])
    #expect(trained.start == .trained && began.start == .untrained(factor: 1))
    #expect(trained.lengths == began.lengths && trained.lengths[0] == 1)
    let images = study.sample(facts.images, for: "depth of the gradient")
    let lengths = try facts.stations.map { station in
      try images.reduce(0.0) { sum, index in
        let slopes = try slopes(
          study, study.test.floats([index]), study.test.labels[index], in: station)
        return sum + slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    }
    for (said, length) in zip(began.lengths, lengths) {
      #expect(abs(said - length / lengths[0]) < 0.01 * said)
    }
    // The weights between are a quarter; the probabilities are hardly others.
    let small = try #require(facts.depths.first { $0.start == .untrained(factor: 0.25) })
    #expect(abs(small.lengths[1] / began.lengths[1] - 0.25) < 0.02)
    #expect(facts.arrived(.untrained(factor: 0.25)) == small.lengths[2])
  }

  @Test func `a batch normalization holds the length`() throws {
    let text = "conv(4,3) norm relu conv(4,3) norm relu maxpool(4) flatten linear(10)"
    let facts = try #require(try study(text).blameFacts())
    #expect(facts.stations == ["linear1", "pool1", "relu1"])
    let ways = facts.depths.dropFirst().map { $0.lengths[2] / $0.lengths[1] }
    // Of smaller sums the small number under the root is a larger part.
    #expect(ways.count == 3 && ways.allSatisfy { abs($0 / ways[1] - 1) < 0.05 })
    #expect(abs(facts.depths[1].lengths[1] / facts.depths[2].lengths[1] - 0.25) < 0.02)
  }

  @Test(arguments: [
    "conv(4,5) gelu maxpool(4) flatten linear(10)",
    "conv(4,3) relu residual(conv(4,3) relu) maxpool(4) flatten linear(9) gelu linear(10)",
    "flatten linear(8) linear(10)",
  ])
  func `blame is the slope of the loss in any layer before the last`(text: String) throws {
    let study = try study(text)
    let facts = try #require(study.blameFacts())
    let slopes = try slopes(
      study, facts.example.pixels.values, facts.example.label, in: facts.source)
    #expect(!facts.units.isEmpty && facts.count == slopes.count)
    for unit in facts.units {
      #expect(abs(slopes[unit.unit] - unit.blame) < 0.02 * abs(unit.blame) + 1e-4)
    }
    // Only a function that may be flat stops anything, and the smooth one does not.
    #expect(facts.stopped == (facts.source == "gelu1" ? 0 : nil))
    #expect(facts.depths.allSatisfy { $0.lengths.count == facts.stations.count })
  }

  @Test func `a network of one layer hands nothing back, and memory has no factor`() throws {
    #expect(try study("flatten linear(10)").blameFacts() == nil)
    let recurrent = try #require(try study("rows lstm(6) last linear(10)").blameFacts())
    #expect(recurrent.depths.isEmpty && recurrent.units.count == 6)
  }
}
