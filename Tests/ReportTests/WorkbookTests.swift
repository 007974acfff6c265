import Foundation
import Study
import Testing

@testable import Report

/// Questions on paper.
@Suite(.serialized) struct WorkbookTests {
  @Test(arguments: ReportTests.Case.allCases)
  func `every question stands in it, and its answer only on the sheet`(of kind: ReportTests.Case)
    throws
  {
    let results = kind.results
    let files = try Workbook(results, templates: try Fixture.templates()).files()
    #expect(files.map(\.path) == ["workbook.html", "answers.html", "workbook.css"])
    var builder = PageBuilder(results, date: nil, isSingle: false)
    _ = try builder.page()
    let (asked, answered) = (files[0].text, files[1].text)
    #expect(
      asked.matches(of: /<p class="asked">/).count
        == answered.matches(of: /<p class="asked">/).count)
    #expect(asked.matches(of: /<p class="asked">/).count >= builder.questions.count)
    #expect(!asked.contains("<script") && !answered.contains("<script"))
    if kind == .plain {
      #expect(asked.contains("How many parameters does it have") && !asked.contains("811"))
      #expect(answered.contains("<strong>811</strong>"))
      #expect(answered.contains("<dt>804</dt><dd>That is without the biases"))
      #expect(answered.contains("The weights were drawn at random, so the scores meant nothing."))
      #expect(!asked.contains("loading=\"lazy\""))
    }
    #expect(
      files[0].text == (try Workbook(results, templates: try Fixture.templates()).files()[0].text))
  }

  @Test(arguments: ["workbook.html", "answers.html"])
  func `it fits a phone, logs no error, and prints on A4 in ten points`(name: String) throws {
    try Fixture.withFolder { folder in
      _ = try Workbook(Fixture.results(), templates: try Fixture.templates()).write(to: folder)
      let browser = try Browser()
      let page = try browser.open("\(folder)/\(name)", Browser.View(width: 390))
      #expect(
        try page.read(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          as: Int.self)
          == 0)
      #expect(
        try page.read("[...document.images].filter((x) => !x.naturalWidth).length", as: Int.self)
          == 0)
      try page.emulate(isDark: false, media: "print")
      let size = try page.read(
        "parseFloat(getComputedStyle(document.querySelector('.asked')).fontSize) * 72 / 96",
        as: Double.self)
      #expect(abs(size - 10) < 0.05)
      #expect(try page.pdf().count > 10_000)
      #expect(page.console == [])
    }
  }

  @Test func `only its own files are replaced`() throws {
    try Fixture.withFolder { folder in
      let workbook = Workbook(Fixture.results(), templates: try Fixture.templates())
      let files = try workbook.write(to: folder)
      #expect(files.count == 4)
      #expect(try workbook.write(to: folder) == files)
      try "mine".write(toFile: "\(folder)/other.html", atomically: true, encoding: .utf8)
      try Workbook.check(folder)
      try FileManager.default.removeItem(atPath: "\(folder)/inkling-manifest.json")
      #expect(throws: (any Error).self) { try Workbook.check(folder) }
    }
  }
}
