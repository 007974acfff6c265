import Foundation
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

  @Test(arguments: ["page.mustache", "tile.mustache", "style.css", "report.js"])
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
