import Foundation
import Study
import StudySupport
import Testing

@testable import Report

/// The small network that a reader trains in the page, on a real run.
@Suite(.serialized) struct TrainPageTests {
  private static let first = """
    window.part = (name) => document.querySelector(`.train-figure [data-part=${name}]`);
    window.until = async (isSo) => {
      for (let i = 0; i < 12000 && !isSo(); i++) await new Promise((done) => setTimeout(done, 50));
      if (!isSo()) throw new Error("never so: " + isSo);
    };
    window.loss = (name) => Number(part(name).textContent.split("loss ")[1]);
    window.steps = () => Number(part("count").textContent.split(" ")[0].replaceAll(",", ""));
    await until(() => part("train").textContent.includes("loss"));
    """

  private func open(
    _ view: Browser.View = Browser.View(), _ body: (Page) throws -> Void
  ) throws {
    let browser = try Browser()
    let folder = try TrainedStudy.folder(isSingle: view.isSingle)
    let page = try browser.open("\(folder)/index.html", view)
    if view.isScripted { try page.run(Self.first) }
    try body(page)
    #expect(page.console == [])
  }

  @Test(arguments: [Browser.View(), Browser.View(isSingle: true)])
  func `a click trains it, and the loss falls`(view: Browser.View) throws {
    try open(view) { page in
      let start = try page.read("[loss('train'), loss('validation'), steps()]", as: [Double].self)
      // A network of random weights guesses among ten classes.
      #expect((2...2.9).contains(start[0]) && (2...2.9).contains(start[1]) && start[2] == 0)
      try page.run("part('run').click(); await until(() => steps() > 100); part('run').click();")
      let end = try page.read("[loss('train'), loss('validation')]", as: [Double].self)
      #expect(end[0] < start[0] / 2 && end[1] < start[1] / 2)
      // It rests, and its sentence is said aloud.
      try page.run(
        """
        await until(() => part("said").textContent === part("verdict").textContent);
        const before = steps();
        await new Promise((done) => setTimeout(done, 300));
        if (steps() !== before || part("run").textContent !== "Train") throw new Error("it goes on");
        part("step").click();
        await until(() => steps() === before + 1);
        part("again").click();
        await until(() => steps() === 0);
        """)
      #expect(try page.read("part('verdict').dataset.kind", as: String.self) == "start")
      #expect(
        try page.read("[loss('train'), loss('validation'), steps()]", as: [Double].self) == start)
    }
  }

  @Test func `a rate too high says so, and overfitting on purpose is called by its name`() throws {
    try open { page in
      try page.run(
        """
        // All of an experiment in one frame, however slow the machine is.
        performance.now = () => 0;
        document.querySelector("[data-experiment=high]").click();
        await until(() => part("verdict").textContent.includes("is too high"));
        """)
      #expect(try page.read("part('rate-value').textContent", as: String.self) == "5")
      try page.run(
        """
        document.querySelector("[data-experiment=overfit]").click();
        await until(() => ["overfitting", "heart"].includes(part("verdict").dataset.kind));
        """)
      #expect(try page.read("part('images').value", as: String.self) == "50")
      try page.run(
        """
        document.querySelector("[data-experiment=linear]").click();
        await until(() => steps() > 30);
        """)
      #expect(try page.read("part('activation').value", as: String.self) == "none")
      #expect(
        try page.read("part('about').textContent", as: String.self).contains("one linear map"))
    }
  }

  @Test func `it works by keyboard`() throws {
    try open { page in
      try page.run("part('rate').focus()")
      try page.press("ArrowRight", code: 39)
      #expect(
        try page.read(
          "[part('rate-value').textContent, part('rate').getAttribute('aria-valuetext')]",
          as: [String].self) == ["0.02", "0.02"])
      try page.run("part('run').focus()")
      try page.press("Enter", code: 13, text: "\r")
      #expect(try page.read("part('run').textContent", as: String.self) == "Pause")
      try page.run("await until(() => steps() > 5)")
      try page.press(" ", code: 32, text: " ")
      #expect(try page.read("part('run').textContent", as: String.self) == "Train")
    }
  }

  @Test func `a large step is handed out over several frames`() throws {
    try open { page in
      let found = try page.read(
        """
        (async () => {
          part("hidden").value = "128";
          part("batch").value = "128";
          part("batch").dispatchEvent(new Event("input"));
          part("run").click();
          let frames = 0;
          const count = () => { frames += 1; if (steps() < 12) requestAnimationFrame(count); };
          requestAnimationFrame(count);
          await until(() => steps() >= 12);
          part("run").click();
          return [frames, steps()];
        })()
        """, as: [Int].self)
      // As a whole, each would take 25 ms or more.
      #expect(2 * found[0] > 3 * found[1], "\(found[0]) frames for \(found[1]) steps")
    }
  }

  @Test func `its pictures follow the theme, and without hidden units the scores are shown`() throws
  {
    try open { page in
      let look = "document.querySelector('.train .maps canvas').toDataURL()"
      let light = try page.read(look, as: String.self)
      try page.run("document.documentElement.dataset.theme = 'dark'; await until(() => true)")
      #expect(try page.read(look, as: String.self) != light)
      try page.run(
        """
        part("hidden").value = "0";
        part("hidden").dispatchEvent(new Event("input"));
        await until(() => part("units").children.length === 10);
        """)
      #expect(
        try page.read("part('dropout').disabled && part('activation').disabled", as: Bool.self))
    }
  }

  @Test(arguments: [320, 390, 900])
  func `it fits`(width: Int) throws {
    try open(Browser.View(width: width)) { page in
      let over = try page.read(
        """
        [...document.querySelectorAll(".train-figure, .train-figure *")].filter((x) => x.checkVisibility()
          && !x.matches(".unseen") && x.getBoundingClientRect().right > \(width) - 4).map((x) => x.outerHTML.slice(0, 90))
        """, as: [String].self)
      #expect(over == [])
    }
  }

  @Test func `without a script a worked figure stands in its place`() throws {
    let shown = """
      ["fig-train", "fig-train-rates"].map((id) => document.getElementById(id).checkVisibility())
      """
    try open(Browser.View(isScripted: false)) { page in
      #expect(try page.read(shown, as: [Bool].self) == [false, true])
      let title = try page.read(
        "document.querySelector('#fig-train-rates .ft').textContent", as: String.self)
      #expect(title.hasPrefix("At a rate of 0.01 the training loss falls from 2."))
    }
    try open { page in
      #expect(try page.read(shown, as: [Bool].self) == [true, false])
      try page.send("Emulation.setEmulatedMedia", ["media": "print"])
      #expect(try page.read(shown, as: [Bool].self) == [false, true])
    }
  }

  @Test func `it costs the page little`() throws {
    func sizes(_ results: StudyResults) throws -> (index: Int, others: Int) {
      let files = try Report(results, templates: try Fixture.templates()).files()
      let index = files.first { $0.path == "index.html" }?.bytes.count ?? 0
      return (index, files.reduce(0) { $0 + $1.bytes.count } - index)
    }
    var without = TrainedStudy.results
    without.practice = nil
    let (with, less) = (try sizes(TrainedStudy.results), try sizes(without))
    #expect(with.index - less.index < 30_000)
    #expect(with.others - less.others < 420_000)
  }
}

@Suite struct TrainFindingsTests {
  private func title(_ ends: [Double], broken: Bool = false) throws -> String {
    Findings.trainRates(try #require(Fixture.practice(ends: ends, broken: broken)))
  }

  @Test func `the title of the two rates is true of them`() throws {
    #expect(
      try title([0.2, 12])
        == "At a rate of 0.01 the training loss falls from 2.3 to 0.20; at 3 it rises to 12.")
    #expect(try title([0.2, 12], broken: true).contains("at 3 it ends as no number"))
    #expect(try title([0.2, 2.3]).contains("at 3 it ends at 2.3, next to nothing learned"))
    #expect(try title([0.2, 0.4]).hasSuffix("to 0.20, at 3 to 0.40."))
    #expect(try title([0.2]).hasSuffix("to 0.20."))
    #expect(try title([2.2, 12]) == "A small network trained on 30 images.")
  }

  @Test func `the words of the figure suit what is not ink`() throws {
    let results = Fixture.results(
      classes: ["cat", "dog"], shape: [3, 20, 20], dataset: "pets", count: 40)
    var practice = try #require(Fixture.practice([3, 16, 16], 2))
    let figure = ReportFigures(results)
    let words = figure.trainingWords(practice, of: [3, 20, 20])
    #expect(words.contains("reduced to 16 × 16") && words.contains("middle grey"))
    #expect(!words.contains("digit") && !words.contains("ink,"))
    practice.inputShape = [3, 20, 20]
    #expect(!figure.trainingWords(practice, of: [3, 20, 20]).contains("reduced"))
  }
}
