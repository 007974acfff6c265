import Evaluation
import Foundation
import Testing

@testable import Report
@testable import Study

/// Before some figures the reader guesses.
@Suite(.serialized) struct GuessPageTests {
  /// Results with a curve to draw, a class to choose, a size and a rate.
  private static func results() -> StudyResults {
    var results = Fixture.results(count: 38)
    results.robustness.smallest = [0.1, 0.2, 0.3]
    func point(_ size: Double, _ accuracy: Double) -> RobustnessFacts.Point {
      RobustnessFacts.Point(
        epsilon: size, accuracy: accuracy, interval: results.quality.evaluation.accuracyInterval,
        accuracy8bit: accuracy)
    }
    results.robustness.curves = [
      RobustnessFacts.Curve(
        method: .pgd, points: [point(0, 0.9), point(0.1, 0.7), point(0.2, 0.3), point(0.3, 0.1)])
    ]
    return results
  }

  private static let names = ["fig-loss", "fig-learning-rates", "fig-classes", "fig-curves"]

  private static let first = """
    window.panel = (id) => document.querySelector(`#${id} > .guess`);
    window.title = (id) => document.querySelector(`#${id} > .ft`);
    window.isSeen = (id) => title(id).getBoundingClientRect().width > 2;
    window.buttons = (id) => [...panel(id).querySelectorAll(".qa-buttons button")];
    window.reply = (id) => panel(id).querySelector(".guess-reply").textContent;
    """

  private func open(
    _ view: Browser.View = Browser.View(), _ body: (Page) throws -> Void
  ) throws {
    try Fixture.withFolder { folder in
      let report = Report(Self.results(), templates: try Fixture.templates())
      _ = try report.write(to: folder)
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html", view)
      if view.isScripted { try page.run(Self.first) }
      try body(page)
      #expect(page.console == [])
    }
  }

  private static var all: String {
    "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  @Test
  func `figures wait for a guess, but not on paper, not for screen readers, not without a script`()
    throws
  {
    try open { page in
      #expect(
        try page.read("\(Self.all).map(isSeen)", as: [Bool].self) == [false, false, false, false])
      // In the tree of a screen reader all is there: nothing is display:none, hidden or aria-hidden.
      #expect(
        try page.read(
          "\(Self.all).every((id) => title(id).checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !title(id).closest('[aria-hidden],[hidden]'))",
          as: Bool.self))
      try page.emulate(isDark: false, media: "print")
      #expect(
        try page.read("\(Self.all).map(isSeen)", as: [Bool].self) == [true, true, true, true])
      #expect(
        try page.read("\(Self.all).some((id) => buttons(id)[0].checkVisibility())", as: Bool.self)
          == false)
    }
    try open(Browser.View(isScripted: false)) { page in
      let seen = try page.read(
        "\(Self.all).map((id) => document.querySelector(`#${id} > .ft`).getBoundingClientRect().width > 2 && document.querySelector(`#${id} .guess-q`).checkVisibility())",
        as: [Bool].self)
      #expect(seen == [true, true, true, true])
    }
  }

  @Test func `a curve is drawn by pointer or by keys, stays beside the truth, and is kept`() throws
  {
    try open { page in
      try page.run("buttons('fig-loss')[0].click()")
      #expect(try page.read("reply('fig-loss')", as: String.self) == "Draw a line first.")
      try page.run(
        """
        window.pad = panel("fig-loss").querySelector("svg");
        pad.scrollIntoView({ block: "center", behavior: "instant" });
        """)
      let box = try page.read(
        "(({ x, y, width, height }) => [x, y, width, height])(pad.getBoundingClientRect())",
        as: [Double].self)
      func mouse(_ type: String, _ x: Double, _ y: Double) throws {
        try page.send(
          "Input.dispatchMouseEvent",
          [
            "type": type, "x": box[0] + x * box[2], "y": box[1] + y * box[3], "button": "left",
            "buttons": type == "mouseReleased" ? 0 : 1, "clickCount": 1,
          ])
      }
      try mouse("mousePressed", 0.1, 0.3)
      try mouse("mouseMoved", 0.5, 0.5)
      try mouse("mouseMoved", 0.95, 0.6)
      try mouse("mouseReleased", 0.95, 0.6)
      try page.run("pad.focus()")
      try page.press("ArrowDown", code: 40)
      #expect(try page.read("reply('fig-loss').startsWith('Epoch 3: ')", as: Bool.self))
      try page.run("buttons('fig-loss')[0].click()")
      #expect(try page.read("isSeen('fig-loss')", as: Bool.self))
      let words = try page.read("reply('fig-loss')", as: String.self)
      #expect(
        words.contains(
          " of 100 points. It began at 0.50 after the first epoch and ended at 0.17, its lowest."))
      let mark = "document.querySelectorAll('#fig-loss .body .guess-mark path').length"
      #expect(try page.read(mark, as: Int.self) == 1)
      // It is kept, and drawn again after the page is made anew.
      try page.reload()
      try page.run(Self.first)
      #expect(try page.read("isSeen('fig-loss')", as: Bool.self))
      #expect(try page.read("reply('fig-loss')", as: String.self) == words)
      #expect(try page.read(mark, as: Int.self) == 1)
      try page.run("panel('fig-loss').querySelector('.again').click()")
      #expect(try page.read("isSeen('fig-loss')", as: Bool.self) == false)
      #expect(try page.read(mark, as: Int.self) == 0)
    }
  }

  @Test func `the truth drawn as a guess gets all points, and lies on the line`() throws {
    try open { page in
      try page.run(
        """
        localStorage.setItem("inkling-guesses:" + document.documentElement.dataset.run,
          JSON.stringify({ "fig-loss": [0.5, 0.25, 0.5 / 3] }));
        """)
      try page.reload()
      try page.run(Self.first)
      #expect(
        try page.read("reply('fig-loss').startsWith('Remarkably close. 100 of 100')", as: Bool.self)
      )
      // The guess and the heavy line have the same height at the last epoch.
      let gap = try page.read(
        """
        (() => {
          const ends = (path) => path.getPointAtLength(path.getTotalLength());
          const guess = ends(document.querySelector("#fig-loss .body .guess-mark path"));
          const lines = [...document.querySelectorAll("#fig-loss .body svg > path[fill=none]")].map(ends);
          return Math.min(...lines.map((one) => Math.hypot(one.x - guess.x, one.y - guess.y)));
        })()
        """, as: Double.self)
      #expect(gap < 0.3)
    }
  }

  @Test func `choices and sizes are guessed, skipped, or passed by going into the figure`() throws {
    try open { page in
      try page.run(
        """
        panel("fig-learning-rates").querySelectorAll("input")[2].click();
        buttons("fig-learning-rates")[0].click();
        const size = panel("fig-curves").querySelector("input");
        size.value = "0.15";
        size.dispatchEvent(new Event("input"));
        buttons("fig-curves")[0].click();
        """)
      #expect(
        try page.read("reply('fig-learning-rates')", as: String.self)
          == "You guessed “it learns next to nothing”: right. 100 of 100 points. At 0.1 it ended with 20.00% of the validation "
          + "images right, at 0.001 with 97.00%.")
      #expect(
        try page.read("reply('fig-curves')", as: String.self)
          == "You guessed ε = 0.15. Remarkably close. 100 of 100 points. About 0.15 is enough for the stronger attack, PGD."
      )
      #expect(
        try page.read(
          "document.querySelectorAll('#fig-curves .body .guess-mark line').length", as: Int.self)
          == 1)
      try page.run("buttons('fig-classes')[1].click()")
      #expect(try page.read("isSeen('fig-classes') && reply('fig-classes') === ''", as: Bool.self))
      #expect(try page.read("isSeen('fig-loss')", as: Bool.self) == false)
      try page.run("document.querySelector('#fig-loss summary').focus()")
      #expect(try page.read("isSeen('fig-loss')", as: Bool.self))
    }
  }

  @Test func `what was kept and is no guess is left alone, and the focus stays where it is needed`()
    throws
  {
    try open { page in
      try page.run(
        """
        localStorage.setItem("inkling-guesses:" + document.documentElement.dataset.run, JSON.stringify(
          { "fig-loss": [1, "x", null], "fig-learning-rates": 3, "fig-classes": "none such", "fig-curves": "0.1" }));
        """)
      try page.reload()
      try page.run(Self.first)
      #expect(
        try page.read("\(Self.all).map(isSeen)", as: [Bool].self) == [false, false, false, false])
      try page.run("buttons('fig-curves')[0].focus(); buttons('fig-curves')[0].click();")
      #expect(
        try page.read("document.activeElement.textContent", as: String.self) == "Guess again")
      try page.run("buttons('fig-classes')[1].focus(); buttons('fig-classes')[1].click();")
      #expect(try page.read("document.activeElement.id", as: String.self) == "fig-classes")
    }
  }

  @Test func `what a run does not know is not asked`() throws {
    var results = Fixture.results()
    (results.history, results.experiments) = ([], nil)
    results.robustness.smallest = []
    let page = try Report(results, templates: try Fixture.templates()).singleFile()
    #expect(page.matches(of: /<div class="guess"/).count <= 1)
  }
}
