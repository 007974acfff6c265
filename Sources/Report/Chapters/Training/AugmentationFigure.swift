import Drawing
import Figures
package import Study

extension ReportFigures {
  /// What an augmentation makes of training images: some draws, and the farthest that each step goes.
  package func augmentation(_ facts: AugmentationFacts) -> Illustration {
    let side = facts.rows.first?.original.dimensions.width ?? 28
    func tile(_ plane: Plane, _ row: AugmentationFacts.Row, _ place: Int) -> ImageGrid.Tile {
      let answer = row.answers.indices.contains(place) ? row.answers[place] : nil
      let caption = answer.map { answer in
        [
          StyledLine(
            Wording.short(subject.className(answer), limit: 9),
            answer == row.label ? .ink3 : .wrong, weight: answer == row.label ? .regular : .semibold
          )
        ]
      }
      return ImageGrid.Tile(plane.picture, caption: caption ?? [])
    }
    let rows = facts.rows.map { row in
      ImageGrid.Row(
        [
          StyledLine(
            Wording.short(subject.className(row.label), limit: 14), .ink, weight: .semibold)
        ],
        tiles: ([row.original] + row.draws).enumerated().map { tile($1, row, $0) })
    }
    let extremes = facts.extremes.map { extreme in
      ImageGrid.Row(
        [StyledLine(extreme.text, .ink3)],
        tiles: (facts.rows.first.map { [ImageGrid.Tile($0.original.picture)] } ?? [])
          + extreme.images.map { ImageGrid.Tile($0.picture) })
    }
    let columns = (facts.rows.first?.draws.count ?? 0) + 1
    return Illustration(
      text(
        .augmentation, Findings.augmentation(facts),
        "Left the image as it is, then eight draws of \(facts.text); below, the farthest that each step goes by itself. "
          + "Every time the network sees a training image, another draw is made. Measured on "
          + "\(Wording.counted(facts.count, "training image")) drawn at random, each changed once."
          + (facts.readDrawn == nil ? "" : " Below each image is what the network reads in it.")
          + (facts.mixes
            ? " The draws are shown with what is mixed into them of other images, which the label has a share of too; what is "
              + "measured is measured before that." : ""),
        alt: "Training images and what an augmentation makes of them"),
      ImageGrid(
        rows: rows + extremes,
        headers: (0..<columns).map { column in
          column == 0
            ? [StyledLine("As it is", .ink, weight: .semibold)] : [StyledLine("\(column)", .ink3)]
        },
        scale: max(1, (64 + side / 2) / max(side, 1)), gutter: 8))
  }
}

extension Findings {
  /// What an augmentation costs: ink over the edge, and answers.
  static func augmentation(_ facts: AugmentationFacts) -> String {
    let lost =
      facts.isReflected == true
      ? "Images go on mirrored at their edges"
      : facts.losing == 0
        ? "No draw pushes more than 1% of an image over the edge"
        : "\(percent(facts.losing, of: facts.count)) of the draws push more than 1% of the image over the edge"
    guard let original = facts.readOriginal, let drawn = facts.readDrawn else { return "\(lost)." }
    return
      "\(lost); the network reads \(Format.percent(drawn, decimals: 1)) of the draws right, and "
      + "\(Format.percent(original, decimals: 1)) of the images as they are."
  }
}

extension FigureName {
  static let augmentation = FigureName("augmentation")
}
