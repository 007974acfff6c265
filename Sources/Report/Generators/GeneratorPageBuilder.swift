import Figures
import Foundation
import Questions
import Study

/// Puts the chapters of a generator's report together.
struct GeneratorPageBuilder {
  let context: GeneratorContext
  let date: String?
  /// The figures and the pictures in them.
  var figures: FigureViews
  /// What the chapters asked, as far as they are built.
  private(set) var questions: [Question] = []

  init(_ results: GeneratorResults, date: String?, isSingle: Bool) {
    context = GeneratorContext(results)
    self.date = date
    figures = FigureViews(pictures: PictureStore(isSingle: isSingle))
  }

  private var results: GeneratorResults { context.results }
  private var subject: Wording { context.subject }

  /// The whole page.
  mutating func page() throws -> PageView {
    var drawn = try figures.view(context.figure.firstDrawn(results), number: "")
    drawn.level = "2"
    let chapters = try chapters()
    let masthead = GeneratorMasthead(context: context)
    let appendix = GeneratorAppendix(results: results).view(number: chapters.count + 1)
    let contents =
      [ContentsView(id: "top", number: "0", title: "Summary")]
      + chapters.map { ContentsView(id: $0.id, number: $0.number, title: $0.title) }
      + [ContentsView(id: appendix.id, number: appendix.number, title: "Appendix")]
    return PageView(
      title: "What did it learn to draw? \(context.model) on \(subject.name)",
      kind: "Report on a generator",
      run: String(results.model.sha256.prefix(QuestionSheet.runLength)),
      hasLongNames: subject.hasLongNames, model: context.model,
      dataset: Wording.short(subject.name), relation: "trained on",
      isSingle: figures.pictures.isSingle, isDrawn: subject.isDrawn, date: date ?? "",
      hasDate: date != nil, policy: PageBuilder.policy(nonce: nil), nonce: "", style: "",
      script: "", json: "", programs: [],
      headline: "What did it learn to draw, and is it new?", deck: masthead.deck(),
      numbers: masthead.numbers(), since: [], squares: [drawn],
      fingerprint: masthead.fingerprint(), contents: contents, chapters: chapters,
      questionCount: String(questions.count), appendix: appendix, cases: [])
  }

  private mutating func chapters() throws -> [ChapterView] {
    var views: [ChapterView] = []
    for chapter in GeneratorChapters.all.map({ $0.init(context: context) }) {
      guard let outline = chapter.outline else { continue }
      let number = views.count + 1
      let asked = chapter.questions.map { $0.standing(in: outline.id) }
      questions += asked
      var shown: [FigureView] = []
      for (place, (illustration, side)) in PageBuilder.placed(outline.illustrations).enumerated() {
        var view = try figures.view(illustration, number: "\(number).\(place + 1)")
        view.side = side
        shown.append(view)
      }
      var view = ChapterView(outline, number: number, figures: shown, asked: asked)
      if case .latents(let plane, _) = outline.trial {
        view.latents = [
          try LatentView(plane, results, subject, number: "\(number).\(shown.count + 1)")
        ]
      }
      views.append(view)
    }
    return views
  }
}

extension GeneratorResults: ReportSubject {
  func page(date: String?, isSingle: Bool) throws -> ReportPage {
    var builder = GeneratorPageBuilder(self, date: date, isSingle: isSingle)
    let view = try builder.page()
    let decoder = try plane.flatMap { plane in
      try latentSpace?.autoencoder?.map.map { map in
        try plane.script(imageShape: imageShape, points: map.points)
      }
    }
    return ReportPage(
      view: view, questions: builder.questions, pictures: builder.figures.pictures.files,
      programs: decoder.map { [PageProgram(kind: .latents, data: $0)] } ?? [])
  }

  func pagesBeside(_ templates: Templates) throws -> [(path: String, bytes: [UInt8])] { [] }

  var besidesPage: GeneratorResults {
    var numbers = self
    numbers.plane = nil
    return numbers
  }
}

/// The plane of latents that a point is dragged on, as the template sees it.
struct LatentView {
  var title: String
  var number: String
  var caption: String
  /// The names of the classes as a list in JSON.
  var classes: String
  var noun: String
  var width: String
  var height: String
  var shownWidth: String
  var shownHeight: String

  init(
    _ plane: LatentPlane, _ results: GeneratorResults, _ subject: Wording, number: String
  ) throws {
    let (height, width) = (results.imageShape[1], results.imageShape[2])
    let scale = max(1, 224 / max(1, width))
    let names = results.model.classes.map { Wording.short($0, limit: 24) }
    let count = results.latentSpace?.autoencoder?.map?.points.count ?? 0
    self.init(
      title: "Drag the point: every place is a picture.", number: number,
      caption:
        "The decoder runs in the page; no pixel differs by more than \(Format.atMost(plane.largestGap)) from the checkpoint’s on the map above. "
        + "Marks are the means of \(Wording.counted(count, "test image")), as in the figure above. Far from all of them it still draws something.",
      classes: String(
        decoding: try JSONSerialization.data(
          withJSONObject: names, options: [.withoutEscapingSlashes]), as: UTF8.self),
      noun: subject.noun, width: String(width), height: String(height),
      shownWidth: String(scale * width), shownHeight: String(scale * height))
  }

  private init(
    title: String, number: String, caption: String, classes: String, noun: String, width: String,
    height: String, shownWidth: String, shownHeight: String
  ) {
    (self.title, self.number, self.caption, self.classes) = (title, number, caption, classes)
    (self.noun, self.width, self.height) = (noun, width, height)
    (self.shownWidth, self.shownHeight) = (shownWidth, shownHeight)
  }
}

/// What the program of the plane works on.
private struct DecoderData: Encodable {
  var network: PackedNetwork
  var imageShape: [Int]
  /// First latent, second latent and class of test images.
  var points: [[Double]]
}

extension LatentPlane {
  /// The script that hands the decoder to the page.
  func script(imageShape: [Int], points: [DoubtFacts.Point]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func rounded(_ value: Float) -> Double { (Double(value) * 1000).rounded() / 1000 }
    let data = DecoderData(
      network: network, imageShape: imageShape,
      points: points.filter { $0.x.isFinite && $0.y.isFinite }.map {
        [rounded($0.x), rounded($0.y), Double($0.label)]
      })
    return
      "globalThis.inklingDecoder=\(String(decoding: try encoder.encode(data), as: UTF8.self));\n"
  }
}
