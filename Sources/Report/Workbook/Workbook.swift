import Drawing
import Figures
public import Files
import Questions
public import Study

/// What a class works with on paper: the questions of a run with room to answer them, and a sheet with the answers.
public struct Workbook: Sendable {
  private let results: StudyResults
  private let templates: Templates
  private let date: String?

  /// The two pages.
  private static let (questionsName, answersName) = ("workbook.html", "answers.html")
  private static let styleName = "workbook.css"

  /// A workbook.
  ///
  /// - Parameters:
  ///   - results: What a study found.
  ///   - templates: The templates that its pages are made from.
  ///   - date: A date to show, as the user wrote it; none unless given.
  public init(_ results: StudyResults, templates: Templates, date: String? = nil) {
    self.results = results
    self.templates = templates
    self.date = date
  }

  /// Checks that a workbook can be written into a folder, before there is one.
  ///
  /// - Throws: `FileError` if the folder cannot be written to, or holds pages that Inkling did not make.
  public static func check(_ folder: String) throws(FileError) {
    try OutputPlace.check(folder: folder)
    try Manifest(of: folder, at: Manifest.fileName).check([questionsName, answersName, styleName])
  }

  /// Writes `workbook.html`, `answers.html` and how they look into a folder, which is made if needed.
  ///
  /// Only files of an earlier workbook are replaced.
  ///
  /// - Parameter folder: The folder.
  /// - Returns: The files, relative to the folder, `workbook.html` first.
  /// - Throws: `TemplateError`, `FileError`, `CairoError` or `PictureError`.
  public func write(to folder: String) throws -> [String] {
    let files = try files()
    var manifest = try Manifest(of: folder, at: Manifest.fileName)
    try manifest.replace(
      with: files.reversed().map { (name: $0.path, bytes: ContiguousArray($0.text.utf8)) })
    return files.map(\.path) + [Manifest.fileName]
  }

  /// Makes both pages and keeps none.
  ///
  /// - Throws: `TemplateError` or `PictureError`.
  package func rehearse() throws { _ = try files() }

  /// Every file with its text.
  func files() throws -> [(path: String, text: String)] {
    let style = SVGCanvas.styleSheet + "\n" + ThemeFilters.styleSheet + "\n"
    return [
      (Self.questionsName, try page(withAnswers: false)),
      (Self.answersName, try page(withAnswers: true)),
      (Self.styleName, style + templates.styleSheet + templates.workbookStyle),
    ]
  }

  private func page(withAnswers isAnswers: Bool) throws -> String {
    var builder = WorkbookBuilder(ReportContext(results, isSingle: true), isAnswers: isAnswers)
    let chapters = try builder.chapters()
    let subject = builder.context.subject
    let text = try templates.workbook(
      WorkbookView(
        title: isAnswers ? "Answer sheet" : "Workbook", model: builder.context.model,
        dataset: Wording.short(subject.name),
        run: String(results.model.sha256.prefix(QuestionSheet.runLength)),
        date: date ?? "", hasDate: date != nil, isAnswers: isAnswers, style: Self.styleName,
        policy: PageBuilder.policy(nonce: nil), chapters: chapters))
    // On paper nothing comes later.
    return text.replacing(" loading=\"lazy\"", with: "")
  }
}

/// A workbook, or its answers, for its template.
struct WorkbookView {
  var title: String
  var model: String
  var dataset: String
  /// Stands for the run.
  var run: String
  var date: String
  var hasDate: Bool
  var isAnswers: Bool
  /// The file of its style.
  var style: String
  var policy: String
  var chapters: [WorkbookChapterView]
}

/// A chapter of a workbook.
struct WorkbookChapterView {
  var number: String
  var title: String
  var question: String
  /// Pictures of the run that its questions need.
  var pictures: [WorkbookPictureView]
  var items: [WorkbookItemView]
}

/// A picture with a line about it.
struct WorkbookPictureView {
  var caption: String
  var bodies: [BodyView]
}

/// A question, or a guess before the report is looked at.
struct WorkbookItemView {
  var number: String
  var question: String
  var options: [String]
  /// What a number is counted in, and whether a number is asked for.
  var unit: String
  var hasBlank: Bool
  /// Lines to write on, each a width in percent.
  var lines: [String]
  /// A chart to draw in.
  var charts: [BodyView]
  /// Small pictures, each with room for what the reader sees in it.
  var pictures: [PictureView]
  var answer: String
  /// Which numbers or options are right.
  var accepted: String
  var hasAccepted: Bool
  /// Likely wrong answers with what to say.
  var mistakes: [LabelView]
  var hasMistakes: Bool
  /// What a good answer says.
  var points: [String]
}
