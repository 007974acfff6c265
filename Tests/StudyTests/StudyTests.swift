import Attribution
import Datasets
import Engine
import Evaluation
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// Facts about a network that has learned nothing, against slow oracles.
@Suite struct StudyTests {
  @Test func `a look-alike is the nearest right image of the answered class`() throws {
    let test = UntrainedStudy.split.test
    let executor = Executor(UntrainedStudy.network, pool: UntrainedStudy.pool)
    let predictions = Predictions(of: executor, on: test)
    func code(_ image: Int) throws -> [Float] {
      try #require(executor.tracer.activations(test.floats([image]), of: ["relu3"])["relu3"])
    }
    let cells = UntrainedStudy.study().qualityFacts().cells
    let compared = cells.filter { !$0.lookAlikes.isEmpty }
    #expect(!compared.isEmpty && compared.count <= 6)
    for cell in compared {
      let others = (0..<test.count).filter {
        test.labels[$0] == cell.predicted && predictions.predicted[$0] == cell.predicted
      }
      let codes = try others.map(code)
      for (image, found) in try paired(cell.images.prefix(cell.lookAlikes.count), cell.lookAlikes) {
        let own = try code(image)
        let distances = codes.map {
          zip($0, own).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
        }
        let least = try #require(distances.min()).squareRoot()
        #expect(others.contains(found.index))
        #expect(abs(Double(found.distance) - least) <= 1e-4 * max(1, least))
        #expect(found.pixels.values == test.floats([found.index]))
      }
    }
  }

  @Test
  func `every channel gets an ideal as large as its field, which excites it more than digits do`()
    throws
  {
    let facts = try #require(
      UntrainedStudy.study().featureFacts(UntrainedStudy.study().clearExample).channels)
    #expect(facts.all.map(\.index) == Array(0..<5))
    // Two convolutions of 3 with a pooling between see 8 x 8 pixels.
    #expect(facts.all.allSatisfy { $0.ideal?.shape == [1, 8, 8] && $0.classMeans.count == 10 })
    let test = UntrainedStudy.split.test
    let executor = Executor(UntrainedStudy.network, pool: UntrainedStudy.pool)
    func centre(_ pixels: [Float], _ channel: Int) throws -> Float {
      let maps = try #require(executor.tracer.activations(pixels, of: ["conv2"])["conv2"])
      return maps[(channel * 14 + 7) * 14 + 7]
    }
    for channel in facts.all {
      let ideal = try #require(channel.ideal)
      // The middle place sees rows and columns 11 to 18.
      var picture = [Float](repeating: 0, count: 28 * 28)
      for (at, value) in ideal.values.enumerated() {
        picture[(11 + at / 8) * 28 + 11 + at % 8] = value
      }
      let excited = try centre(picture, channel.index)
      let digits = try (0..<50).map { try centre(test.floats([$0]), channel.index) }.sorted()
      #expect(excited > digits[45], "channel \(channel.index)")
    }
  }

  @Test func `curves and similarities of the explanations agree with their means`() {
    let facts = UntrainedStudy.study().explanationFacts()
    #expect(facts.cards.contains { $0.name == "gradient" && !$0.isControl })
    for card in facts.cards {
      let curve = card.deletionCurve
      let area =
        (curve.reduce(0, +) - (curve[0] + curve[curve.count - 1]) / 2) / Double(curve.count - 1)
      #expect(abs(area - card.deletion.mean) < 1e-6, "\(card.name)")
      // The control is the network itself: its maps are the same.
      if !card.isControl, card.name == "gradient" {
        #expect((card.similarityToRandomLabels?.mean ?? 0) > 0.999)
      }
    }
    #expect(facts.similarityOverAllPixels.count == facts.methods.count)
    #expect(facts.similarityOverAllPixels.allSatisfy { (-1...1).contains($0.mean) })
  }
}
