import Drawing
import Figures
package import Study

extension ReportFigures {
  /// One image on its way through the network: what every layer hands on, all at one scale.
  package func pass(_ results: StudyResults) -> Illustration {
    results.model.isChain ? strip(results) : flow(results)
  }

  /// The way through a network whose layers stand in a row.
  private func strip(_ results: StudyResults) -> Illustration {
    let example = results.data.example
    let width = max(example.pixels.dimensions.width, 1)
    let scale = max(1, 56 / width)
    let input = ImageGrid.Tile(
      example.pixels.picture.scaled(by: scale),
      caption: [
        StyledLine("image", .ink, weight: .semibold),
        StyledLine(Self.shape(results.model.inputShape), .ink3),
      ])
    let drawn = Array(results.features.activations.dropLast())
    let layers = drawn.enumerated().map { place, activation in
      tile(
        activation, after: place > 0 ? drawn[place - 1].layer : nil, scale: scale,
        model: results.model)
    }
    // Those of the layers between the last picture and the answer.
    let rest = Self.parameters(after: drawn.last?.layer, to: nil, of: results.model)
    let maps =
      results.features.activations.contains { $0.values.shape.count == 3 }
      ? " All maps have one scale, so the picture visibly shrinks; the most varied channels come "
        + "first." : ""
    let ranked = rows(example.probabilities)
    let scores = ImageGrid.Tile(
      nil,
      caption: [
        StyledLine("answer", .ink, weight: .semibold),
        StyledLine(Wording.counted(results.model.classes.count, "probability"), .ink3),
      ] + Self.counted(rest),
      bars: ranked.map {
        ImageGrid.TileBar($0.label, $0.value, ink: $0.isHighlighted ? .ink : .bar)
      })
    return Illustration(
      text(
        .pass, passTitle(example),
        "Test image #\(example.index) as every layer hands it on, left to right, with what each learned (param.: "
          + "parameters).\(maps) Color runs "
          + "from blank to the 99.8th percentile of each layer.",
        alt: "Test image #\(example.index) on its way through the network"),
      ImageGrid([input] + layers + [scores], scale: 1, gutter: 22))
  }

  func passTitle(_ example: ExampleFacts) -> String {
    "What each layer hands on while the network reads one \(subject.example(example.label))."
  }

  private func tile(
    _ activation: FeatureFacts.Activation, after previous: String?, scale: Int, model: ModelFacts
  ) -> ImageGrid.Tile {
    let (channels, height, width) = activation.values.dimensions
    let isMaps = activation.values.shape.count == 3
    let planes =
      isMaps
      ? activation.values.planesByVariation
      : [Self.folded(activation.values.values, columns: channels * width > 512 ? 32 : 8)]
    let cell = isMaps ? scale : 7
    // As many rows as fit beside the others, and no more columns than leave room for them.
    let rows = max(1, 270 / (height * cell + 5))
    let columns = max(1, min((channels + rows - 1) / rows, 190 / (width * cell + 5)))
    let shown = isMaps ? min(channels, rows * columns) : 1
    let plate = Plate(
      Array(planes.prefix(shown)), map: activation.values.hasNegative ? .signed : .activation,
      policy: .activations)
    let sheet = Plate.sheet(
      plate.pictures.map { $0.framed(scale: cell) }, columns: isMaps ? columns : 1, gutter: 3)
    let source = model.layers.first { $0.name == activation.layer }
    var caption = [
      StyledLine(
        Self.learned(after: previous, to: activation.layer, of: model), .ink, weight: .semibold),
      StyledLine(source.map { Self.shape($0.outputShape) } ?? "", .ink3),
    ]
    caption += Self.counted(Self.parameters(after: previous, to: activation.layer, of: model))
    if shown < channels { caption.append(StyledLine("\(shown) of \(channels) shown", .ink3)) }
    return ImageGrid.Tile(sheet, caption: caption, frame: nil)
  }

  /// The layers with learned numbers after one and up to another, which comes last: `conv1 + relu1`.
  private static func learned(
    after first: String?, to last: String, of model: ModelFacts
  ) -> String {
    layers(after: first, to: last, of: model).filter { $0.parameters > 0 || $0.name == last }
      .map(\.name).joined(separator: " + ")
  }

  /// Learned numbers of the layers after one and up to another, from the first and to the last if they are nil.
  private static func parameters(
    after first: String?, to last: String?, of model: ModelFacts
  ) -> Int {
    layers(after: first, to: last, of: model).parameters
  }

  private static func layers(
    after first: String?, to last: String?, of model: ModelFacts
  ) -> ArraySlice<ModelFacts.Layer> {
    let names = model.layers.map(\.name)
    let start = first.flatMap(names.firstIndex).map { $0 + 1 } ?? 0
    let end = last.flatMap(names.firstIndex).map { $0 + 1 } ?? names.count
    return model.layers[min(start, end)..<end]
  }

  static func counted(_ parameters: Int) -> [StyledLine] {
    parameters > 0 ? [StyledLine("\(Format.count(parameters)) param.", .ink3)] : []
  }
}

extension FigureName {
  static let pass = FigureName("pass")
}
