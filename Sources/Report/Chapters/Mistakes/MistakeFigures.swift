import Drawing
import Evaluation
import Figures
package import Study

extension ReportFigures {
  /// Misread images: those that were sure and wrong, and those in doubt.
  package func mistakes(_ mistakes: [ExampleFacts], quality: QualityFacts) -> [Illustration] {
    let errors = quality.evaluation.errors
    let sure = mistakes.filter(\.isSure)
    let doubtful = mistakes.filter { !$0.isSure }
    let shown =
      errors > mistakes.count
      ? " Of \(Format.count(errors)) mistakes the \(Format.count(mistakes.count)) surest are shown\(sure.isEmpty || doubtful.isEmpty ? "" : ", here and in the other figure")."
      : ""
    var result: [Illustration] = []
    if !sure.isEmpty {
      result.append(
        Illustration(
          text(
            .mistakesSure,
            Findings.sureMistakes(quality.review.missed, of: errors),
            "Each caption reads true → answered, then the position in the test set; red bar: "
              + "probability of the wrong answer, other bar: of the true one. Sorted by "
              + "confidence.\(shown)",
            alt: "Misread images of which the network was more than 90% sure"),
          ImageGrid(sure.map { card($0) }, scale: scale(of: mistakes, 112), gutter: 14)))
    }
    if !doubtful.isEmpty {
      let count = Wording.counted(doubtful.count, "mistake")
      let which =
        errors <= mistakes.count
        ? count
        : sure.isEmpty
          ? "The surest \(count)" : doubtful.count == 1 ? "The next mistake" : "The next \(count)"
      result.append(
        Illustration(
          text(
            .mistakesDoubt,
            "\(which) \(doubtful.count == 1 ? "was" : "were") made with 90% confidence or less.",
            (sure.isEmpty
              ? "Each caption reads true → answered, then the confidence, which was 90% or less"
              : "The same, smaller, without place and bars, where confidence was 90% or less")
              + ": a threshold would have caught \(doubtful.count == 1 ? "it" : "these").\(shown)",
            alt: "Misread images of which the network was not sure"),
          ImageGrid(doubtful.map { tile($0) }, scale: scale(of: mistakes, 56), gutter: 10)))
    }
    if errors > mistakes.count, !result.isEmpty {
      result[result.count - 1].more = allMistakes(quality)
    }
    return result
  }

  /// Every misread image there is room for, class by class.
  private func allMistakes(_ quality: QualityFacts) -> Illustration.More {
    let shown = quality.keptErrors
    let errors = quality.evaluation.errors
    let rows = subject.classes.indices.compactMap { label -> ImageGrid.Row? in
      let cells = quality.cells.filter { $0.actual == label && !$0.images.isEmpty }
      let pictures = cells.flatMap { $0.pixels.map(\.picture) }
      guard let width = pictures.first?.width else { return nil }
      let answers = cells.map { cell in
        let kept = cell.images.count
        return
          "\(subject.className(cell.predicted)) (\(kept < cell.count ? "\(Format.count(kept)) of " : "")\(Format.count(cell.count)))"
      }
      return ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span(subject.className(label), .ink, weight: .semibold),
            StyledLine.Span("read as \(Wording.list(answers))", .ink2),
          ])
        ],
        tiles: [
          ImageGrid.Tile(
            Plate.sheet(pictures, columns: max(1, 340 / (width + 1)), gutter: 1), frame: nil)
        ])
    }
    return Illustration.More(
      shown == errors
        ? "All \(Format.count(errors)) mistakes, class by class"
        : "\(Format.count(shown)) of the \(Format.count(errors)) mistakes, class by class",
      ImageGrid(rows: rows, scale: 1))
  }

  /// The images behind the most frequent confusions beside what the network took them for; nil if none happened
  /// twice.
  package func pairs(_ quality: QualityFacts, layer: String) -> Illustration? {
    let (confusions, held) = quality.frequentCells
    guard let first = confusions.first?.pixels.first else { return nil }
    let rows = confusions.map { cell in
      ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span(subject.className(cell.actual), .ink, weight: .semibold),
            StyledLine.Span("read as", .ink2),
            StyledLine.Span(subject.className(cell.predicted), .wrong, weight: .semibold),
            StyledLine.Span(Self.times(cell.count), .ink3),
          ])
        ],
        tiles: zip(zip(cell.images, cell.pixels), cell.lookAlikes).prefix(3).map { misread, other in
          ImageGrid.Tile(
            Plate.sheet([misread.1.picture, other.pixels.picture], columns: 2, gutter: 1),
            caption: [StyledLine("#\(misread.0) like #\(other.index)", .ink3)])
        })
    }
    let share = Format.percent(held, decimals: 0)
    return Illustration(
      text(
        .pairs,
        confusions.count == 1
          ? "One confusion makes up \(share) of all errors."
          : subject.classes.count == 2
            ? "What each class is taken for, and what it looks like."
            : "\(confusions.count) frequent confusions make up \(share) of all errors.",
        "Left of each pair: a misread \(subject.noun), the surest first, at most three of each kind. Right: the "
          + "correctly read \(subject.noun) of the answered class that is closest to it in \(layer), that is, what "
          + "the network thought it was seeing. Numbers are places in the test set.",
        alt: "Misread images beside their look-alikes"),
      ImageGrid(rows: rows, scale: max(1, 56 / max(first.dimensions.width, 1)), gutter: 12))
  }

  private static func times(_ count: Int) -> String {
    count == 2 ? "· twice" : "· \(Format.count(count)) times"
  }

  /// How often a pixel is repeated for pictures of about a width, at most 8 pixels wider.
  func scale(of examples: [ExampleFacts], _ width: Int) -> Int {
    max(1, (width + 8) / max(examples.first?.pixels.dimensions.width ?? 28, 1))
  }

  /// `4 → 9`, in two lines if the set has names that are too long for one; the same for all, so that tiles are alike.
  func misread(_ example: ExampleFacts, width: Double) -> [StyledLine] {
    let (truth, answer) = (subject.className(example.label), subject.className(example.predicted))
    let longest = subject.classes.indices.map(subject.className).sorted { $0.count > $1.count }
    let widest = StyledLine.mistake(longest.first ?? "", readAs: longest.dropFirst().first ?? "")
    return widest.width(size: 13) > width
      ? StyledLine.mistakeInTwo(truth, readAs: answer) : [.mistake(truth, readAs: answer)]
  }

  private func card(_ example: ExampleFacts) -> ImageGrid.Tile {
    let (truth, answer) = (example.label, example.predicted)
    return ImageGrid.Tile(
      example.pixels.picture,
      caption: misread(example, width: 112) + [StyledLine("#\(example.index)", .ink3)],
      bars: [
        ImageGrid.TileBar(subject.className(answer), Double(example.confidence), ink: .wrong),
        ImageGrid.TileBar(subject.className(truth), example.probability(of: truth), ink: .ink),
      ], link: link(to: example.index))
  }

  private func tile(_ example: ExampleFacts) -> ImageGrid.Tile {
    ImageGrid.Tile(
      example.pixels.picture,
      caption: misread(example, width: 56)
        + [StyledLine(Format.probability(Double(example.confidence)), .ink3)],
      link: link(to: example.index))
  }

  /// The page of an image; nil if it has none.
  func link(to image: Int) -> String? { cases[image] }

  /// Sure and right answers that have a page of their own.
  package func sureCases(_ cases: CaseFacts, hasMaps: Bool) -> Illustration? {
    let sure = cases.cases.map(\.example).filter(\.isRight)
    guard !sure.isEmpty else { return nil }
    return Illustration(
      text(
        .sure, Findings.sureCases(sure, noun: subject.noun),
        "The \(subject.nouns) of each class that the network is surest of. Each leads to a page of its own\(cases.cases.count > sure.count ? ", as the mistakes do" : ""): "
          + "attribution maps,\(hasMaps ? " the layers’ maps," : "") near training images and a change that turns the answer.",
        alt: "The surest right answers of each class"),
      ImageGrid(
        sure.map {
          ImageGrid.Tile(
            $0.pixels.picture, caption: [name($0.label), StyledLine("#\($0.index)", .ink3)],
            link: link(to: $0.index))
        }, scale: scale(of: sure, 56), gutter: 12))
  }
}

extension FigureName {
  static let mistakesSure = FigureName("mistakes-sure")
  static let mistakesDoubt = FigureName("mistakes-doubt")
  static let pairs = FigureName("pairs")
  static let sure = FigureName("sure")
}
