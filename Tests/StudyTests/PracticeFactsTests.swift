import Datasets
import Engine
import Foundation
import Pictures
import Randomness
import StudySupport
import TestSupport
import Testing

@testable import Study

/// The images that a page trains on, and what Inkling makes of them.
@Suite struct PracticeFactsTests {
  private static let pool = WorkerPool(threads: 2)

  private func images(_ labels: [Int], channels: Int = 1, side: Int = 6, stream: UInt64 = 1)
    -> LabeledImages
  {
    let count = labels.count * channels * side * side
    return LabeledImages(
      channels: channels, height: side, width: side,
      pixels: hashed(count, stream).map { UInt8($0 * 255) }, labels: labels)
  }

  private func split(_ train: LabeledImages, _ validation: LabeledImages) -> Split {
    var dataset = Dataset(name: "practice", classes: ["a", "b"], train: train, test: train)
    dataset.validation = validation
    return Split(dataset, seed: 1)
  }

  @Test func `one image of each class after the other, as long as there are any`() {
    let labels = [0, 0, 0, 0, 0, 1, 1, 3]
    var generator = SplitMix64(seed: 1)
    let places = PracticeFacts.drawn(7, of: labels, classes: 4, using: &generator)
    #expect(places.map { labels[$0] } == [0, 1, 3, 0, 1, 0, 0])
    #expect(Set(places).count == 7)
    var again = SplitMix64(seed: 1)
    #expect(places == PracticeFacts.drawn(7, of: labels, classes: 4, using: &again))
    #expect(PracticeFacts.drawn(99, of: labels, classes: 4, using: &again).count == 8)
  }

  @Test func `large images are reduced to means, in sixteen steps`() {
    /// Squares with the brightnesses 0, 51, 102 and so on.
    func pattern(_ side: Int, square: Int) -> [UInt8] {
      (0..<side * side).map { (place: Int) -> UInt8 in
        let (row, column) = (place / side / square, place % side / square)
        return UInt8((row + column) % 6 * 51)
      }
    }
    let pixels = pattern(56, square: 2)
    let large = LabeledImages(channels: 1, height: 56, width: 56, pixels: pixels, labels: [0])
    let small = PracticeFacts.reduced(large)
    #expect(small.height == 28 && small.width == 28)
    #expect(small.pixels == pattern(28, square: 1))
    let color = PracticeFacts.reduced(images([0], channels: 3, side: 32))
    #expect(color.height == 16 && color.imageSize == 768)
    #expect(color.pixels.allSatisfy { $0 % 17 == 0 })
    #expect(PracticeFacts.reduced(images([0])).height == 6)
  }

  @Test func `a network is trained on them by a rate that fits and one too high`() throws {
    let dataset = DrawnDigits.dataset(count: 3000)
    let split = Split(dataset, seed: 1)
    let facts = try #require(PracticeFacts(split, classes: 10, seed: 1, pool: Self.pool))
    #expect(facts.trainLabels.count == 1000 && facts.inputShape == [1, 28, 28])
    #expect(facts.validationLabels.count == min(300, split.validation.count))
    #expect(Set(facts.trainLabels.prefix(20)).count == 10)
    #expect(facts.runs.map(\.outcome).first == .fell && facts.runs.count == 2)
    let (fit, high) = (facts.runs[0], facts.runs[1])
    #expect(high.outcome != .fell && high.learningRate >= 1)
    #expect(abs((fit.points.first?.train ?? 0) - log(10)) < 0.4)
    #expect((fit.points.last?.train ?? 9) < 0.3 && (fit.accuracy ?? 0) > 0.7)
    #expect(facts.sheet.count < 200_000)
    let sheet = try PNG.read([UInt8](facts.sheet))
    #expect(sheet.width == 784 && sheet.height == 1000 + facts.validationLabels.count)
    let mean = sheet.pixels.prefix(784_000).reduce(0.0) { $0 + Double($1) / 255 } / 784_000
    #expect(abs(mean - Double(facts.mean[0])) < 1e-4)
    let other = try #require(PracticeFacts(split, classes: 10, seed: 1, pool: Self.pool))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(facts) == encoder.encode(other))
  }

  @Test func `colors, two classes and many are trained on as well`() throws {
    for classes in [2, 100] {
      let labels = (0..<240).map { $0 % classes }
      let facts = try #require(
        PracticeFacts(
          split(images(labels, channels: 3), images(labels, channels: 3, stream: 2)),
          classes: classes, seed: 1, pool: Self.pool))
      #expect(facts.inputShape == [3, 6, 6] && facts.classCount == classes)
      #expect(facts.trainLabels.count == 240 && facts.runs[0].outcome == .fell)
    }
  }

  @Test func `there is nothing to train without images of two classes and some to validate with`() {
    let (one, two) = (images([1, 1, 1]), images([0, 1, 0]))
    #expect(PracticeFacts(split(one, two), classes: 2, seed: 1, pool: Self.pool) == nil)
    #expect(PracticeFacts(split(two, images([])), classes: 2, seed: 1, pool: Self.pool) == nil)
    #expect(
      PracticeFacts(
        split(images([0, 1], channels: 2), images([0, 1], channels: 2)), classes: 2, seed: 1,
        pool: Self.pool) == nil)
  }

  @Test func `results of earlier versions have none`() throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var results = TrainedStudy.results
    let facts = try #require(results.practice)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let read = try decoder.decode(StudyResults.self, from: try encoder.encode(results))
    #expect(read.practice?.sheet == facts.sheet)
    results.practice = nil
    let text = try encoder.encode(results)
    #expect(!String(decoding: text, as: UTF8.self).contains("\"practice\""))
    #expect(try decoder.decode(StudyResults.self, from: text).practice == nil)
  }
}
