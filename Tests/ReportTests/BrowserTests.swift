import Foundation
import Study
import Testing

@testable import Report

/// Made-up results, odd and hostile ones, in a reader's browser.
@Suite(.serialized) struct BrowserTests {
  typealias View = Browser.View

  @Test(
    arguments: [
      View(), View(isDark: true), View(width: 900), View(width: 390),
      View(width: 390, isSingle: true),
    ], ReportTests.Case.allCases)
  func `the page fits and logs no error`(view: View, kind: ReportTests.Case) throws {
    try Fixture.withFolder { folder in
      let report = Report(kind.results, templates: try Fixture.templates())
      if view.isSingle {
        try report.writeSingleFile(to: "\(folder)/index.html")
      } else {
        _ = try report.write(to: folder)
      }
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html", view)
      let found = try page.read(
        """
        (() => {
          const page = document.documentElement;
          return {
            overhang: page.scrollWidth - page.clientWidth,
            isScripted: page.classList.contains("scripted"),
            broken: [...document.images].filter((x) => x.checkVisibility() && x.complete && !x.naturalWidth).length,
            ran: document.title === "ran" || document.querySelectorAll("main script").length > 0,
            color: getComputedStyle(document.body).backgroundColor,
          };
        })()
        """, as: Found.self)
      #expect(
        found
          == Found(
            overhang: 0, isScripted: true, broken: 0, ran: false,
            color: view.isDark ? "rgb(21, 23, 27)" : "rgb(255, 255, 255)"))
      #expect(page.console == [])
    }
  }

  private struct Found: Decodable, Equatable {
    var overhang: Int
    var isScripted: Bool
    var broken: Int
    var ran: Bool
    var color: String
  }

  @Test func `a cell of the confusion matrix opens its images by its address alone`() throws {
    try Fixture.withFolder { folder in
      var results = Fixture.results()
      var other = try #require(results.quality.cells.first)
      (other.actual, other.predicted) = (other.predicted, other.actual)
      results.quality.cells.append(other)
      let cells = results.quality.cells
      let target = ReportFigures.target(cells[1])
      _ = try Report(results, templates: try Fixture.templates()).write(to: folder)
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html", View(isScripted: false))
      let shown =
        "[...document.querySelectorAll('.gallery')].filter((x) => x.checkVisibility()).map((x) => x.id)"
      // Before any is asked for, the most frequent confusion is shown.
      #expect(try page.read(shown, as: [String].self) == [ReportFigures.target(cells[0])])
      try page.run("location.hash = '\(target)'")
      #expect(try page.read(shown, as: [String].self) == [target])
    }
  }

  @Test func `code that is not the page's own does not run`() throws {
    try Fixture.withFolder { folder in
      _ = try Report(Fixture.results(), templates: try Fixture.templates()).write(to: folder)
      let page = try String(contentsOfFile: "\(folder)/index.html", encoding: .utf8)
      let added =
        "<p id=\"trial\" onclick=\"document.title='ran'\">x</p>"
        + "<script>document.title = 'ran'</script></body>"
      try page.replacing("</body>", with: added)
        .write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      let browser = try Browser()
      let opened = try browser.open("\(folder)/index.html")
      try opened.run("document.getElementById('trial').click()")
      #expect(try opened.read("document.title", as: String.self) != "ran")
      #expect(opened.console.contains { $0.contains("Content Security Policy") })
    }
  }
}
