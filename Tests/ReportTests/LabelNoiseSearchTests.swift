import Datasets
import Engine
import Figures
import Networks
import Study
import TestSupport
import Testing
import Training

@testable import Report

@Suite struct LabelNoiseSearchTests {
  private static let flipped = [3, 50, 51, 117, 200, 298]

  /// Two classes that differ in which half is bright; some images have the other's label, and one is there twice.
  private let images: LabeledImages = {
    let noise = hashed(300 * 36, 4)
    let truth = (0..<300).map { $0 % 2 }
    var pixels = noise.indices.map { i -> UInt8 in
      let bright = (i % 36 < 18) == (truth[i / 36] == 0)
      return UInt8(noise[i] * 100 + (bright ? 80 : 0))
    }
    pixels.replaceSubrange(10 * 36..<11 * 36, with: pixels[12 * 36..<13 * 36])
    return LabeledImages(
      channels: 1, height: 6, width: 6, pixels: pixels,
      labels: truth.indices.map { flipped.contains($0) ? 1 - truth[$0] : truth[$0] })
  }()

  private func checkpoint(_ classes: Int = 2) throws -> Checkpoint {
    Checkpoint(
      network: try hashedNetwork("flatten linear(8) relu linear(\(classes))", (1, 6, 6)),
      classes: (0..<classes).map(String.init), dataset: "mine", seed: 3,
      history: (1...40).map { Fixture.record($0, train: 0.1, validation: nil) })
  }

  private func search(
    _ images: LabeledImages, classes: Int = 2, threads: Int = 2, stops: Bool = false
  ) throws -> LabelNoiseFacts? {
    let files = Self.flipped.map {
      (self.images.identity($0), [self.images.labels[$0]: "\($0).png"])
    }
    return try LabelNoiseFacts.search(
      with: checkpoint(classes), in: images, files: Dictionary(uniqueKeysWithValues: files),
      limit: 10,
      pool: WorkerPool(threads: threads), progress: { _, _ in }, while: { !stops })
  }

  @Test func `labels that were changed are found, and no others`() throws {
    let facts = try #require(try search(images))
    // A claim must be as sure as a class is of its own on average, so that not all are claimed.
    #expect(Set(facts.suspects.map(\.index)).isSubset(of: Self.flipped))
    #expect(facts.doubted >= 4 && facts.doubted == facts.suspects.count)
    #expect(facts.count == 300 && (290...297).contains(facts.agreed))
    let one = try #require(facts.suspects.first)
    #expect(one.label == 1 - one.index % 2 && one.predicted == one.index % 2)
    #expect(one.file == "\(one.index).png")
    #expect(one.confidence > 0.5 && one.labelProbability < 0.5)
    #expect(one.pixels.values == images.floats([one.index]))
    #expect(
      zip(facts.suspects, facts.suspects.dropFirst()).allSatisfy {
        $0.labelProbability - $0.confidence <= $1.labelProbability - $1.confidence
      })
    let again = try #require(try search(images, threads: 1))
    #expect(again.suspects.map(\.confidence) == facts.suspects.map(\.confidence))
  }

  @Test func `what cannot be halved is refused, and a stop is one`() throws {
    #expect(throws: CrossFittingError.tooFew(class: 2)) { try search(images, classes: 3) }
    #expect(throws: CrossFittingError.self) { try search(images.selecting([0, 1])) }
    #expect(try search(images, stops: true) == nil)
  }

  @Test func `the figure shows the suspects with their files`() throws {
    let facts = try #require(try search(images))
    let figure = ReportFigures(dataset: "mine", classes: ["cat", "dog"]).labelNoise(facts)
    #expect(figure.text.title.contains("doubt \(facts.doubted) of the 300 training labels"))
    let words = try figure.figure().svg(standalone: true)
    #expect(facts.suspects.allSatisfy { words.contains("\($0.index).png") })
    var none = facts
    (none.suspects, none.doubted) = ([], 0)
    #expect(Findings.labelNoise(none).contains("doubt none"))
  }
}
