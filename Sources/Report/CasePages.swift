import Attribution
import Drawing
import Figures
import Study

/// A page about one image, as the template sees it.
struct CasePageView {
  var title: String
  var model: String
  var policy: String
  var isDrawn: Bool
  var body: CaseView
}

/// What is said about one image, on a page of its own or, in a single file, inside the page.
struct CaseView {
  var id: String
  /// Where the image stands in the report.
  var back: String
  var before: [NextCaseView]
  var after: [NextCaseView]
  var heading: String
  var verdict: String
  var pictures: [PictureView]
  var bars: [BarView]
  var sections: [CaseSectionView]
}

/// The way to another case.
struct NextCaseView {
  var href: String
  var title: String
}

/// A part of a case.
struct CaseSectionView {
  var title: String
  var words: String
  var sheets: [SheetView]
  /// Sheets that are shown when they are asked for, and what asks for them.
  var more: [SheetView]
  var moreTitle: String
  var hasMore: Bool

  init(
    title: String, words: String, sheets: [SheetView], more: [SheetView] = [],
    moreTitle: String = ""
  ) {
    (self.title, self.words, self.sheets) = (title, words, sheets)
    (self.more, self.moreTitle, hasMore) = (more, moreTitle, !more.isEmpty)
  }
}

/// What is said about single images: pages that lie beside the pictures or, in a single file, parts of the page.
struct CasePages {
  let results: StudyResults
  let facts: CaseFacts
  let subject: Wording
  let isSingle: Bool

  /// Pictures beside one another on a sheet: as many as a phone has room for.
  private static let across = 4
  /// Pixels between rows of them, for two lines of words.
  private static let rowGutter = 12

  /// The pages of a report's cases; nil without any.
  init?(_ results: StudyResults, subject: Wording, isSingle: Bool) {
    guard let facts = results.cases else { return nil }
    self.results = results
    self.facts = facts
    self.subject = subject
    self.isSingle = isSingle
  }

  /// Where the page of a test image lies in a report's folder.
  static func path(_ image: Int) -> String { "assets/\(name(image)).html" }

  /// Where a link from the report leads.
  static func link(_ image: Int, isSingle: Bool) -> String {
    isSingle ? "#\(name(image))" : path(image)
  }

  private static func name(_ image: Int) -> String { "case-\(image)" }

  /// The views of all cases with the places of their pages.
  func views(_ pictures: inout PictureStore) throws -> [(path: String, view: CaseView)] {
    try facts.cases.enumerated().map { at, one in
      (Self.path(one.example.index), try view(one, at: at, &pictures))
    }
  }

  /// The page of its own for a case.
  func page(_ view: CaseView) -> CasePageView {
    let model = Wording.short(results.model.name)
    return CasePageView(
      title: "\(view.heading), \(model)", model: model,
      policy: PageBuilder.policy(nonce: nil), isDrawn: subject.isDrawn, body: view)
  }

  private func view(
    _ one: CaseFacts.Case, at place: Int, _ pictures: inout PictureStore
  ) throws -> CaseView {
    let example = one.example
    let stem = Self.name(example.index)
    func next(_ place: Int) -> [NextCaseView] {
      guard facts.cases.indices.contains(place) else { return [] }
      let other = facts.cases[place].example
      let name = Self.name(other.index)
      return [
        NextCaseView(
          href: isSingle ? "#\(name)" : "\(name).html", title: Self.title(other, subject))
      ]
    }
    let isRight = example.isRight
    let sure = Format.probability(Double(example.confidence))
    let answer = subject.className(example.predicted)
    let width = example.pixels.dimensions.width
    let figure = isRight ? "sure" : example.isSure ? "mistakes-sure" : "mistakes-doubt"
    return CaseView(
      id: stem, back: "\(isSingle ? "" : "../index.html")#fig-\(figure)",
      before: next(place - 1), after: next(place + 1), heading: Self.title(example, subject),
      verdict: isRight
        ? "Read correctly as \(answer), \(sure) sure."
        : "This is \(subject.anExample(example.label)). The network answered \(answer), \(sure) sure.",
      pictures: [
        try pictures.view(
          example.pixels.picture, name: stem, scale: max(1, 224 / max(width, 1)),
          alt: "Test image #\(example.index)")
      ], bars: bars(example),
      sections: [
        try attributions(one, stem, &pictures), try activations(one, stem, &pictures),
        try neighbors(one, stem, &pictures), try change(one, stem, &pictures),
      ].compactMap { $0 })
  }

  private static func title(_ example: ExampleFacts, _ subject: Wording) -> String {
    let name = "Test \(subject.noun) #\(example.index)"
    return example.isRight
      ? "\(name): \(subject.className(example.label))"
      : "\(name): \(subject.className(example.label)) read as \(subject.className(example.predicted))"
  }

  /// The probabilities of all classes, of many those of the ten most probable.
  private func bars(_ example: ExampleFacts) -> [BarView] {
    let all = Array(example.probabilities.indices)
    return (all.count <= 12 ? all : Array(example.ranking.prefix(10))).map { label in
      let share = Double(example.probabilities[label])
      let isWrong = label == example.predicted && label != example.label
      return BarView(
        subject.className(label), probability: share, value: Format.probability(share),
        style: isWrong ? "t-wrong" : label == example.label ? "t-ink" : "t-bar")
    }
  }

  // MARK: Sections

  private func attributions(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    // A single file has room for the methods of chapter 7 only.
    let names = Set(results.explanations.methods.map(\.name))
    let shown = facts.methods.indices.filter { !isSingle || names.contains(facts.methods[$0].name) }
    guard !one.maps.isEmpty, !shown.isEmpty else { return nil }
    let pixels = one.example.pixels
    let ink = pixels.dimensions.channels == 1 ? pixels.sum : nil
    func drawn(_ part: [Int], _ name: String) throws -> SheetView {
      try sheet(
        .signed(part.map { one.maps[$0].sum }, over: ink),
        part.map {
          (ReportFigures.title(facts.methods[$0].name) + (facts.areBlind[$0] ? " *" : ""), "")
        }, name: "\(stem)-maps-\(name)", what: "Attribution maps", &pictures)
    }
    // Two sheets, which stand side by side where there is room.
    let half = (shown.count + 2 * Self.across - 1) / (2 * Self.across) * Self.across
    let all = try shown.chunks(of: half).enumerated().map { try drawn(Array($1), "\($0)") }
    let first = isSingle ? [] : trusted(shown)
    let hasBlind = shown.contains { facts.areBlind[$0] }
    return CaseSectionView(
      title: "Why this answer",
      words:
        "Orange pixels speak for the answer, blue ones against it; each map by its own 99.5th percentile."
        + (hasBlind && first.isEmpty
          ? " * stays nearly the same with random weights: do not trust it." : "")
        + (isSingle ? " A report in a folder has the maps of all methods and layers." : "")
        + (first.isEmpty
          ? ""
          : " In deletion these three did best of the methods that the report judges and that notice what was learned."),
      sheets: first.isEmpty ? all : [try drawn(first, "first")],
      more: first.isEmpty ? [] : all,
      moreTitle: "The maps of all \(shown.count) methods"
        + (hasBlind ? "; * stays nearly the same with random weights, do not trust it" : ""))
  }

  /// Of some methods the three that say best which pixels the answers rest on, better than any map that knows no network, and
  /// that notice what was learned; none where there are no more than three, or fewer such.
  func trusted(_ shown: [Int]) -> [Int] {
    guard shown.count > 3 else { return [] }
    let cards = results.explanations.cards
    let control = cards.filter(\.isControl).map(\.deletion.mean).min() ?? .infinity
    let judged = shown.compactMap { method in
      cards.first { $0.name == facts.methods[method].name && !$0.isControl }.map { (method, $0) }
    }.filter { method, card in
      !facts.areBlind[method] && !card.failsSanityCheck && card.deletion.mean < control
    }.sorted { $0.1.deletion.mean < $1.1.deletion.mean }
    return judged.count < 3 ? [] : judged.prefix(3).map(\.0)
  }

  private func activations(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    guard !isSingle else { return nil }
    let sheets = try one.activations.map { activation in
      let planes = activation.values.planes
      return try sheet(
        .activation(planes), planes.indices.map { ($0 == 0 ? activation.layer : "", "") },
        name: "\(stem)-\(activation.layer)", what: "Maps of \(activation.layer)", &pictures)
    }
    guard !sheets.isEmpty else { return nil }
    return CaseSectionView(
      title: "What the layers said",
      words:
        "The channels that vary most over this image, each layer on one scale; green grows with the activation.",
      sheets: sheets)
  }

  private func neighbors(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    guard !one.neighbors.isEmpty else { return nil }
    let own = one.neighborsOfAnswer
    let isWhole = facts.searched >= results.data.trainCount
    return CaseSectionView(
      title: isWhole ? "The nearest training images" : "Near training images",
      words:
        "Of \(isWhole ? "the training images" : "\(Format.count(facts.searched)) training images drawn at random") those that \(facts.layer) finds most like "
        + "it, with their class and Euclidean distance: \(own == 0 ? "none" : "\(own)") of \(one.neighbors.count) \(own < 2 ? "belongs" : "belong") to the class that was answered.",
      sheets: [
        try sheet(
          .pictures(one.neighbors.map(\.pixels.picture)),
          one.neighbors.map {
            (subject.className($0.label), Format.significant(Double($0.distance), 2))
          }, name: "\(stem)-neighbors", what: "Training images", &pictures)
      ])
  }

  private func change(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    guard let change = one.change else { return nil }
    let difference = change.adversarial.minus(one.example.pixels).mean
    func reading(_ label: Int, _ confidence: Float) -> String {
      "\(subject.className(label)), \(Format.probability(Double(confidence)))"
    }
    return CaseSectionView(
      title: "A change that turns the answer",
      words:
        "DeepFool turns the answer into \(subject.className(change.predicted)) by a change of Euclidean length "
        + "\(Format.significant(Double(change.l2), 2)); no pixel changes by more than "
        + "\(Format.significant(Double(change.linf), 2)), where \(subject.scale). "
        + "Orange adds, blue removes; the change is shown enlarged.",
      sheets: [
        try sheet(
          .pictures([one.example.pixels.picture]),
          [("Before", reading(one.example.predicted, one.example.confidence))], name: stem,
          what: "The image", &pictures),
        try sheet(
          .signed([difference], over: nil), [("Change", "")], name: "\(stem)-difference",
          what: "The change", &pictures),
        try sheet(
          .pictures([change.adversarial.picture]),
          [("After", reading(change.predicted, change.confidence))], name: "\(stem)-change",
          what: "The image after the change", &pictures),
      ])
  }

  // MARK: Sheets

  private enum Content {
    case signed([FloatPlane], over: FloatPlane?)
    case activation([FloatPlane])
    case pictures([Picture])
  }

  /// Pictures on a sheet, signed maps in several rows, all others in one.
  private func sheet(
    _ content: Content, _ captions: [(String, String)], name: String, what: String,
    _ pictures: inout PictureStore
  ) throws -> SheetView {
    func grid(_ columns: Int) -> ThemeFilters.Grid {
      ThemeFilters.Grid(columns: columns, rowGutter: Self.rowGutter)
    }
    let (picture, style, columns): (Picture, String?, Int)
    let size: (width: Int, height: Int)
    switch content {
    case .signed(let planes, let image):
      columns = min(Self.across, planes.count)
      picture = .fixed(ThemeFilters.signed(planes, grid(columns), over: image))
      (style, size) = ("map-signed", (planes.first?.width ?? 0, planes.first?.height ?? 0))
    case .activation(let planes):
      columns = planes.count
      picture = .fixed(ThemeFilters.activation(planes, grid(columns)))
      (style, size) = ("map-activation", (planes.first?.width ?? 0, planes.first?.height ?? 0))
    case .pictures(let list):
      columns = list.count
      picture = columns == 1 ? list[0] : Plate.sheet(list, columns: columns, gutter: 1)
      (style, size) = (nil, (list.first?.width ?? 0, list.first?.height ?? 0))
    }
    // At least four pictures' room, so that a few are not larger than the others.
    let room = max(Self.across, columns) * (size.width + 1)
    let (scale, narrow) = (max(1, 464 / room), max(1, 348 / room))
    var view = try pictures.view(
      picture, name: name, scale: scale, narrowScale: narrow, alt: "\(what), named below")
    if let style { view.style = style }
    return SheetView(
      pictures: [view], columns: String(columns), cell: String(size.width + 1), gutter: "1",
      height: String(size.height), scale: String(scale), narrowScale: String(narrow),
      pitch: String(size.height + Self.rowGutter),
      cells: captions.map { SheetCellView(name: $0.0, text: $0.1, hasLink: false, href: "") })
  }
}
