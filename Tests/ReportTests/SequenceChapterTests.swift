import Datasets
import Engine
import Figures
import Networks
import Questions
import TestSupport
import Testing

@testable import Report
@testable import Study

/// The chapter on networks that read sequences.
@Suite struct SequenceChapterTests {
  private func chapter(_ text: String) throws -> SequenceChapter {
    let dataset = DrawnDigits.dataset(count: 60, testCount: 40)
    let network = try hashedNetwork(text)
    let study = Study(
      Study.Subject(
        name: "random",
        checkpoint: Checkpoint(
          network: network, classes: dataset.classes, dataset: dataset.name, seed: 1), sha256: ""),
      on: dataset, split: Split(dataset, seed: 1), pool: WorkerPool(threads: 2))
    var results = Fixture.results(classes: dataset.classes, shape: [1, 28, 28])
    (results.recurrence, results.attention) = (study.recurrenceFacts(), study.attentionFacts())
    return SequenceChapter(context: ReportContext(results, isSingle: false))
  }

  @Test(arguments: [
    ("rows rnn(6) last linear(10)", 5), ("rows lstm(6) last linear(10)", 5),
    ("rows gru(6) last linear(10)", 5),
    (
      "patches(7) linear(8) class-token positions residual(layernorm attention(2)) layernorm first linear(10)",
      4
    ), ("patches(14) linear(8) attention(1) mean linear(10)", 3),
  ])
  func `its figures are drawn and say something`(text: String, figures: Int) throws {
    let chapter = try chapter(text)
    let outline = try #require(chapter.outline)
    #expect(outline.illustrations.count == figures)
    for illustration in outline.illustrations {
      let words = illustration.text
      for text in [words.title, words.caption, words.method] {
        for mistake in ["nan", "inf,", "inf ", "  "] {
          #expect(!text.lowercased().contains(mistake), "\(text)")
        }
      }
      #expect(words.caption.split(separator: " ").count <= 58, "\(words.caption)")
      for width in [984, Illustration.mediumWidth, Illustration.narrowWidth] {
        let figure = illustration.figure(width: width)
        #expect(figure.height > 20 && !figure.marks.isEmpty)
      }
    }
    #expect((1...2).contains(chapter.questions.count))
    #expect(chapter.questions.allSatisfy { !$0.text.isEmpty && !$0.answer.isEmpty })
  }

  @Test func `other networks have no such chapter`() throws {
    let chapter = try chapter("flatten linear(10)")
    #expect(chapter.outline == nil && chapter.questions.isEmpty)
  }
}
