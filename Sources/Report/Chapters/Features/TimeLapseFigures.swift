import Drawing
import Figures
package import Study

extension ReportFigures {
  /// The first weights at each epoch, on one scale.
  package func weightsOverTime(_ facts: TimeLapseFacts, features: FeatureFacts) -> Illustration {
    let stages = WeightPictures(
      facts.weights, limit: features.areTemplates ? 16 : 32, channels: subject.channels
    ).stages
    let count = stages.first?.count ?? 0
    let scale = max(1, (features.areTemplates ? 56 : 42) / max(stages.first?.first?.width ?? 1, 1))
    let noun = features.areTemplates ? "templates" : "filters"
    return overTime(
      facts, pictures: Array(stages.joined()), count: count, scale: scale,
      text(
        .weightsOverTime, Findings.weightsOverTime(facts, noun: noun),
        "\(count == features.units ? "The" : "The first") \(count) \(noun) of \(features.layer) before training and "
          + "after each epoch, in the same order and on one scale.",
        alt: "The \(noun) of \(features.layer) at \(facts.epochs.count) points of training"))
  }

  /// One layer's maps of the example at each epoch, on one scale.
  package func mapsOverTime(_ facts: TimeLapseFacts, example: ExampleFacts) -> Illustration {
    let stages = facts.maps.map(\.planes)
    let hasSigns = facts.maps.contains(where: \.hasNegative)
    let plate = Plate(
      stages.flatMap { $0 }, map: hasSigns ? .signed : .activation, policy: .activations)
    let width = stages.first?.first?.width ?? 1
    return overTime(
      facts, pictures: plate.pictures, count: stages.first?.count ?? 0, scale: max(1, 56 / width),
      text(
        .mapsOverTime, Findings.mapsOverTime(facts, noun: subject.noun),
        "What \(facts.layer) says to test image #\(example.index) before training and after each epoch: the channels that vary "
          + "most in the end, on one scale for all epochs.",
        alt: "Maps of \(facts.layer) at \(facts.epochs.count) points of training"))
  }

  private func overTime(
    _ facts: TimeLapseFacts, pictures: [Picture], count: Int, scale: Int, _ text: FigureText
  ) -> Illustration {
    func grid(room: Int, scale: Int) -> ImageGrid {
      let columns = Self.columns(fitting: room / ((pictures.first?.width ?? 1) * scale + 5))
      return ImageGrid(
        rows: facts.epochs.enumerated().map { stage, epoch in
          let own = pictures[stage * count..<(stage + 1) * count].map { $0.framed(scale: scale) }
          return ImageGrid.Row(
            [
              StyledLine(epoch == 0 ? "Before training" : "Epoch \(epoch)", .ink, weight: .semibold)
            ],
            tiles: [ImageGrid.Tile(Plate.sheet(own, columns: columns, gutter: 3), frame: nil)])
        }, scale: 1, gutter: 14)
    }
    var illustration = Illustration(
      text, grid(room: 984, scale: scale),
      narrow: grid(room: 356, scale: Self.narrowScale(scale, width: pictures.first?.width ?? 1)))
    illustration.isStepped = facts.epochs.count > 1
    return illustration
  }
}

extension FigureName {
  static let weightsOverTime = FigureName("weights-over-time")
  static let mapsOverTime = FigureName("maps-over-time")
}
