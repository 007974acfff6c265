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
        "The images behind the darkest cells of the matrix, at most ten of each, with the "
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
      ])
  }

  private func tile(_ example: ExampleFacts) -> ImageGrid.Tile {
    ImageGrid.Tile(
      example.pixels.picture,
      caption: [
        .mistake(subject.className(example.label), readAs: subject.className(example.predicted)),
        StyledLine(Format.probability(Double(example.confidence)), .ink3),
      ])
  }

  func probability(_ example: ExampleFacts, _ label: Int) -> Double {
    example.probabilities.indices.contains(label) ? Double(example.probabilities[label]) : 0
  }

  /// The right answers of which the network was least sure.
  public func leastSure(_ doubt: DoubtFacts) -> Illustration {
    let tiles = doubt.leastSure.map { example in
      let ranked = example.probabilities.indices.filter { $0 != example.predicted }
        .max { example.probabilities[$0] < example.probabilities[$1] }
      return ImageGrid.Tile(
        example.pixels.picture,
        caption: [name(example.label)],
        bars: [
          ImageGrid.TileBar(
            subject.className(example.predicted), Double(example.confidence), ink: .ink),
          ImageGrid.TileBar(
            ranked.map(subject.className) ?? "", ranked.map { probability(example, $0) } ?? 0),
        ])
    }
    let least = doubt.leastSure.first.map { Format.probability(Double($0.confidence)) } ?? "–"
    return Illustration(
      text(
        "least-sure", "The narrowest right answer had \(least) confidence.",
        "The \(Subject.counted(tiles.count, "right answer")) of which it was least sure, with the "
          + "true class (ink) and the runner-up (grey). Would you hesitate as "
          + "well?",
        alt: "Right answers with little confidence"),
      ImageGrid(tiles, scale: scale(of: doubt.leastSure, 84), gutter: 18))
  }

  /// The test images on the first two principal components.
  public func map(_ doubt: DoubtFacts) -> Illustration {
    let items = doubt.points.map {
      ClassMap.Item(
        Point(Double($0.x), Double($0.y)), label: $0.label, isWrong: $0.label != $0.predicted)
    }
    let wrong = items.count { $0.isWrong }
    let shares = doubt.explained.prefix(2).map { Format.percent($0, decimals: 0) }
    return Illustration(
      text(
        "map", Findings.projection(doubt),
        "The first \(Format.count(items.count)) test images by their first two principal "
          + "components in \(doubt.layer) (\(Subject.list(shares)) of the variance). Each mark is "
          + "the true class, so color is only a second cue; the \(Format.count(wrong)) misread "
          + "ones are ringed. The other components are not shown, so overlap here need not be "
          + "overlap in the layer.",
        alt: "Scatter of test images on two principal components, marked by class"),
      ClassMap(items, classNames: subject.classes))
  }

  /// The test images by t-SNE: who is whose neighbour.
  public func neighborhood(_ doubt: DoubtFacts) -> Illustration {
    let items = doubt.neighborhood.map {
      ClassMap.Item(
        Point(Double($0.x), Double($0.y)), label: $0.label, isWrong: $0.label != $0.predicted)
    }
    return Illustration(
      text(
        "neighborhood", Findings.neighborhood(doubt),
        "The first \(Format.count(items.count)) test images, laid out by t-SNE so that neighbours in "
          + "\(doubt.layer) are neighbours here. Each mark is the true class, misread ones are ringed. "
          + "Only who stands beside whom means something, not how far groups are apart or how large "
          + "they are.",
        alt: "Map of test images by t-SNE, marked by class"),
      ClassMap(items, classNames: subject.classes))
  }

  /// One image turned into another, and what is read on the way.
  public func path(_ doubt: DoubtFacts) -> Illustration {
    let tiles = doubt.path.map { step in
      ImageGrid.Tile(
        step.pixels.picture,
        caption: [
          name(step.predicted), StyledLine(Format.probability(Double(step.probability)), .ink3),
        ])
    }
    let width = doubt.path.first?.pixels.dimensions.width ?? 28
    let ends = doubt.ends.map { "#\($0)" }
    return Illustration(
      text(
        "path", Findings.path(doubt),
        "Test images \(Subject.list(ends)) mixed in ten equal steps: the surest examples of the two "
          + "classes that are confused most. Below each what is read, and how surely.",
        alt: "\(doubt.path.count) pictures between two test images with what is read in each"),
      ImageGrid(tiles, scale: max(1, 56 / max(width, 1))))
  }
}
