import Foundation
import Study
import StudySupport
import Testing

@testable import Report

@Suite struct TemplateTests {
  /// Renders a page after one file of the templates was changed; nil removes it.
  private func render(_ file: String, _ change: (String) -> String?) throws {
    try Fixture.withFolder { folder in
      let copy = "\(folder)/templates"
      try FileManager.default.copyItem(atPath: Fixture.folder, toPath: copy)
      let text = try String(contentsOfFile: "\(copy)/\(file)", encoding: .utf8)
      try FileManager.default.removeItem(atPath: "\(copy)/\(file)")
      if let changed = change(text) {
        try changed.write(toFile: "\(copy)/\(file)", atomically: true, encoding: .utf8)
      }
      _ = try Report(Fixture.results(), templates: Templates(folder: copy)).files()
    }
  }

  @Test(arguments: [
    "page.mustache", "tile.mustache", "style.css", "report.js", "live-layers.js", "train-course.js",
  ])
  func `a missing template is named`(file: String) throws {
    let error = #expect(throws: TemplateError.self) { try render(file) { _ in nil } }
    #expect("\(try #require(error))".contains("templates/\(file)"))
  }

  @Test(arguments: [
    ("page.mustache", "{{nonsense}}"), ("chapter.mustache", "{{{nonsense}}}"),
    ("figure.mustache", "{{#nonsense}}x{{/nonsense}}"),
    ("tile.mustache", "{{^nonsense}}{{/nonsense}}"),
    ("page.mustache", "{{appendix.nonsense}}"),
  ])
  func `a tag without a value is named with its template`(file: String, tag: String) throws {
    let error = #expect(throws: TemplateError.self) { try render(file) { $0 + tag } }
    guard case .missingValue(let template, let name) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(file == "\(template).mustache")
    #expect(name.hasSuffix("nonsense"))
  }

  @Test(arguments: ["{{#chapters}}", "{{/chapters}}", "{{model", "{{#a}}{{/b}}"])
  func `a malformed template is named`(text: String) throws {
    let error = #expect(throws: TemplateError.self) { try render("page.mustache") { $0 + text } }
    guard case .malformed(let template, _) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(template == "page.mustache")
  }

  @Test func `the list of values is that of the views`() throws {
    var found: [String: Set<String>] = [:]
    func visit(_ value: Any) {
      let mirror = Mirror(reflecting: value)
      let name = "\(type(of: value))"
      if name.hasSuffix("View") {
        found[String(name.dropLast(4)), default: []].formUnion(mirror.children.compactMap(\.label))
      }
      for child in mirror.children { visit(child.value) }
    }
    var results = Fixture.results()
    results.comparisons = [Fixture.comparison(pValue: 0.01)]
    results.baseline = ReportSummary(results)
    results.quality.reviewSteps = Fixture.reviewSteps
    results.repair = Fixture.repair(results)
    results.further = [FurtherNetwork(TrainedGenerator.plane, page: "advanced/vae/index.html")]
    var builder = PageBuilder(results, date: nil, isSingle: false)
    visit(try builder.page())
    visit(ProgramView(dataFile: "", programFile: "", text: ""))
    var generator = GeneratorPageBuilder(TrainedGenerator.plane, date: nil, isSingle: false)
    visit(try generator.page())
    let pages = try #require(CasePages(results, subject: Wording(results), isSingle: false))
    var pictures = PictureStore(isSingle: false, isBeside: true)
    for (_, view) in try pages.views(&pictures) { visit(pages.page(view)) }
    var workbook = WorkbookBuilder(ReportContext(results, isSingle: true), isAnswers: false)
    let chapters = try workbook.chapters()
    visit(
      WorkbookView(
        title: "", model: "", dataset: "", run: "", date: "", hasDate: false, isAnswers: false,
        style: "", policy: "", chapters: chapters))
    var listed: [String: Set<String>] = [:]
    let text = try String(contentsOfFile: "\(Fixture.folder)/VALUES.md", encoding: .utf8)
    for section in text.split(separator: "\n## ").dropFirst() {
      let lines = section.split(separator: "\n")
      listed[String(lines[0])] = Set(
        lines.filter { $0.hasPrefix("- ") }.flatMap { line in
          (line.split(separator: ":").first ?? "").matches(of: /`([A-Za-z]+)`/).map { String($0.1) }
        })
    }
    for name in Set(found.keys).union(listed.keys) {
      #expect(found[name] == listed[name], "\(name)")
    }
    #expect(found.count > 20)
  }

  @Test func `templates are looked for beside the program`() throws {
    try Fixture.withFolder { folder in
      let installed = "\(folder)/share/inkling/templates"
      let built = "\(folder)/bin/Inkling_Report.resources"
      let program = "\(folder)/bin/inkling"
      #expect(throws: TemplateError.self) { try Templates.find(executable: program) }
      for place in [built, installed] {
        let parent = URL(fileURLWithPath: place).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Fixture.folder, toPath: place)
        #expect(try Templates.find(executable: program).folder == place)
      }
      let own = try Templates.find(folder: Fixture.folder, executable: program)
      #expect(own.folder == Fixture.folder)
      #expect(throws: TemplateError.self) {
        try Templates.find(folder: "\(folder)/none", executable: program)
      }
    }
  }
}

@Suite struct HostileTemplateTests {
  /// The templates with one file replaced.
  private func templates(_ name: String, _ text: String) throws -> Templates {
    try Fixture.withFolder { folder in
      let source = try Fixture.templates().folder
      for file in try FileManager.default.contentsOfDirectory(atPath: source) {
        try FileManager.default.copyItem(atPath: "\(source)/\(file)", toPath: "\(folder)/\(file)")
      }
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      return try Templates(folder: folder)
    }
  }

  @Test(arguments: [
    String(repeating: "{{#a}}", count: 5000), "{{> page}}", "{{> ../x}}", "{{> /etc/passwd}}",
  ])
  func `what would never end, go too deep or leave the folder is refused`(text: String) throws {
    #expect(throws: TemplateError.self) { try templates("page.mustache", text) }
  }
}
