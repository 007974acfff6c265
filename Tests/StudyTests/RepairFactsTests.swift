import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import Pictures
import StudySupport
import TestSupport
import Testing

@testable import Study

/// The smallest repairs of a network that has learned, against its own answers.
@Suite struct RepairFactsTests {
  @Test func `a repair makes the answer right, and needs each of its pixels`() throws {
    let facts = try #require(TrainedStudy.results.repair)
    let worked = try #require(facts.worked)
    let executor = Executor(TrainedStudy.subjects[0].checkpoint.network, pool: UntrainedStudy.pool)
    func answer(_ pixels: [Float]) -> Int { CrossEntropy.answer(executor.logits(pixels)) }
    let (before, after) = (worked.before.pixels.values, worked.after.pixels.values)
    #expect(
      answer(before) == worked.before.predicted && worked.before.predicted != worked.before.label)
    #expect(answer(after) == worked.before.label)
    let changed = before.indices.filter { before[$0] != after[$0] }
    #expect(changed.count == worked.changed && changed.allSatisfy { [0, 1].contains(after[$0]) })
    // Put back, every one of them makes it wrong again: those tried first with the later ones still there.
    for place in changed {
      var less = after
      less[place] = before[place]
      #expect(answer(less) != worked.before.label)
    }
    let found = facts.images.compactMap(\.smallest)
    #expect(!found.isEmpty && found.allSatisfy { (1...24).contains($0) })
  }

  @Test func `the sheet holds the images pixel by pixel`() throws {
    let facts = try #require(TrainedStudy.results.repair)
    let sheet = try PNG.read([UInt8](facts.sheet))
    #expect(sheet.width == 784 && sheet.height == facts.images.count && facts.sheet.count <= 60_000)
    let test = TrainedStudy.dataset.test
    for (row, image) in facts.images.enumerated() {
      #expect(
        sheet.pixels[row * 784..<(row + 1) * 784].elementsEqual(test.bytes(image.index)))
      #expect(image.label == test.labels[image.index] && image.predicted != image.label)
    }
  }
}
