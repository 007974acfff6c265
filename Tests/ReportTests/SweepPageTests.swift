import Datasets
import Engine
import Experiments
import Figures
import Foundation
import TestSupport
import Testing
import Training

@testable import Report

/// The page about a sweep.
@Suite(.serialized) struct SweepPageTests {
  private let dataset = DrawnDigits.dataset(count: 300, testCount: 20)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func progress() throws -> SweepProgress {
    let sweep = try Sweep(
      toml: """
        model = "flatten {layers}*(linear({width}) relu dropout({dropout})) linear({classes})"
        dataset = "drawn"
        epochs = 9
        strategy = "halving"
        [parameters]
        layers = [1, 2]
        width = [8, 32]
        dropout = [0, 0.3]
        learning-rate = [1000.0, 0.01, 0.001]
        """)
    let planned = try SweepFolder(planning: sweep, of: dataset, in: folder.file("sweep"))
    _ = try SweepWorker(planned, on: dataset).work(
      pool: WorkerPool(threads: 1), pause: {}, while: { true })
    return try SweepProgress(of: planned)
  }

  @Test func `the page says what was found, fits every screen and logs no error`() throws {
    let progress = try progress()
    let best = try #require(progress.best?.configuration.trials.first)
    let choice = SweepChoice(
      id: best.id, configurations: 24, chosen: 0.72, fresh: [0.68, 0.7], usual: [0.64, 0.66],
      test: 0.69)
    let page = try #require(
      SweepPage(progress, choice: choice, templates: try Fixture.templates()))
    let path = folder.file("page")
    let files = try page.write(to: path)
    #expect(files[0] == "index.html" && files.contains("figures/sweep-ranking.png"))
    let text = try String(contentsOfFile: "\(path)/index.html", encoding: .utf8)
    for words in [
      "Which of 24 configurations is best, and why?", "that came as far", "fresh seeds",
      "69.00%", "What the best tenth have in common", "epochs were trained where",
      "3.00 points less", "reads 65.00%", "The best found is 4.00 points ahead of the usual run",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    let browser = try Browser()
    for view in [
      Browser.View(), Browser.View(isDark: true), Browser.View(width: 900),
      Browser.View(width: 390),
    ] {
      let opened = try browser.open("\(path)/index.html", view)
      let overhang = try opened.read(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth", as: Int.self)
      #expect(overhang == 0, "\(view)")
      #expect(opened.console == [])
    }
    // Each of the best tenth's lines can be chosen, by pointing and by the arrow keys, and says what it is.
    let opened = try browser.open("\(path)/index.html", Browser.View())
    let lines = try opened.read(
      "document.querySelectorAll('#fig-sweep-common .wide .pick').length", as: Int.self)
    #expect(lines == SweepFindings(progress)?.topTenth.count && lines > 1)
    try opened.run("document.querySelector('#fig-sweep-common .wide .drawing').focus()")
    let words = try #require(
      SweepFindings(progress).map { SweepFigures.words($0.topTenth[0].values, of: $0.parameters) })
    for (code, expected) in [(40, words), (40, ""), (38, words)] {
      try opened.press(code == 40 ? "ArrowDown" : "ArrowUp", code: code)
      let shown = try opened.read("document.getElementById('tip').textContent", as: String.self)
      #expect(expected.isEmpty ? !shown.hasSuffix(words) : shown.hasSuffix(words), "\(shown)")
      #expect(
        try opened.read("document.querySelectorAll('.pick.chosen').length", as: Int.self) == 1)
    }
    try opened.run("document.activeElement.blur()")
    #expect(try opened.read("document.querySelectorAll('.pick.chosen').length", as: Int.self) == 0)
    // Written again, the bytes are the same; somebody else's page is not touched.
    let again = try page.write(to: path)
    #expect(again == files)
    #expect(try String(contentsOfFile: "\(path)/index.html", encoding: .utf8) == text)
    try folder.write(Array("mine".utf8), "other/index.html")
    #expect(throws: (any Error).self) { try SweepPage.check(folder.file("other")) }
  }

  @Test(
    arguments: [
      (
        [0.9, 0.8, 0.85], [0.7, 0.6, 0.66], "The best found is 19.67 points ahead of the usual run"
      ),
      (
        [0.9, 0.8], [0.8, 0.9],
        "The best found and the usual run differ by no more than these seeds do"
      ),
      ([0.7], [0.9], "With one seed each, the best found is 20.00 points behind the usual run"),
      ([0.9, 0.8], [0.7, nil], "The usual run does not always come to something"),
      ([0.9, nil], [0.7, 0.6], "The best found does not always come to something"),
      ([0.9, 0.8], nil, "What choosing the best of many cost"),
    ] as [([Double?], [Double?]?, String)])
  func `what searching brought is said as far as it is known`(
    fresh: [Double?], usual: [Double?]?, words: String
  ) {
    let choice = SweepChoice(
      id: "a", configurations: 9, chosen: 0.9, fresh: fresh, usual: usual, test: nil)
    #expect(Findings.searched(choice) == words)
    let failed = (fresh + (usual ?? [])).contains(nil)
    #expect(Findings.choice(choice).contains("It diverged with 1 of 2 seeds.") == failed)
  }

  @Test func `a choice that was written without the usual run is still read`() throws {
    let json = """
      {"id":"a","configurations":3,"chosen":0.9,"fresh":[0.8],"freshFailed":1,"test":0.7}
      """
    let choice = try JSONDecoder().decode(SweepChoice.self, from: Data(json.utf8))
    #expect(choice.fresh == [0.8] && choice.usual == nil && choice.test == 0.7)
  }

  @Test func `a sweep without results has no page`() throws {
    let planned = try SweepFolder(
      planning: Sweep(toml: "[parameters]\nbatch-size = [8, 16]"), of: dataset,
      in: folder.file("sweep"))
    #expect(
      SweepPage(
        try SweepProgress(of: planned), choice: nil, templates: try Fixture.templates()) == nil)
  }

  @Test func `ten thousand trials fit into two megabytes`() throws {
    let sweep = try Sweep(
      toml: """
        model = "flatten linear({width}) relu linear({classes})"
        strategy = "random"
        trials = 10000
        epochs = 2
        [parameters]
        width = { low = 8, high = 512, log = true }
        learning-rate = { low = 1e-5, high = 0.1, log = true }
        batch-size = [16, 32, 64]
        weight-decay = { low = 0.0, high = 0.1 }
        """)
    let planned = try SweepFolder(planning: sweep, of: dataset, in: folder.file("sweep"))
    // Training as many would take an hour: results as a worker writes them, with made-up accuracies.
    for (place, configuration) in planned.configurations.enumerated() {
      let trial = configuration.trials[0]
      let points = (1...2).map { epoch in
        """
        {"train_accuracy":0.9,"train_loss":0.3,"validation_accuracy":\(Double((place * 7919) % 1000) / 1000),\
        "validation_count":5000,"validation_loss":\(1 / Double(epoch))}
        """
      }
      let json = """
        {"configuration":\(trial.run.json),"curve":[\(points.joined(separator: ","))],"id":"\(trial.id)","outcome":"trained"}
        """
      try Data(json.utf8).write(
        to: URL(fileURLWithPath: "\(planned.path)/results/\(trial.id)-2.json"))
    }
    let progress = try SweepProgress(of: planned)
    #expect(progress.isFinished && progress.rungs[0].done == 10_000)
    let page = try #require(
      SweepPage(progress, choice: nil, templates: try Fixture.templates()))
    let path = folder.file("page")
    let files = try page.write(to: path)
    let bytes = try files.filter { !$0.hasSuffix(".png") && !$0.hasSuffix(".json") }.reduce(0) {
      $0 + (try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($1)")).count)
    }
    #expect(bytes < 2_000_000, "\(bytes) bytes")
  }
}
