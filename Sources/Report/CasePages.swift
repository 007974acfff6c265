import Drawing
import Evaluation
import Figures
import Study

/// A page about one image, as the template sees it.
struct CaseView {
  var title: String
  var model: String
  var policy: String
  var isDrawn: Bool
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

/// A part of a case page.
struct CaseSectionView {
  var title: String
  var words: String
  var strips: [StripView]
}

/// Pictures of equal width in one, with a caption below each.
struct StripView {
  var pictures: [PictureView]
  var cells: String
  /// The width of a picture with its gutter.
  var cell: String
  var scale: String
  var narrowScale: String
  var captions: [LabelView]
}

/// Makes the pages of single images, which lie beside the pictures.
struct CasePages {
  let results: StudyResults
  let facts: CaseFacts
  let subject: Subject
  let policy: String

  /// Pictures in a strip.
  private static let across = 6

  /// Where the page of a test image lies in a report's folder.
  static func path(_ image: Int) -> String { "assets/\(name(image))" }

  private static func name(_ image: Int) -> String { "case-\(image).html" }

  /// The views of all pages with their places, and their pictures.
  func pages() throws -> (
    pages: [(path: String, view: CaseView)], files: [(path: String, bytes: [UInt8])]
  ) {
    var pictures = PictureStore(isSingle: false, isBeside: true)
    var pages: [(String, CaseView)] = []
    for (at, facts) in facts.cases.enumerated() {
      pages.append((Self.path(facts.example.index), try page(facts, at: at, &pictures)))
    }
    return (pages, pictures.files)
  }

  private func page(
    _ one: CaseFacts.Case, at place: Int, _ pictures: inout PictureStore
  ) throws -> CaseView {
    let example = one.example
    let stem = "case-\(example.index)"
    func next(_ place: Int) -> [NextCaseView] {
      guard facts.cases.indices.contains(place) else { return [] }
      let other = facts.cases[place].example
      return [NextCaseView(href: Self.name(other.index), title: Self.title(other, subject))]
    }
    let isRight = example.label == example.predicted
    let sure = Format.probability(Double(example.confidence))
    let answer = subject.className(example.predicted)
    let width = example.pixels.dimensions.width
    return CaseView(
      title: "\(Self.title(example, subject)), \(Subject.short(results.model.name))",
      model: Subject.short(results.model.name), policy: policy,
      isDrawn: subject.isDrawn,
      back:
        "../index.html#fig-\(isRight ? "sure" : example.confidence > 0.9 ? "mistakes-sure" : "mistakes-doubt")",
      before: next(place - 1), after: next(place + 1), heading: Self.title(example, subject),
      verdict: isRight
        ? "Read correctly as \(answer), \(sure) sure."
        : "This is \(subject.className(example.label)). The network answered \(answer), \(sure) sure.",
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

  private static func title(_ example: ExampleFacts, _ subject: Subject) -> String {
    let name = "Test \(subject.noun) #\(example.index)"
    return example.label == example.predicted
      ? "\(name): \(subject.className(example.label))"
      : "\(name): \(subject.className(example.label)) read as \(subject.className(example.predicted))"
  }

  /// The six most probable classes.
  private func bars(_ example: ExampleFacts) -> [BarView] {
    example.probabilities.indices.sorted {
      (example.probabilities[$1], $0) < (example.probabilities[$0], $1)
    }.prefix(6).map { label in
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
    guard !one.maps.isEmpty else { return nil }
    let names = zip(facts.methods, facts.areBlind).map { method, isBlind in
      ReportFigures.title(method.name) + (isBlind ? " *" : "")
    }
    let strips = try zip(one.maps.map(\.sum), names).map { $0 }.chunks(of: Self.across).enumerated()
      .map { index, part in
        try strip(
          .grey(ThemeFilters.signed(part.map(\.0)), part.count, "map-signed"),
          part.map { ($0.1, "") },
          name: "\(stem)-maps-\(index)", what: "Attribution maps", &pictures)
      }
    return CaseSectionView(
      title: "Why this answer, by every method",
      words:
        "Orange pixels speak for the answer, blue ones against it; each map by its own 99.5th percentile."
        + (!facts.areBlind.contains(true)
          ? "" : " * stays nearly the same with random weights: do not trust it."),
      strips: strips)
  }

  private func activations(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    let strips = try one.activations.map { activation in
      let planes = Array(activation.values.planes.prefix(Self.across))
      return try strip(
        .grey(ThemeFilters.activation(planes), planes.count, "map-activation"),
        [(activation.layer, "")], name: "\(stem)-\(activation.layer)",
        what: "Maps of \(activation.layer)", &pictures)
    }
    guard !strips.isEmpty else { return nil }
    return CaseSectionView(
      title: "What the layers said",
      words:
        "The channels that vary most over this image, each line on one scale; green grows with the activation.",
      strips: strips)
  }

  private func neighbors(
    _ one: CaseFacts.Case, _ stem: String, _ pictures: inout PictureStore
  ) throws -> CaseSectionView? {
    guard !one.neighbors.isEmpty else { return nil }
    let own = one.neighbors.count { $0.label == one.example.predicted }
    return CaseSectionView(
      title: "The nearest training images",
      words:
        "Of the first \(Format.count(facts.searched)) training images those that \(facts.layer) finds most like "
        + "it, with their class and distance: \(own) of \(one.neighbors.count) belong to the class that was answered.",
      strips: [
        try strip(
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
    let after = try strip(
      .pictures([change.adversarial.picture]),
      [
        (
          "After",
          "read as \(subject.className(change.predicted)), \(Format.probability(Double(change.confidence)))"
        )
      ], name: "\(stem)-change", what: "The image after the change", &pictures)
    let map = try strip(
      .grey(ThemeFilters.signed([difference]), 1, "map-signed"), [("Change", "enlarged")],
      name: "\(stem)-difference", what: "The change", &pictures)
    return CaseSectionView(
      title: "The smallest change that turns the answer",
      words:
        "DeepFool turns the answer into \(subject.className(change.predicted)) by a change of length "
        + "\(Format.significant(Double(change.l2), 2)); no pixel changes by more than "
        + "\(Format.significant(Double(change.linf), 2)), where \(Subject.scale(channels: one.example.pixels.dimensions.channels)).",
      strips: [map, after])
  }

  // MARK: Strips

  private enum Content {
    /// So many maps as grey, colored by the class of this name.
    case grey(PixelImage, Int, String)
    case pictures([Picture])
  }

  private func strip(
    _ content: Content, _ captions: [(String, String)], name: String, what: String,
    _ pictures: inout PictureStore
  ) throws -> StripView {
    let picture: Picture
    let (cells, width): (Int, Int)
    switch content {
    case .grey(let image, let count, _):
      (cells, width) = (count, image.width / max(count, 1))
      picture = .fixed(image)
    case .pictures(let list):
      (cells, width) = (list.count, (list.first?.width ?? 0) + 1)
      picture = Plate.sheet(list, columns: list.count, gutter: 1)
    }
    let (scale, narrow) = (
      max(1, 522 / (Self.across * max(width, 1))), max(1, 348 / (Self.across * max(width, 1)))
    )
    var view = try pictures.view(
      picture, name: name, scale: scale, narrowScale: narrow, alt: "\(what), named below")
    if case .grey(_, _, let style) = content { view.style = style }
    return StripView(
      pictures: [view], cells: String(cells), cell: String(width), scale: String(scale),
      narrowScale: String(narrow), captions: captions.map { LabelView(name: $0.0, text: $0.1) })
  }
}
