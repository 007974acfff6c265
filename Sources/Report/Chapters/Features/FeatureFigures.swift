import Drawing
import Figures
public import Study

extension ReportFigures {
  /// The first layer's weights before and after training, on one scale.
  public func weights(_ features: FeatureFacts) -> Illustration {
    // Before and after share their scale.
    let drawn = WeightPictures(
      [features.untrainedWeights, features.weights], limit: 32, channels: subject.channels)
    let (before, after) = (drawn.stages[0], drawn.stages[1])
    let count = features.units
    let shown = after.count
    let width = after.first?.width ?? 3
    let scale = max(1, (features.areTemplates ? 56 : 48) / max(width, 1))
    let channels = features.weights.shape.dropFirst().first ?? 1
    func panel(_ title: String, _ pictures: [Picture]) -> ImageGrid.Row {
      ImageGrid.Row(
        [StyledLine(title, .ink, weight: .semibold)],
        tiles: pictures.enumerated().map {
          ImageGrid.Tile(
            $1, words: "\(title), \(features.areTemplates ? "unit" : "filter") \($0 + 1)")
        })
    }
    var grid = ImageGrid(
      rows: [
        panel("Random weights", before), panel("Trained weights", after),
      ], scale: scale, gutter: 6)
    grid.key =
      drawn.isColor
      ? nil
      : ColorScale(
        .signed, lower: subject.isInk ? "wants none" : "wants low",
        upper: subject.isInk ? "wants ink" : "wants high")
    let noun = features.areTemplates ? "unit" : "filter"
    let mean =
      channels > 1 && !drawn.isColor ? " Each is the mean over its \(channels) channels." : ""
    let size = after.first.map { "\($0.height) × \($0.width)" } ?? ""
    return Illustration(
      text(
        features.areTemplates ? .templates : .filters, Findings.weights(features),
        "\(shown == count ? "The" : "The first \(shown) of") \(Wording.counted(count, noun)) "
          + "of \(features.layer), \(size) weights each, "
          + (features.untrainedIsStart == false
            ? "beside random ones of a network that is built alike. "
            : "in the same order, random as at the start of training and trained. ")
          + "\(subject.weightColors(isColor: drawn.isColor)). One scale for all: full color is ±\(Format.significant(drawn.bound, 2)), the 98.5th "
          + "percentile of magnitude."
          + mean,
        alt: "Weights of \(features.layer), random and trained"), grid)
  }

  /// One image in every layer of a network, most varied channels first.
  package func activations(
    _ activations: [FeatureFacts.Activation], of example: ExampleFacts, in model: ModelFacts
  ) -> Illustration {
    let chosen = activations.filter { $0.values.values.contains { $0 != 0 } }
    let scores = activations.last?.layer
    let hidden = chosen.filter { $0.layer != scores }
    func grid(room: Double, limit: Int) -> ImageGrid {
      var grid = ImageGrid(
        rows: chosen.map {
          row($0, room: Int(room), limit: limit, isSigned: $0.layer == scores)
        }, scale: 1, gutter: 14)
      grid.key =
        hidden.isEmpty
        ? ColorScale(.signed, lower: "against", upper: "for the class")
        : ColorScale(.activation, lower: "0", upper: "99.8th percentile of the layer")
      return grid
    }
    let (title, words) = activationWords(hidden, example)
    let hasSigns = hidden.contains { $0.values.hasNegative }
    let caption =
      words
      + (hasSigns ? " Where a layer has signs, orange is above zero and blue below." : "")
      + (model.hasFolded(activations) ? Self.foldedWords : "")
    return Illustration(
      text(
        .activations, title, caption,
        alt: "Activations of test image #\(example.index) in every layer"),
      grid(room: 984, limit: 64), narrow: grid(room: 356, limit: 32))
  }

  /// What is said of a network too deep to be drawn whole.
  private static let foldedWords =
    " Of this deep network only the first block is shown in full; of the others, and of those in a row that keep the size of "
    + "the maps, only what the last hands on."

  /// Title and caption of an image in every layer, given those before the scores of the classes.
  private func activationWords(
    _ hidden: [FeatureFacts.Activation], _ example: ExampleFacts
  ) -> (title: String, caption: String) {
    let image = "test image #\(example.index), \(subject.anExample(example.label))"
    guard !hidden.isEmpty else {
      return (
        "One \(subject.noun), as the scores of the classes.",
        "The score that each class gets for \(image), in their order: orange is for a class and blue against it."
      )
    }
    let hasMaps = hidden.contains { $0.values.shape.count == 3 }
    return (
      hasMaps
        ? "One \(subject.noun), layer by layer: from outlines to a code that only the network can read."
        : "One \(subject.noun) as a code that only the network can read.",
      "What each layer says to \(image). \(hasMaps ? "Most varied channel first; green" : "Green") grows with the activation, "
        + "from 0 to the 99.8th percentile of its layer\(hasMaps ? ", and an empty map found nothing" : ""). In the last "
        + "layer orange is for a class and blue against it."
    )
  }

  /// The most selective channels of a deeper layer: what excites them, in theory and among the images, and for which
  /// classes they stand.
  func patches(_ facts: FeatureFacts.ChannelFacts, named name: FigureName = .patches)
    -> Illustration
  {
    let noun = facts.areUnits ? "unit" : "channel"
    let rows = facts.channels.map { channel in
      let planes = [channel.ideal].compactMap { $0 } + channel.patches
      let height = planes.map { $0.dimensions.height }.max() ?? 1
      let width = planes.map { $0.dimensions.width }.max() ?? 1
      let scale = max(1, 34 / width)
      func tile(_ pictures: [Picture], _ words: String) -> ImageGrid.Tile {
        ImageGrid.Tile(
          Plate.sheet(pictures, columns: 9), caption: [StyledLine(words, .ink3)], frame: nil)
      }
      func framed(_ plane: Plane) -> Picture {
        plane.padded(height: height, width: width).picture.framed(scale: scale)
      }
      let ideal = channel.ideal.map { [tile([framed($0)], "ideal")] } ?? []
      return ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span("\(noun) \(channel.index)", .ink, weight: .semibold),
            StyledLine.Span("likes \(subject.className(channel.favorite))", .ink2),
            StyledLine.Span("selectivity \(Format.fixed(channel.selectivity, 2))", .ink3),
          ])
        ],
        tiles: ideal
          + [
            tile(channel.patches.map(framed), "answers to"),
            tile([Self.bars(channel.classMeans, height: height * scale + 2)], "by class"),
          ])
    }
    let rank = facts.effectiveRank.map {
      " All \(noun)s together use \(Format.significant($0, 2)) directions (effective rank)."
    }
    let pairs = facts.duplicates.map {
      $0 == 0
        ? " No two \(noun)s say nearly the same (correlation above 0.95)."
        : " \(Wording.counted($0, "pair")) of \(noun)s say nearly the same (correlation above 0.95)."
    }
    let title =
      facts.dead == 0
      ? "Every \(noun) of \(facts.layer) answers to something; these are the choosiest, at most two of a class."
      : "\(Format.count(facts.dead)) of \(Wording.counted(facts.count, noun)) of \(facts.layer) \(facts.dead == 1 ? "answers" : "answer") to none of "
        + "\(Format.count(facts.images)) images; these are the choosiest of the others, at most two of a class."
    var illustration = Illustration(
      text(
        name, title,
        "For each \(noun): what would excite it most; those of "
          + "\(Format.count(facts.images)) test images that it answers to most; "
          + "and its mean answer to each class, \(subject.className(0)) first, the highest in full color. "
          + "Selectivity is 1 if it answers to one class only and 0 if to all alike.",
        method: "The ideals were found by gradient ascent. "
          + (facts.areUnits
            ? "" : "Images are cut to what the answer can rest on, the receptive field. ")
          + "What answers to less than 1% of the images is not shown." + (pairs ?? "")
          + (rank ?? ""),
        alt: "What \(facts.channels.count) \(noun)s of \(facts.layer) answer to"),
      ImageGrid(rows: rows, scale: 1, gutter: 14))
    illustration.more = allChannels(facts, noun: noun)
    return illustration
  }

  /// The ideals of all channels, eight to a line.
  private func allChannels(_ facts: FeatureFacts.ChannelFacts, noun: String) -> Illustration.More? {
    let ideals = facts.all.compactMap(\.ideal)
    guard let width = ideals.first?.dimensions.width, ideals.count > facts.channels.count else {
      return nil
    }
    let sheet = Plate.sheet(ideals.map { $0.picture.framed(scale: max(1, 34 / width)) }, columns: 8)
    let words = ideals.count == facts.count ? "All" : "The first"
    return Illustration.More(
      "\(words) \(Format.count(ideals.count)) \(noun)s",
      ImageGrid(
        [
          ImageGrid.Tile(
            sheet, caption: [StyledLine("What would excite each, in their order from 0 on", .ink3)],
            frame: nil)
        ], scale: 1))
  }

  /// Numbers as bars side by side, the highest in the full color.
  private static func bars(_ values: [Double], height: Int) -> Picture {
    let step = max(1, 70 / max(values.count, 1))
    let gap = step > 3 ? 2 : 0
    let width = max(1, values.count * step - gap)
    let most = max(values.max() ?? 0, 1e-12)
    var pixels = [Float](repeating: 0, count: width * height)
    for (index, value) in values.enumerated() {
      // A line at the bottom for what is zero.
      let top = height - Int(bounding: value / most * Double(height), in: 1...height)
      for y in top..<height {
        for x in index * step..<(index + 1) * step - gap {
          pixels[y * width + x] = value == most ? 1 : 0.45
        }
      }
    }
    let plane = FloatPlane(width: width, height: height, values: pixels)
    return Plate([plane], map: .activation, policy: .fixed(1)).pictures[0]
  }

  /// A picture for each class that excites it most.
  package func ideals(_ features: FeatureFacts, _ data: DataFacts) -> Illustration {
    let tiles = features.ideals.enumerated().map { index, pixels in
      ImageGrid.Tile(
        pixels.picture, caption: [name(index)], words: "Ideal of \(subject.className(index))")
    }
    let width = features.ideals.first?.dimensions.width ?? 28
    return Illustration(
      text(
        .ideals, Findings.ideals(features, data, subject: subject),
        "For \(subject.eachClass(of: features.ideals.count)) a picture that raises its score most, found by gradient ascent from noise. It "
          + "shows what excites the network. In the title: the correlation with the class’s mean training "
          + "image after the shift, by at most a sixth of the image, that makes it largest.",
        alt: "One optimised picture for each of \(features.ideals.count) classes"),
      ImageGrid(tiles, scale: max(1, 84 / max(width, 1))))
  }

  private func row(
    _ activation: FeatureFacts.Activation, room: Int, limit: Int, isSigned: Bool
  ) -> ImageGrid.Row {
    let (channels, height, width) = activation.values.dimensions
    let isMaps = activation.values.shape.count == 3
    let hasSigns = isSigned || activation.values.hasNegative
    let planes =
      isMaps
      ? activation.values.planesByVariation
      : [
        Self.folded(
          activation.values.values, columns: activation.values.values.count % 50 == 0 ? 50 : 64)
      ]
    let plate = Plate(
      Array(planes.prefix(limit)), map: hasSigns ? .signed : .activation, policy: .activations)
    let scale = isMaps ? Self.mapScale(width, room: room) : 14
    let columns = Self.columns(fitting: (room + 3) / (width * scale + 5))
    let framed = plate.pictures.map {
      $0.framed(scale: isMaps ? scale : min(scale, room / max(planes[0].width, 1)))
    }
    let sheet = Plate.sheet(framed, columns: isMaps ? columns : 1, gutter: 3)
    let count = isMaps ? channels : activation.values.values.count
    let words =
      isMaps
      ? "\(count) maps, \(height) × \(width)\(planes.count > limit ? ", \(limit) shown" : "")"
      : "\(Format.count(count)) numbers, \(Format.count(activation.values.positives)) above 0"
    return ImageGrid.Row(
      [
        StyledLine([
          StyledLine.Span(activation.layer, .ink, weight: .semibold), StyledLine.Span(words, .ink3),
        ])
      ], tiles: [ImageGrid.Tile(sheet, frame: nil)])
  }

  /// Pictures to a line: 16, 8 or 4, so that the last line is as full as the others.
  static func columns(fitting: Int) -> Int {
    [16, 8, 4].first { $0 <= fitting } ?? max(1, fitting)
  }

  /// The scale at which eight small pictures fit a phone's line; that of a wide page for larger ones.
  static func narrowScale(_ scale: Int, width: Int) -> Int {
    width < 20 ? max(1, min(scale, 39 / max(width, 1))) : scale
  }

  /// How often a map's pixel is repeated: deeper, smaller maps are drawn smaller, so that the
  /// picture visibly shrinks.
  private static func mapScale(_ width: Int, room: Int) -> Int {
    let wanted = width > 20 ? 56 : width > 10 ? 42 : 28
    return max(1, min(wanted, room > 600 ? 56 : 38) / max(width, 1))
  }

  /// A row of numbers in lines, the last filled up with zeros.
  static func folded(_ values: [Float], columns: Int) -> FloatPlane {
    let width = max(1, min(values.count, columns))
    let height = (values.count + width - 1) / width
    let padding = [Float](repeating: 0, count: width * height - values.count)
    return FloatPlane(width: width, height: height, values: values + padding)
  }
}

extension FigureName {
  static let filters = FigureName("filters")
  static let templates = FigureName("templates")
  static let activations = FigureName("activations")
  static let patches = FigureName("patches")
  static let ideals = FigureName("ideals")
}
