import Drawing
public import Files
import Foundation
public import Study

/// A teaching page about one checkpoint, written from what a study found.
public struct Report: Sendable {
  private let subject: any ReportSubject
  private let templates: Templates
  private let date: String?

  /// A report on a classifier.
  ///
  /// - Parameters:
  ///   - results: What a study found.
  ///   - templates: The templates that the page is made from.
  ///   - date: A date to show, as the user wrote it; none unless given.
  public init(_ results: StudyResults, templates: Templates, date: String? = nil) {
    (subject, self.templates, self.date) = (results, templates, date)
  }

  /// A report on a generator.
  ///
  /// - Parameters:
  ///   - results: What a study found.
  ///   - templates: The templates that the page is made from.
  ///   - date: A date to show, as the user wrote it; none unless given.
  public init(_ results: GeneratorResults, templates: Templates, date: String? = nil) {
    (subject, self.templates, self.date) = (results, templates, date)
  }

  /// Writes `index.html`, `assets/` and `report.json` into a folder, which is made if needed.
  ///
  /// Only files of an earlier report are replaced, and they stay whole until the new report is.
  ///
  /// - Parameter folder: The folder.
  /// - Returns: The files, relative to the folder, `index.html` first.
  /// - Throws: `TemplateError`, `FileError` or `PictureError`.
  public func write(to folder: String) throws -> [String] {
    let files = try files()
    var manifest = try Self.manifest(of: folder)
    // The page comes last, so that it never points at pictures that are not there.
    try manifest.replace(
      with: files.reversed().map { (name: $0.path, bytes: ContiguousArray($0.bytes)) })
    return files.map(\.path) + [Self.manifestName]
  }

  /// Checks that a report can be written into a folder, before there is one.
  ///
  /// - Throws: `FileError` if the folder cannot be written to, or holds a page that Inkling did not make.
  public static func check(_ folder: String) throws(FileError) {
    try OutputPlace.check(folder: folder)
    try OutputPlace.check(folder: "\(folder)/assets")
    try manifest(of: folder).check(["index.html", "report.json", "assets/style.css"])
  }

  private static func manifest(of folder: String) throws(FileError) -> Manifest {
    try Manifest(of: folder, at: manifestName)
  }

  private static let manifestName = "assets/\(Manifest.fileName)"

  /// The whole report as one page with everything inside it.
  ///
  /// - Returns: The text of an `.html` file.
  /// - Throws: `TemplateError` or `PictureError`.
  public func singleFile() throws -> String {
    let page = try subject.page(date: date, isSingle: true)
    var view = page.view
    view.style = styleSheet
    view.script = Self.scriptSafe(templates.script)
    view.programs = page.programs.map { program in
      ProgramView(
        dataFile: "", programFile: "",
        text: Self.scriptSafe(program.data + templates.program(program.kind)))
    }
    let json = try page.json(subject.besidesPage, withPlanes: false)
    // Inside a script element only `<` could end the JSON.
    view.json = String(decoding: json, as: UTF8.self).replacing("<", with: "\\u003c")
    // The same bytes for the same report, and yet no name in it can contain what its own hash is.
    view.nonce = Data(SHA256(of: Array(json)).bytes.prefix(18)).base64EncodedString()
    view.policy = PageBuilder.policy(nonce: view.nonce)
    return try templates.page(view)
  }

  /// Writes the single page to a file.
  ///
  /// - Parameter path: The file, which is replaced as a whole.
  /// - Throws: `TemplateError`, `FileError` or `PictureError`.
  public func writeSingleFile(to path: String) throws {
    let text = try singleFile()
    try AtomicFile.write(text: text, to: path)
  }

  /// Makes every page, of the folder and the single one, and keeps none.
  ///
  /// - Throws: `TemplateError` or `PictureError`.
  package func rehearse() throws {
    _ = try files()
    _ = try singleFile()
  }

  /// Every file of the folder with its bytes, `index.html` first.
  func files() throws -> [(path: String, bytes: [UInt8])] {
    var page = try subject.page(date: date, isSingle: false)
    page.view.programs = page.programs.map { program in
      ProgramView(
        dataFile: "assets/\(program.kind.dataFile)",
        programFile: "assets/\(program.kind.programFile)", text: "")
    }
    return [
      ("index.html", Array(try templates.page(page.view).utf8)),
      ("report.json", Array(try page.json(subject))),
      ("assets/style.css", Array(styleSheet.utf8)),
      ("assets/report.js", Array(templates.script.utf8)),
    ]
      + page.programs.flatMap { program in
        [
          ("assets/\(program.kind.programFile)", Array(templates.program(program.kind).utf8)),
          ("assets/\(program.kind.dataFile)", Array(program.data.utf8)),
        ]
      } + (try subject.pagesBeside(templates)) + page.pictures
  }

  /// The colors of figures and of maps, and the rules of the templates.
  private var styleSheet: String {
    SVGCanvas.styleSheet + "\n" + ThemeFilters.styleSheet + "\n" + templates.styleSheet
  }

  private static func scriptSafe(_ script: String) -> String {
    script.replacing("</", with: "<\\/")
  }
}
