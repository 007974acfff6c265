import Figures
import Questions
import Study

/// Puts the chapters of a report together.
struct PageBuilder {
  let context: ReportContext
  let date: String?
  /// The figures and the pictures in them.
  var figures: FigureViews
  /// What the chapters asked, as far as they are built.
  private(set) var questions: [Question] = []

  init(_ results: StudyResults, date: String?, isSingle: Bool) {
    context = ReportContext(results, isSingle: isSingle)
    self.date = date
    figures = FigureViews(pictures: PictureStore(isSingle: isSingle))
  }

  var results: StudyResults { context.results }
  var subject: Wording { context.subject }
  private var model: String { context.model }

  /// The whole page.
  mutating func page() throws -> PageView {
    var squares = try figures.view(context.figure.squares(results.quality), number: "")
    squares.level = "2"
    let chapters = try chapters()
    let masthead = Masthead(context: context)
    var contents = [ContentsView(id: "top", number: "0", title: "Summary")]
    contents += chapters.map { ContentsView(id: $0.id, number: $0.number, title: $0.title) }
    let appendix = Appendix(results: results).view(number: chapters.count + 1)
    var cases: [CaseView] = []
    if figures.pictures.isSingle {
      let pages = CasePages(results, subject: subject, isSingle: true)
      cases = try pages?.views(&figures.pictures).map(\.view) ?? []
    }
    contents.append(ContentsView(id: appendix.id, number: appendix.number, title: "Appendix"))
    return PageView(
      title: "What did my network learn? \(model) on \(subject.name)",
      kind: "Interpretability report",
      run: String(results.model.sha256.prefix(QuestionSheet.runLength)),
      hasLongNames: subject.hasLongNames, model: model,
      dataset: Wording.short(subject.name),
      relation: results.model.foreign == nil ? "trained on" : "on",
      isSingle: figures.pictures.isSingle,
      isDrawn: subject.isDrawn, date: date ?? "", hasDate: date != nil,
      policy: Self.policy(nonce: nil), nonce: "", style: "", script: "", json: "",
      programs: [],
      headline: "What did my network learn, and why does it fail?", deck: masthead.deck(),
      numbers: masthead.numbers(), since: [SinceView(results, subject: subject)].compactMap { $0 },
      squares: [squares], fingerprint: masthead.fingerprint(),
      contents: contents,
      chapters: chapters,
      questionCount: String(questions.count), appendix: appendix,
      cases: cases)
  }

  /// What the page may load: nothing but its own files.
  ///
  /// - Parameter nonce: What marks the page's own scripts and styles where they are inside the page; nil for files.
  /// - Returns: The content security policy.
  static func policy(nonce: String?) -> String {
    let own = nonce.map { "'nonce-\($0)'" } ?? "'self' file:"
    return "default-src 'none'; img-src 'self' file: data:; script-src \(own); style-src-elem "
      + "\(own); style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
  }

  private mutating func chapters() throws -> [ChapterView] {
    var views: [ChapterView] = []
    for chapter in Chapters.all.map({ $0.init(context: context) }) {
      guard let outline = chapter.outline else { continue }
      let number = views.count + 1
      let asked = chapter.questions.map { $0.standing(in: outline.id) }
      questions += asked
      var shown: [FigureView] = []
      for (place, (illustration, side)) in Self.placed(outline.illustrations).enumerated() {
        var view = try figures.view(illustration, number: "\(number).\(place + 1)")
        view.side = side
        view.galleries = try galleries(illustration.opened, of: view.id)
        view.hasGalleries = !view.galleries.isEmpty
        view.listsGalleries = view.hasGalleries && !context.figure.hasLargeCells
        shown.append(view)
      }
      var view = ChapterView(outline, number: number, figures: shown, asked: asked)
      try trial(outline.trial, number: number, place: shown.count + 1, in: &view)
      views.append(view)
    }
    return views
  }

  /// Adds what the templates show of a trial, and below the network a mistake to repair.
  private mutating func trial(
    _ trial: Trial?, number: Int, place: Int, in view: inout ChapterView
  ) throws {
    let name = "\(number).\(place)"
    switch trial {
    case .drawing(let facts, let repair):
      view.live = [try liveView(facts, number: name)]
      if let repair {
        view.repair = [try repairView(repair, number: "\(number).\(place + 1)")]
      }
    case .attack(let facts): view.nudge = [try nudgeView(facts, number: name)]
    case .training(let facts): view.train = [try trainView(facts, number: name)]
    case .review(let steps): view.review = [try reviewView(steps, number: name)]
    case .closing(let closing): view.closing = [closing.view(date: date ?? "")]
    // Only a generator has them.
    case .latents, nil: break
    }
  }

  /// Two figures of half the width that follow one another stand side by side; one alone takes the width of the text.
  static func placed(
    _ illustrations: [Illustration]
  ) -> [(illustration: Illustration, side: String)] {
    func isHalf(_ at: Int) -> Bool {
      illustrations.indices.contains(at) && illustrations[at].width == Illustration.halfWidth
    }
    var sides = illustrations.map { _ in "page" }
    var placed = illustrations
    var at = 0
    while at < illustrations.count {
      if isHalf(at), isHalf(at + 1) {
        (sides[at], sides[at + 1]) = ("left half", "right half")
        at += 1
      } else if isHalf(at) {
        placed[at].width = 664
      }
      at += 1
    }
    return Array(zip(placed, sides))
  }

  /// So many images of a cell are shown at most, so that a page of many mistakes stays light.
  private static let imagesOfCell = 12

  /// The images behind the cells of a matrix, one sheet a cell.
  private mutating func galleries(
    _ cells: [QualityFacts.Cell], of figure: String
  ) throws -> [GalleryView] {
    var galleries: [GalleryView] = []
    for cell in cells.map({ $0.surest(Self.imagesOfCell) }) where !cell.images.isEmpty {
      let (truth, answer) = (subject.className(cell.actual), subject.className(cell.predicted))
      let name = ReportFigures.target(cell)
      let shown = cell.images.count < cell.count ? ", the \(cell.images.count) surest" : ""
      galleries.append(
        GalleryView(
          id: name,
          title: "\(truth) read as \(answer): \(Wording.counted(cell.count, subject.noun))\(shown)",
          back: figure, sheet: try sheet(of: cell, named: name, truth: truth, answer: answer)))
    }
    return galleries
  }

  /// The images of a cell with how sure the network was.
  private mutating func sheet(
    of cell: QualityFacts.Cell, named name: String, truth: String, answer: String
  ) throws -> SheetView {
    let (_, height, width) = cell.pixels[0].dimensions
    let scale = max(1, 84 / max(width, 1))
    let gutter = 3
    let columns = max(1, 280 / ((width + gutter) * scale))
    // Room for a line of words, in whole pixels of the pictures.
    let rowGutter = (24 + scale - 1) / scale
    let sheet = Plate.sheet(
      cell.pixels.map(\.picture), columns: columns, gutter: gutter, rowGutter: rowGutter)
    return SheetView(
      pictures: [
        try figures.pictures.view(
          sheet, name: name, scale: scale,
          alt: "Test image\(cell.images.count == 1 ? "" : "s") "
            + Wording.list(cell.images.map { "#\($0)" }) + ": \(truth) read as \(answer)")
      ], columns: String(columns), cell: String(width + gutter), gutter: String(gutter),
      height: String(height),
      scale: String(scale), narrowScale: String(scale),
      pitch: String(height + rowGutter),
      cells: zip(cell.images, cell.confidence).map { image, confidence in
        let link = context.figure.link(to: image)
        return SheetCellView(
          name: "", text: Format.probability(Double(confidence)), hasLink: link != nil,
          href: link ?? "")
      })
  }
}

extension ChapterView {
  /// A chapter without what is tried in it.
  init(_ outline: ChapterOutline, number: Int, figures: [FigureView], asked: [Question]) {
    self.init(
      id: outline.id, number: String(number), title: outline.title, question: outline.question,
      goal: outline.goal, paragraphs: outline.paragraphs,
      notes: outline.notes.map { LabelView(name: $0.0, text: $0.1) }, figures: figures,
      further: outline.further.map {
        PageLinkView(name: $0.name, href: $0.href, question: $0.question, text: $0.finding)
      }, questions: asked.map(QuestionView.init))
  }
}
