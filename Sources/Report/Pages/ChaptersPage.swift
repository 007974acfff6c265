import Drawing
import Figures
import Files
import Foundation
import Questions

/// A page of chapters about what several networks came to, with its data and its figures beside it: the frame that
/// pages other than the report have in common.
struct ChaptersPage {
  /// One chapter.
  struct Chapter {
    let id: String
    let title: String
    let question: String
    let goal: String
    let paragraphs: [String]
    let illustrations: [Illustration]
    /// What is asked at its end.
    let checkpoint: Question
  }

  /// What the page is of: the first word above its headline.
  let kind: String
  /// What tells this page from others of its kind, for what the browser remembers.
  let run: String
  let dataset: String
  let headline: String
  let deck: String
  /// How to read the page.
  let advice: String
  let numbers: [NumberView]
  /// What everything on it has in common.
  let shared: [LabelView]
  let chapters: [Chapter]
  /// The numbers behind the page.
  let data: (name: String, bytes: ContiguousArray<UInt8>)
  let templates: Templates

  private static let manifestName = "assets/\(Manifest.fileName)"

  /// Checks that a page can be written into a folder, before there is one.
  ///
  /// - Throws: `FileError` if the folder cannot be written to, or holds a page that Inkling did not make.
  static func check(_ folder: String, data: String) throws(FileError) {
    try OutputPlace.check(folder: folder)
    try OutputPlace.check(folder: "\(folder)/assets")
    try Manifest(of: folder, at: manifestName).check(["index.html", data, "assets/style.css"])
  }

  /// Writes `index.html`, the data, and the figures as PNG in `figures/`.
  ///
  /// - Returns: The files, relative to the folder, `index.html` first.
  /// - Throws: `TemplateError`, `FileError`, `CairoError` or `PictureError`.
  func write(to path: String) throws -> [String] {
    let style = SVGCanvas.styleSheet + "\n" + ThemeFilters.styleSheet + "\n" + templates.styleSheet
    var files: [(name: String, bytes: ContiguousArray<UInt8>)] = [
      ("index.html", ContiguousArray(try templates.chaptersPage(try view()).utf8)), data,
      ("assets/style.css", ContiguousArray(style.utf8)),
      ("assets/report.js", ContiguousArray(templates.script.utf8)),
    ]
    for illustration in chapters.flatMap(\.illustrations) {
      let figure = illustration.exported()
      files.append(
        ("figures/\(figure.name).png", ContiguousArray(try figure.png(theme: .light))))
    }
    var manifest = try Manifest(of: path, at: Self.manifestName)
    // The page comes last, so that it never points at what is not there.
    try manifest.replace(with: files.reversed())
    return files.map(\.name) + [Self.manifestName]
  }

  /// The page for its template.
  private func view() throws -> ChaptersPageView {
    var pictures = FigureViews(pictures: PictureStore(isSingle: false))
    let shown = try chapters.filter { !$0.illustrations.isEmpty }.enumerated().map {
      place, chapter in
      let number = place + 1
      return ChapterView(
        id: chapter.id, number: String(number), title: chapter.title, question: chapter.question,
        goal: chapter.goal, paragraphs: chapter.paragraphs, notes: [],
        figures: try PageBuilder.placed(chapter.illustrations).enumerated().map { place, entry in
          var view = try pictures.view(entry.illustration, number: "\(number).\(place + 1)")
          view.side = entry.side
          return view
        }, questions: [QuestionView(chapter.checkpoint.standing(in: chapter.id))])
    }
    return ChaptersPageView(
      kind: kind, title: headline, run: run, dataset: dataset, isDrawn: dataset == "drawn",
      policy: PageBuilder.policy(nonce: nil), headline: headline, deck: deck, advice: advice,
      numbers: numbers, shared: shared,
      contents: [ContentsView(id: "top", number: "0", title: "Summary")]
        + shown.map { ContentsView(id: $0.id, number: $0.number, title: $0.title) },
      chapters: shown)
  }
}

/// A page of chapters for its template.
struct ChaptersPageView {
  var kind: String
  var title: String
  /// Distinguishes this page from others, for what the browser remembers.
  var run: String
  var dataset: String
  var isDrawn: Bool
  var policy: String
  var headline: String
  var deck: String
  var advice: String
  var numbers: [NumberView]
  /// What everything on it has in common.
  var shared: [LabelView]
  var contents: [ContentsView]
  var chapters: [ChapterView]
}
