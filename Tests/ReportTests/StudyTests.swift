import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Networks
import Study
import TestSupport
import Testing

@testable import Report

/// Facts about a network that has learned nothing, against slow oracles.
@Suite struct StudyTests {
  private static let dataset = DrawnDigits.dataset(count: 900)
  private static let network: Network = {
    guard
      let architecture = try? Architecture(
        Specification(
          text:
            "conv(6,3) relu maxpool(2) conv(5,3) relu flatten linear(12) relu linear(10)"),
        inputShape: ImageShape(channels: 1, height: 28, width: 28))
    else { preconditionFailure("no network") }
    return Network.untrained(
      architecture, normalization: Normalization(mean: [0], standardDeviation: [1]), seed: 3)
  }()
  private static let pool = WorkerPool(threads: 2)
  private static let split = Split(dataset, seed: 1)

  private static func study(_ extent: Study.Extent = .quick) -> Study {
    Study(
      Study.Subject(
        name: "untrained",
        checkpoint: Checkpoint(
          network: network, classes: dataset.classes, dataset: dataset.name, seed: 1, history: [],
          run: nil), sha256: String(repeating: "0", count: 64), randomLabels: network),
      on: dataset, split: split, extent: extent, pool: pool)
  }

  @Test func `a look-alike is the nearest right image of the answered class`() throws {
    let test = Self.split.test
    let executor = Executor(Self.network, pool: Self.pool)
    let predictions = Predictions(of: executor, on: test)
    func code(_ image: Int) throws -> [Float] {
      try #require(executor.tracer.activations(test.floats([image]), of: ["relu3"])["relu3"])
    }
    let cells = Self.study().qualityFacts().cells
    let compared = cells.filter { !$0.lookAlikes.isEmpty }
    #expect(!compared.isEmpty && compared.count <= 6)
    for cell in compared {
      let others = (0..<test.count).filter {
        test.labels[$0] == cell.predicted && predictions.predicted[$0] == cell.predicted
      }
      let codes = try others.map(code)
      for (image, found) in zip(cell.images, cell.lookAlikes) {
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
    let facts = try #require(Self.study().featureFacts(Self.study().clearExample).channels)
    #expect(facts.all.map(\.index) == Array(0..<5))
    // Two convolutions of 3 with a pooling between see 8 x 8 pixels.
    #expect(facts.all.allSatisfy { $0.ideal?.shape == [1, 8, 8] && $0.classMeans.count == 10 })
    let test = Self.split.test
    let executor = Executor(Self.network, pool: Self.pool)
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
    let facts = Self.study().explanationFacts()
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

  @Test func `framed ink is the ink of the page, light or dark`() {
    let digit = Plate.ink(FloatPlane(width: 1, height: 1, values: [1])).framed(scale: 2)
    for appearance in [Appearance.light, .dark] {
      let theme = Theme(appearance: appearance)
      let framed = digit.pixels(appearance)
      #expect(framed.width == 4 && framed.color(x: 1, y: 1) == theme.color(.ink))
      #expect(framed.color(x: 0, y: 0) == theme.color(.rule))
    }
  }

  @Test func `of more mistakes than are shown the page has a sheet of all`() throws {
    var results = Fixture.results()
    let study = Self.study()
    results.quality = study.qualityFacts()
    results.mistakes = study.mistakes()
    results.model.classes = Self.dataset.classes
    let errors = results.quality.evaluation.errors
    let kept = results.quality.cells.reduce(0) { $0 + $1.images.count }
    try #require(errors > 2000 && kept <= 2000)
    let figures = ReportFigures(results)
    let more = try #require(figures.mistakes(results.mistakes, quality: results.quality).last?.more)
    #expect(more.title.hasPrefix("\(Format.count(kept)) of the \(Format.count(errors)) mistakes"))
    #expect(more.grid.rows.count == Set(results.quality.cells.map(\.actual)).count)
    // Where all are shown there is nothing more.
    let few = Fixture.results()
    #expect(
      ReportFigures(few).mistakes(few.mistakes, quality: few.quality).allSatisfy { $0.more == nil })
  }
}
