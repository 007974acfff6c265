import Drawing
import Figures
package import Study

extension ReportFigures {
  /// Pictures found by gradient ascent, with the activation they reach.
  package func unitPictures(_ facts: ExcitingPictures) -> Illustration {
    let (noun, name, title) =
      switch facts.kind {
      case .classes: ("class", FigureName.classFeatures, "What each class would like to see")
      case .channels:
        ("channel", .features(facts.layer), "What the channels of \(facts.layer) answer to")
      case .units: ("unit", .features(facts.layer), "What the units of \(facts.layer) answer to")
      }
    let tiles = facts.pictures.enumerated().map { place, picture in
      let unit = facts.units[place / facts.perUnit]
      return ImageGrid.Tile(
        picture.picture,
        caption: [
          StyledLine(facts.kind == .classes ? subject.className(unit) : "\(noun) \(unit)"),
          StyledLine(Format.significant(Double(facts.activations[place]), 3)),
        ])
    }
    let note =
      facts.raised == facts.layer
      ? "" : " The activation is that of \(facts.raised), before the rectifier."
    return Illustration(
      text(
        name, title,
        "Pictures found by gradient ascent from noise, \(facts.perUnit) of each, with the activation they reach. They"
          + " are what excites the unit most, not what it usually sees.\(note)"),
      ImageGrid(tiles, scale: 3))
  }

  /// Test images as points, each its true class.
  package func embedding(_ facts: EmbeddingFacts) -> Illustration {
    Illustration(
      text(
        .embedding(facts.method),
        "\(Wording.counted(facts.points.count, "test image")) by \(facts.method) of \(facts.layer ?? "pixels")",
        "Drawn at random. Each mark is the true class, misread images are ringed."
          + (facts.keepsDistances ? "" : " Only neighbourhood means something here, not distance.")),
      ClassMap(
        facts.points.map { ClassMap.Item(Point($0.x, $0.y), label: $0.label, isWrong: $0.isWrong) },
        classNames: subject.classes))
  }
}

extension FigureName {
  static let classFeatures = FigureName("features-classes")
  static func features(_ layer: String) -> FigureName { FigureName("features-\(layer)") }
  static func topPatches(_ layer: String) -> FigureName { FigureName("top-patches-\(layer)") }
  static func embedding(_ method: String) -> FigureName { FigureName("embedding-\(method)") }
}
