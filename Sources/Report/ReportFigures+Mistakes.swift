import Drawing
import Evaluation
import Figures
public import Study

extension ReportFigures {
  /// Misread images: those that were sure and wrong, and those in doubt.
  public func mistakes(_ mistakes: [ExampleFacts], quality: QualityFacts) -> [Illustration] {
    let errors = quality.evaluation.errors
    let sure = mistakes.filter { $0.confidence > 0.9 }
    let doubtful = mistakes.filter { $0.confidence <= 0.9 }
    let shown =
      errors > mistakes.count
      ? " The \(Format.count(mistakes.count)) surest of \(Format.count(errors)) mistakes are shown."
      : ""
    var result: [Illustration] = []
    if !sure.isEmpty {
      result.append(
        Illustration(
          text(
            "mistakes-sure", Findings.sureMistakes(Findings.sure(mistakes, of: errors), of: errors),
            "Each caption reads true → answered, then the position in the test set; red bar: "
              + "probability of the wrong answer, other bar: of the true one. Sorted by "
              + "confidence.\(shown)",
            alt: "Misread images of which the network was more than 90% sure"),
          ImageGrid(sure.map { card($0) }, scale: scale(of: mistakes, 112), gutter: 14)))
    }
    if !doubtful.isEmpty {
      let next = errors > mistakes.count ? "The next " : ""
      result.append(
        Illustration(
          text(
            "mistakes-doubt",
            "\(next)\(Subject.counted(doubtful.count, "mistake")) "
              + "\(doubtful.count == 1 ? "was" : "were") made in doubt.",
            "The same, smaller, where confidence was 90% or less: a threshold would have caught "
              + "these.\(shown)",
            alt: "Misread images of which the network was not sure"),
          ImageGrid(doubtful.map { tile($0) }, scale: scale(of: mistakes, 56), gutter: 10)))
    }
    return result
  }

  /// The images behind the most frequent confusions; nil if none happened twice.
  public func pairs(_ mistakes: [ExampleFacts], quality: QualityFacts) -> Illustration? {
    // Only pairs of which there are images to show: the list of mistakes may be cut.
    let confusions = Findings.pairs(quality.evaluation.confusion)
      .filter { pair in
        pair.count > 1
          && mistakes.contains { $0.label == pair.actual && $0.predicted == pair.predicted }
      }.prefix(6)
    guard !confusions.isEmpty else { return nil }
    let rows = confusions.map { pair in
      let images = mistakes.filter { $0.label == pair.actual && $0.predicted == pair.predicted }
      return ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span(subject.className(pair.actual), .ink, weight: .semibold),
            StyledLine.Span("read as", .ink2),
            StyledLine.Span(subject.className(pair.predicted), .wrong, weight: .semibold),
            StyledLine.Span(Self.times(pair.count), .ink3),
          ])
        ],
        tiles: images.prefix(10).map { example in
          ImageGrid.Tile(
            example.pixels.picture,
            caption: [StyledLine(Format.probability(Double(example.confidence)), .ink3)])
        })
    }.filter { !$0.tiles.isEmpty }
    let covered = confusions.reduce(0) { $0 + $1.count }
    let share = Findings.percent(covered, of: quality.evaluation.errors)
    return Illustration(
      text(
        "pairs",
        confusions.count == 1
          ? "One confusion makes up \(share) of all errors."
          : "\(confusions.count) frequent confusions make up \(share) of all errors.",
        "The images behind the fullest wrong cells of the matrix, at most ten of each, with the "
          + "confidence of the wrong answer, surest first. Ask what each pair has in common.",
        alt: "Misread images by confusion"),
      ImageGrid(rows: rows, scale: scale(of: mistakes, 56), gutter: 12))
  }

  private static func times(_ count: Int) -> String {
    count == 2 ? "· twice" : "· \(Format.count(count)) times"
  }

  /// How often a pixel is repeated for pictures of about a width.
  func scale(of examples: [ExampleFacts], _ width: Int) -> Int {
    max(1, width / max(examples.first?.pixels.dimensions.width ?? 28, 1))
  }

  private func card(_ example: ExampleFacts) -> ImageGrid.Tile {
    let (truth, answer) = (example.label, example.predicted)
    return ImageGrid.Tile(
      example.pixels.picture,
      caption: [
        .mistake(subject.className(truth), readAs: subject.className(answer)),
        StyledLine("#\(example.index)", .ink3),
      ],
      bars: [
        ImageGrid.TileBar(subject.className(answer), Double(example.confidence), ink: .wrong),
        ImageGrid.TileBar(subject.className(truth), probability(example, truth), ink: .ink),
      ], link: link(example))
  }

  private func tile(_ example: ExampleFacts) -> ImageGrid.Tile {
    ImageGrid.Tile(
      example.pixels.picture,
      caption: [
        .mistake(subject.className(example.label), readAs: subject.className(example.predicted)),
        StyledLine(Format.probability(Double(example.confidence)), .ink3),
      ], link: link(example))
  }

  /// The page of an image; nil if it has none.
  private func link(_ example: ExampleFacts) -> String? {
    cases.contains(example.index) ? CasePages.path(example.index) : nil
  }

  /// Sure and right answers that have a page of their own.
  public func sureCases(_ cases: CaseFacts) -> Illustration? {
    let sure = cases.cases.map(\.example).filter { $0.label == $0.predicted }
    guard !sure.isEmpty else { return nil }
    return Illustration(
      text(
        "sure", "The surest right answers, to compare with.",
        "The \(subject.nouns) of each class that the network is surest of. Each leads to a page of its own, as the "
          + "mistakes do: every attribution method, the layers’ maps, the nearest training images and the "
          + "smallest change that turns the answer.",
        alt: "The surest right answers of each class"),
      ImageGrid(
        sure.map {
          ImageGrid.Tile(
            $0.pixels.picture, caption: [name($0.label), StyledLine("#\($0.index)", .ink3)],
            link: link($0))
        }, scale: scale(of: sure, 56), gutter: 12))
  }

  func probability(_ example: ExampleFacts, _ label: Int) -> Double {
    example.probabilities.indices.contains(label) ? Double(example.probabilities[label]) : 0
  }
}
