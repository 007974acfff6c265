import Drawing
import Evaluation
import Figures
import Questions
import Study

/// Whether an autoencoder tells images of other kinds; left out of generators that read none.
struct StrangersChapter: GeneratorChapter {
  let context: GeneratorContext

  private var strangers: [StrangerBounds] { results.strangers }

  var outline: ChapterOutline? {
    guard let first = strangers.first else { return nil }
    return ChapterOutline(
      id: "strangers", title: "Strangers",
      question: "Does it notice an image that belongs to nothing it learned?",
      goal:
        "You will be able to use a generator’s bound as a score for anomalies, and to read an area under the curve.",
      paragraphs: [
        "A classifier always answers one of its classes. An autoencoder can do what it cannot: say how surprising an image is. Its bound was "
          + "measured on images of other kinds and on \(Wording.counted(first.testCount, "test image")).",
        "The area under the curve is the chance that a stranger has a higher bound than a test image, each drawn at random: 50% says nothing, 100% tells all apart.",
      ],
      notes: [
        (
          "Not every stranger is surprising",
          "The bound counts nats over all pixels. An image with little in it is easily drawn again and may have a lower bound than any "
            + "\(subject.noun) of its own kind, however strange it is. And a grey pixel costs up to 0.69 nats even where it is drawn just as it "
            + "is: a set with more greys has a higher bound for that alone."
        )
      ],
      illustrations: [figure.areas(strangers)]
        + strangers.map { figure.strangerBounds($0) } + [figure.strangersDrawn(strangers)])
  }

  var questions: [Question] {
    guard !strangers.isEmpty else { return [] }
    return [
      Question(
        "generator-area",
        "A score for anomalies has an area under the curve of 50%. What is it worth?",
        .choice(
          Question.Choice(
            [
              "Nothing: it is a coin toss", "It is right half of the time, which is fair",
              "It finds half of the strangers",
            ],
            right: [0],
            reply:
              "Of two images, one a stranger, it would put the stranger higher in half of the cases. So would a coin."
          )),
        answer:
          "Nothing. Of a stranger and a test image it puts the stranger higher in half of the cases, as a coin does."
      )
    ]
  }
}

extension ReportFigures {
  /// How well the bound tells strangers.
  func areas(_ strangers: [StrangerBounds]) -> Illustration {
    let rows = strangers.map {
      IntervalDots.Row(
        Wording.short($0.name), value: $0.area.value, interval: $0.area.interval.range)
    }
    return Illustration(
      text(
        .strangerAreas, Findings.areas(strangers),
        "Area under the curve of the bound as a score, for each kind of strangers against test images, with its 95% interval.",
        method: strangers.map {
          "\(Wording.capitalized(Wording.short($0.name))): n = \(Format.count($0.count)) against \(Format.count($0.testCount)) test images."
        }.joined(separator: " ")),
      IntervalDots(
        [IntervalDots.Panel("area under the curve", rows: rows)], bounds: 0...1), width: 664)
  }

  /// The bounds of one kind of strangers beside those of test images.
  func strangerBounds(_ facts: StrangerBounds) -> Illustration {
    let name = Wording.short(facts.name)
    return Illustration(
      text(
        FigureName("stranger-bounds-\(FigureName.slug(facts.name))"),
        "\(Wording.capitalized(name)): \(Format.fixed(facts.meanBound, 0)) nats in the mean, test images \(Format.fixed(facts.testBound, 0)).",
        "Share of the images by their negative evidence bound. The last bin holds all that lie above. n = \(Format.count(facts.count)) and \(Format.count(facts.testCount)) test images."
      ),
      Self.shares(
        [("test images", facts.testCounts, false), (name, facts.counts, true)], edges: facts.edges,
        xTitle: "bound, nats an image"), width: Illustration.halfWidth)
  }

  /// Strangers, and what the decoder makes of them.
  func strangersDrawn(_ strangers: [StrangerBounds]) -> Illustration {
    let rows = strangers.flatMap { facts in
      let name = Wording.short(facts.name)
      return [
        SheetRows.Row(
          [StyledLine(name, .ink, weight: .semibold), StyledLine("given", .ink3)], facts.images,
          words: "\(name), given"),
        SheetRows.Row(
          [StyledLine("drawn again", .ink3)], facts.drawn, words: "\(name), drawn again"),
      ]
    }
    return SheetRows(
      rows: rows, header: "The first ones",
      scale: strangers.first.map { $0.images.sheetScale(columns: $0.images.shape[0]) } ?? 1
    ).illustration(
      text(
        .strangersDrawn, "What it is given, and what the decoder makes of it.",
        "\(Wording.capitalized(Wording.list(strangers.map { Wording.short($0.name) }))): the first images, and what the decoder makes of their codes’ means. What is drawn again badly costs many nats; what is grey costs some in any case.",
        alt: "Strangers and what the decoder makes of them"))
  }
}

extension Findings {
  /// How well strangers are told.
  static func areas(_ strangers: [StrangerBounds]) -> String {
    let words = strangers.map {
      "\(Wording.short($0.name)) in \(Format.percent($0.area.value, decimals: 1))"
        + ($0.area.interval.high < 0.5
          ? ", the wrong way round" : $0.area.interval.low <= 0.5 ? ", no more than a coin" : "")
    }
    return
      "Of a stranger and a test image the stranger has the higher bound: \(Wording.list(words)) of the pairs."
  }
}

extension FigureName {
  static let strangerAreas = FigureName("stranger-areas")
  static let strangersDrawn = FigureName("strangers-drawn")

  /// A name as a part of another: small letters and numbers with hyphens.
  static func slug(_ name: String) -> String {
    name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
  }
}
