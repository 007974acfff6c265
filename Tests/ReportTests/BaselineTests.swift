import Evaluation
import Foundation
import Testing
import Training

@testable import Report
@testable import Study

/// What is different from an earlier report.
@Suite struct BaselineTests {
  private func json(_ results: StudyResults) throws -> Data {
    let files = try Report(results, templates: try Fixture.templates()).files()
    return Data(try #require(files.first { $0.path == "report.json" }).bytes)
  }

  private func results(_ fingerprint: String? = "a") -> StudyResults {
    var results = Fixture.results()
    results.data.fingerprints = fingerprint.map {
      DataFacts.Fingerprints(train: $0, validation: $0, test: $0)
    }
    // Every misread image by its place.
    let evaluation = results.quality.evaluation
    results.quality.cells = evaluation.confusion.indices.flatMap { actual in
      evaluation.confusion.indices.compactMap { predicted in
        let own = results.mistakes.filter { $0.label == actual && $0.predicted == predicted }
        return own.isEmpty
          ? nil
          : QualityFacts.Cell(
            actual: actual, predicted: predicted, count: own.count, images: own.map(\.index),
            confidence: own.map(\.confidence), pixels: own.map(\.pixels))
      }
    }
    return results
  }

  @Test func `a report.json says what a later report needs`() throws {
    let summary = try ReportSummary(json: json(results()))
    let own = ReportSummary(results())
    #expect(summary.confusion == own.confusion && summary.count == 42 && summary.right == 36)
    #expect(summary.misread == own.misread && summary.misread?.joined().count == 6)
    #expect(summary.attacked?.points.count == own.attacked?.points.count)
    #expect(summary.fingerprints == own.fingerprints && summary.counts == [300, 30, 42])
    #expect(summary.model.sha256 == own.model.sha256)
  }

  @Test func `anything else is refused in one line`() throws {
    let whole = String(decoding: try json(results()), as: UTF8.self)
    func reason(_ text: String) -> String? {
      do {
        _ = try ReportSummary(json: Data(text.utf8))
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(reason("") == "it is no report.json of a report")
    #expect(reason("[1, 2]") == "it is no report.json of a report")
    #expect(reason("{}")?.hasPrefix("it does not say “model”") == true)
    #expect(
      reason(whole.replacing("\"temperature\":", with: "\"temperatur\":"))?.hasPrefix(
        "it does not say “quality.temperature”: it is no report.json, or that of another version")
        == true)
    // Numbers that cannot be.
    for (old, new) in [
      ("\"testCount\":42", "\"testCount\":43"), ("\"ece\":", "\"ece\":1"),
      ("\"confusion\":[[", "\"confusion\":[[-"), ("\"confusion\":[[", "\"confusion\":[[9,"),
      ("\"confusion\":[[", "\"confusion\":[[999999999999"),
    ] {
      let text = whole.replacing(old, with: new)
      try #require(text != whole)
      #expect(
        reason(text) == "its numbers contradict each other, so it is no report.json of a report",
        "\(new)")
    }
    #expect(
      reason(whole.replacing("\"confusion\":[[", with: "\"confusion\":[[1e99,"))
        == "it is no report.json of a report")
  }

  @Test func `misread images have to be those of the confusion matrix, class by class`() throws {
    let whole = try json(results())
    /// Whether a report with other cells is read.
    func isRead(_ change: (inout [[String: Any]]) -> Void) throws -> Bool {
      var root = try #require(JSONSerialization.jsonObject(with: whole) as? [String: Any])
      var quality = try #require(root["quality"] as? [String: Any])
      var cells = try #require(quality["cells"] as? [[String: Any]])
      try #require(cells.count == 3)
      change(&cells)
      quality["cells"] = cells
      root["quality"] = quality
      let text = try JSONSerialization.data(withJSONObject: root)
      do {
        _ = try ReportSummary(json: text)
        return true
      } catch {
        #expect(
          error.reason
            == "its numbers contradict each other, so it is no report.json of a report")
        return false
      }
    }
    // Images 3 and 24 of class 0, 10 and 31 of class 1, 17 and 38 of class 2.
    #expect(try isRead { _ in })
    #expect(try !isRead { $0[0]["actual"] = 1 }, "as many in all, of another class")
    #expect(try !isRead { $0[0]["images"] = [3, 42] }, "beyond the last test image")
    #expect(try !isRead { $0[0]["images"] = [3, -1] }, "before the first")
    #expect(try !isRead { $0[0]["images"] = [3, 10] }, "one image of two classes")
    #expect(try !isRead { $0[0]["images"] = [3, 3] }, "one image twice")
  }

  /// A report in which some images more are misread.
  private func worse(_ images: Int, _ fingerprint: String? = "a") throws -> ReportSummary {
    var summary = ReportSummary(results(fingerprint))
    let misread = try #require(summary.misread)
    let free = (0..<42).filter { $0 % 3 == 0 && !misread[0].contains($0) }.prefix(images)
    summary.misread?[0] += free
    summary.confusion[0][0] -= free.count
    summary.confusion[0][1] += free.count
    summary.model.sha256 = "another"
    return summary
  }

  @Test func `the same test images are compared in pairs, others as two samples`() throws {
    let now = ReportSummary(results())
    let pairs = SinceLastTime(now, since: try worse(8))
    #expect(pairs.testImages == .same && pairs.learnedImages == .same)
    #expect(pairs.accuracy.flipped?.right == 8 && pairs.accuracy.flipped?.wrong == 0)
    let expected = PairedCounts(both: 28, onlyFirst: 8, onlySecond: 0, neither: 6)
    #expect(
      pairs.accuracy.pValue == expected.pValue && pairs.accuracy.interval == expected.interval)
    #expect(pairs.changedClasses.better == [0] && pairs.changedClasses.worse == [])
    let unknown = SinceLastTime(now, since: try worse(8, nil))
    #expect(unknown.testImages == .unknown && unknown.accuracy.flipped == nil)
    #expect(
      unknown.accuracy.interval == .difference(36, of: 42, minus: 28, of: 42)
        && unknown.accuracy.pValue > 0.05)
    let others = SinceLastTime(now, since: try worse(8, "b"))
    #expect(others.testImages == .others && others.learnedImages == .others)
  }

  @Test func `what is different is told, and chance is told as chance`() throws {
    var later = results()
    later.baseline = try worse(8)
    later.baseline?.model.run?.learningRate = 0.01
    let subject = Wording(later)
    let view = try #require(SinceView(later, subject: subject))
    #expect(view.title.hasPrefix("Since last time it reads 19.05 points more (95% CI "))
    #expect(view.rows.map(\.name).prefix(2) == ["Accuracy", "Test loss, nats"])
    #expect(view.rows[1].difference == "the same")
    #expect(view.sentences[0].contains("learning rate was 0.01 and is 0.001"))
    #expect(
      view.sentences[1].hasPrefix("The test images are the same: 8 images became right and 0 wrong")
    )
    #expect(view.sentences[2].hasPrefix("Better by more than chance explains: 0 ("))
    later.baseline = try worse(1)
    let chance = try #require(SinceView(later, subject: subject))
    #expect(
      chance.title.hasPrefix(
        "Since last time accuracy did not change beyond chance: 2.38 points more"))
    #expect(chance.rows[0].difference.hasSuffix(": within chance"))
    #expect(chance.sentences[2] == "No class got better or worse by more than chance explains.")
    later.baseline = ReportSummary(later)
    let same = try #require(SinceView(later, subject: subject))
    #expect(
      same.title
        == "Since last time nothing changed: it is the same checkpoint, as accurate as it was.")
    later.baseline?.dataset = "fashion-mnist"
    let other = try #require(SinceView(later, subject: subject))
    #expect(
      other.sentences[1].hasPrefix(
        "The data are others, then Fashion-MNIST, now MNIST: the test images are others (42 then, 42 now)"
      ))
  }

  @Test func `it stands at the top of the page, whatever the names are`() throws {
    var results = results()
    results.baseline = ReportSummary(results)
    results.baseline?.model.name = "<script>alert(1)</script>"
    results.baseline?.model.sha256 = "0"
    try Fixture.withFolder { folder in
      _ = try Report(results, templates: try Fixture.templates()).write(to: folder)
      for width in [1440, 320] {
        let page = try Browser().open("\(folder)/index.html", Browser.View(width: width))
        #expect(
          try page.read("document.querySelector('.mast .since h2').textContent", as: String.self)
            .hasPrefix("Since last time accuracy did not change beyond chance"))
        #expect(
          try page.read(
            "document.querySelector('.since').textContent.includes('<script>alert(1)')",
            as: Bool.self))
        #expect(
          try page.read(
            "[...document.querySelectorAll('.since *')].every((x) => x.getBoundingClientRect().right <= \(width))",
            as: Bool.self))
        #expect(page.console == [])
      }
    }
    // What was written can be read as the baseline of the next.
    #expect(try ReportSummary(json: json(results)).model.name == "cnn")
  }
}
