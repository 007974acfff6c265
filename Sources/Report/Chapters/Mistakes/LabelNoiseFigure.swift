import Drawing
import Figures
package import Study

extension ReportFigures {
  /// Suspects that a figure shows.
  private static let shownSuspects = 40

  /// Training images whose labels are likely to be wrong.
  package func labelNoise(_ facts: LabelNoiseFacts) -> Illustration {
    let shown = facts.suspects.prefix(Self.shownSuspects)
    let width = shown.first?.pixels.dimensions.width ?? 28
    return Illustration(
      text(
        .labelNoise, Findings.labelNoise(facts),
        "Two networks of this kind were trained, each on one half of the training images (\(Wording.counted(facts.epochs, "epoch"))"
          + ", Adam), and asked about the other half: they agreed with \(Findings.percent(facts.agreed, of: facts.count)) of "
          + "the labels. Doubted are labels where another class gets at least the probability that it gives its own "
          + "images on average (confident learning). Each caption reads label → answer, then the probability of the "
          + "answer\(shown.first?.file == nil ? " and the place among the training images" : " and the file").\(shown.count < facts.doubted ? " The \(shown.count) surest are shown." : "")",
        alt: "Training images whose labels may be wrong"),
      ImageGrid(
        shown.map { suspect in
          ImageGrid.Tile(
            suspect.pixels.picture,
            caption: [
              .mistake(
                subject.className(suspect.label), readAs: subject.className(suspect.predicted)),
              StyledLine(Format.probability(Double(suspect.confidence)), .ink3),
              StyledLine(
                suspect.file.map { Wording.short($0, limit: 14) } ?? "#\(suspect.index)", .ink3),
            ])
        }, scale: max(1, 72 / max(width, 1)), gutter: 12))
  }
}

extension FigureName {
  static let labelNoise = FigureName("label-noise")
}
