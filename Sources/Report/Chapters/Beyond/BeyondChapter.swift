import Drawing
import Evaluation
import Figures
import Networks
import Questions
import Study

/// Networks of other kinds on the same images, each with a report of its own; left out where none was trained.
struct BeyondChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    guard let further = results.further, !further.isEmpty else { return nil }
    return ChapterOutline(
      id: "beyond", title: "Beyond one answer",
      question: "What else can networks learn from the same \(subject.nouns)?",
      goal:
        "You will be able to say how networks that read sequences, look around or draw differ from the one that you know.",
      paragraphs: [
        "Everything so far was about networks that read a whole \(subject.noun) at once and give one answer. "
          + "\(Wording.capitalized(Wording.counted(further.count, "other network"))) learned from the same training images. "
          + "Each has a report of its own, in which every number is explained; this is what they came to beside \(model)."
      ],
      notes: [
        (
          "The same classifier reads them all",
          "Pictures that were drawn have no right answer. \(model) reads them, with the same weights that read the test images "
            + "above, and what its last hidden layer says is where they are held against real ones."
        )
      ],
      illustrations: further.map(figure.further),
      further: further.map {
        ChapterOutline.Page(
          name: $0.name, href: $0.page, question: Self.question($0.work, subject),
          finding: Findings.further($0))
      })
  }

  var questions: [Question] {
    [
      Question(
        "beyond-sure-pictures",
        "A classifier is more than 90% sure of nearly every picture that a generator draws. What does that not show?",
        .choice(
          Question.Choice(
            [
              "That the pictures differ from each other",
              "That the classifier finds some class in each of them",
              "That its probabilities for them are high",
            ], right: [0],
            reply:
              "A generator that draws one perfect \(subject.noun) over and over is read as surely. The classes that are covered, recall and the "
              + "nearest training images say more.")),
        answer:
          "That the pictures differ: one and the same could be drawn again and again, or training images copied. It is measured otherwise, by the "
          + "classes that are covered, by recall, and by the nearest training images."),
      Question(
        "beyond-order",
        "The rows of every training and test \(subject.noun) are put in one fixed, random order. Which network hardly notices?",
        points: [
          "One whose first layer has a weight for each pixel learns the same, with its weights in another order.",
          "A convolution looks at neighbours, which are no neighbours any more.",
        ],
        answer:
          "The first network of the course: each of its units weighs all pixels, wherever they are. Convolutions, squares and rows read one after "
          + "the other all rely on what lies beside each other."),
    ]
  }

  /// What its report asks.
  private static func question(_ work: FurtherNetwork.Work, _ subject: Wording) -> String {
    switch work {
    case .recurrent: "Can it be read one row after the other, and what is remembered?"
    case .attentive: "Where does it look, if every square may look at every other?"
    case .generator(.vae, _):
      "How few numbers does \(subject.aNoun) need, and what lies between two of them?"
    case .generator(.gan, _): "Can a network learn to draw by deceiving another?"
    case .generator(.flow, _): "How does noise become \(subject.aNoun)?"
    }
  }
}

extension Findings {
  /// What a further network came to.
  static func further(_ network: FurtherNetwork) -> String {
    switch network.work {
    case .recurrent(let reading, _): "Row by row it \(reads(reading))"
    case .attentive(let reading, _): "By attention it \(reads(reading))"
    case .generator(let kind, let drawing): "A \(kind.noun). It \(draws(drawing))"
    }
  }

  private static func reads(_ reading: FurtherNetwork.Reading) -> String {
    let split =
      "\(Wording.counted(reading.onlyThis, "image")) only it reads, \(Format.count(reading.onlyCourse)) only the course’s network"
    return
      "reads \(Format.percent(reading.accuracy)) of \(Wording.counted(reading.count, "test image")) "
      + "(95% interval \(reading.interval.percent(decimals: 2))): \(split) (exact McNemar test, p "
      + "\(reading.pValue < 1e-9 ? "< 10⁻⁹" : "= \(Format.significant(reading.pValue, 2))"))."
  }

  private static func draws(_ drawing: FurtherNetwork.Drawing) -> String {
    guard let quality = drawing.quality else {
      return "draws; too few images were there to measure its pictures."
    }
    let readings = quality.readings
    let asked = readings.asAsked.map {
      ", and \(Format.percent(Double($0) / Double(max(1, readings.count)), decimals: 1)) as the class that was asked for"
    }
    let sure = Interval.wilson(readings.sure, of: readings.count).percent(decimals: 1)
    return
      "draws pictures of which \(Format.percent(readings.sureShare, decimals: 1)) (95% interval \(sure), of "
      + "\(Format.count(readings.count))) are read with more than 90% confidence\(asked ?? ""), of \(Wording.counted(readings.covered, "class")) out of \(readings.counts.count); their Fréchet distance "
      + "from test images is \(Format.significant(quality.frechetRatio, 2)) times that of as many training images."
  }
}

extension ReportFigures {
  /// What a further network does.
  func further(_ network: FurtherNetwork) -> Illustration {
    switch network.work {
    case .recurrent(_, let facts): formingAnswers(facts)
    case .attentive(_, let facts): looks(facts)
    case .generator(let kind, let drawing): drawings(drawing, kind, of: network)
    }
  }

  private func drawings(
    _ drawing: FurtherNetwork.Drawing, _ kind: GeneratorKind, of network: FurtherNetwork
  ) -> Illustration {
    let pictures = drawing.pictures.pictures.map(\.picture)
    func grid(columns: Int, room: Int) -> ImageGrid {
      ImageGrid(
        [
          ImageGrid.Tile(
            Plate.sheet(pictures, columns: columns), frame: nil,
            words: "\(pictures.count) drawn pictures")
        ], scale: drawing.pictures.sheetScale(columns: columns, room: room))
    }
    let way =
      switch kind {
      case .vae:
        "from a few normal numbers, by the half of an autoencoder that makes pictures of them"
      case .gan: "from normal numbers, by a generator that learned to deceive a critic"
      case .flow: "from noise, step by step along a learned velocity, the classes asked for in turn"
      }
    return Illustration(
      text(
        .further(kind), "\(network.name): the first \(pictures.count) pictures that it drew.",
        "Drawn \(way). None is left out.",
        alt: "\(pictures.count) pictures drawn by \(network.name)"),
      grid(columns: 10, room: 984), narrow: grid(columns: 5, room: 340))
  }
}

extension FigureName {
  static func further(_ kind: GeneratorKind) -> FigureName {
    FigureName("further-\(kind.rawValue)")
  }
}
