import Drawing
public import Files
import Foundation
import Questions
public import Study

/// A teaching page about one checkpoint, written from what a study found.
public struct Report: Sendable {
  private let results: StudyResults
  private let templates: Templates
  private let date: String?

  /// A report.
  ///
  /// - Parameters:
  ///   - results: What a study found.
  ///   - templates: The templates that the page is made from.
  ///   - date: A date to show, as the user wrote it; none unless given.
  public init(_ results: StudyResults, templates: Templates, date: String? = nil) {
    self.results = results
    self.templates = templates
    self.date = date
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
    var builder = PageBuilder(results, date: date, isSingle: true)
    var view = try builder.page()
    view.style = styleSheet
    view.script = Self.scriptSafe(templates.script)
    if let live = results.live {
      view.liveScript = Self.scriptSafe(try networkScript(live) + templates.liveScript)
    }
    if let practice = builder.context.practice {
      view.trainScript = Self.scriptSafe(try practice.script() + templates.trainScript)
    }
    // What is in the page anyway would double the file: the network, images, and the numbers of pictures.
    var numbers = results
    (numbers.live, numbers.cases, numbers.practice, numbers.repair) = (nil, nil, nil, nil)
    let json = try Self.json(numbers, builder.questions, withPlanes: false)
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

  /// Makes every page, of the folder, the single one and a workbook, and keeps none.
  ///
  /// - Throws: `TemplateError` or `PictureError`.
  package func rehearse() throws {
    _ = try files()
    _ = try singleFile()
    _ = try Workbook(results, templates: templates).files()
  }

  /// Every file of the folder with its bytes, `index.html` first.
  func files() throws -> [(path: String, bytes: [UInt8])] {
    var builder = PageBuilder(results, date: date, isSingle: false)
    let page = try templates.page(try builder.page())
    let cases = try caseFiles(builder)
    return [
      ("index.html", Array(page.utf8)),
      ("report.json", Array(try Self.json(results, builder.questions))),
      ("assets/style.css", Array(styleSheet.utf8)),
      ("assets/report.js", Array(templates.script.utf8)),
    ] + (try liveFiles()) + (try trainFiles(builder.context.practice)) + cases
      + builder.figures.pictures.files
  }

  /// The pages of single images and their pictures.
  private func caseFiles(_ builder: PageBuilder) throws -> [(path: String, bytes: [UInt8])] {
    guard let cases = CasePages(results, subject: builder.subject, isSingle: false) else {
      return []
    }
    var pictures = PictureStore(isSingle: false, isBeside: true)
    let pages = try cases.views(&pictures).map { path, view in
      (path, Array(try templates.casePage(cases.page(view)).utf8))
    }
    return pages + pictures.files
  }

  /// The network for the page to run, and the program that runs it.
  private func liveFiles() throws -> [(path: String, bytes: [UInt8])] {
    guard let live = results.live else { return [] }
    return [
      ("assets/live.js", Array(templates.liveScript.utf8)),
      ("assets/network.js", Array(try networkScript(live).utf8)),
    ]
  }

  /// The network, and the images on which its mistakes are repaired.
  private func networkScript(_ live: LiveFacts) throws -> String {
    try live.script() + (results.repair?.script() ?? "")
  }

  /// The images to train on in the page, and the program that does it.
  private func trainFiles(_ practice: PracticeFacts?) throws -> [(path: String, bytes: [UInt8])] {
    guard let practice else { return [] }
    return [
      ("assets/train.js", Array(templates.trainScript.utf8)),
      ("assets/images.js", Array(try practice.script().utf8)),
    ]
  }

  /// The colors of figures and of maps, and the rules of the templates.
  private var styleSheet: String {
    SVGCanvas.styleSheet + "\n" + ThemeFilters.styleSheet + "\n" + templates.styleSheet
  }

  private static func scriptSafe(_ script: String) -> String {
    script.replacing("</", with: "<\\/")
  }

  /// What `report.json` holds: all numbers shown, and all questions asked.
  private struct Stored: Encodable {
    private enum CodingKeys: String, CodingKey { case questions }

    let results: StudyResults
    let questions: [Question]

    func encode(to encoder: any Encoder) throws {
      try results.encode(to: encoder)
      var box = encoder.container(keyedBy: CodingKeys.self)
      try box.encode(questions, forKey: .questions)
    }
  }

  private static func json(
    _ results: StudyResults, _ questions: [Question], withPlanes: Bool = true
  ) throws -> Data {
    let encoder = JSONEncoder()
    encoder.userInfo[.leavesOutPlanes] = !withPlanes
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A run that diverged has losses that JSON has no numbers for.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(Stored(results: results, questions: questions))
  }
}
