import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Networks
import Report
import Study

/// Figures of what a network has learned, made on demand: they take seconds, which a report need not spend.
struct LearnedFigures {
  /// A kind of figure that can be asked for by name.
  enum Kind: String, CaseIterable {
    /// Pictures that units answer to most strongly.
    case features
    /// The patches of test images that channels answer to most strongly.
    case topPatches = "top-patches"
    /// Test images laid out on a plane by what a layer makes of them.
    case embedding
    /// What the network says between images.
    case boundary
  }

  let study: Study
  let drawing: ReportFigures
  let classes: [String]
  let pool: WorkerPool
  let seed: UInt64
  /// The layer looked at; each kind has its own usual one.
  let layer: String?

  /// Test images that are looked at for patches.
  private static let imageCount = 2000
  /// Test images that are laid out.
  private static let pointCount = 4000
  /// Channels that are drawn.
  private static let channelCount = 24

  private var executor: Executor { study.executor }
  private var architecture: Architecture { executor.network.architecture }
  private var test: LabeledImages { study.test }

  /// The figures of a kind.
  ///
  /// - Throws: `Failure` if the layer does not exist.
  func figures(_ kind: Kind) throws -> [Illustration] {
    try architecture.checkLayer(layer)
    return switch kind {
    case .features: [classFeatures] + (channelFeatures.map { [$0] } ?? [])
    case .topPatches: [topPatches]
    case .embedding: embeddings
    case .boundary: boundary
    }
  }

  // MARK: Pictures that excite

  private var classFeatures: Illustration {
    let last = architecture.entries[architecture.entries.count - 1]
    return features(
      last.name, Array(0..<last.outputShape.channels), name: "features-classes",
      title: "What each class would like to see"
    ) { classes[$0] }
  }

  /// The channels, or units, of the layer asked for, or of the last convolution; `nil` without any.
  private var channelFeatures: Illustration? {
    let entries = architecture.entries
    let index =
      layer.flatMap(architecture.index) ?? entries.lastIndex(where: \.isConvolution)
    guard let index else { return nil }
    let entry = entries[index]
    // Behind a rectifier there is no slope where nothing is active yet; before it there always is.
    let raised = entries[architecture.indexBeforeActivation(index)]
    let count = min(Self.channelCount, entry.outputShape.channels)
    let unit = entry.outputShape.dimensions.count == 3 ? "channel" : "unit"
    return features(
      raised.name, Array(0..<count), name: "features-\(entry.name)",
      title: "What the \(unit)s of \(entry.name) answer to",
      note: raised.name == entry.name
        ? "" : " The activation is that of \(raised.name), before the rectifier."
    ) { "\(unit) \($0)" }
  }

  private func features(
    _ layer: String, _ units: [Int], name: String, title: String, note: String = "",
    caption: (Int) -> String
  ) -> Illustration {
    let shape = architecture.inputShape
    let found = FeatureVisualization(seed: seed).images(
      of: units.map { FeatureVisualization.Unit(layer: layer, index: $0) }, in: executor)
    let pictures = found.activations.count / max(1, units.count)
    let tiles = found.activations.indices.map { place in
      ImageGrid.Tile(
        PixelPictures.picture(
          Array(found.pixels[place * shape.count..<(place + 1) * shape.count]), shape),
        caption: [
          StyledLine(caption(units[place / pictures])),
          StyledLine(Format.significant(Double(found.activations[place]), 3)),
        ])
    }
    return Illustration(
      FigureText(
        name: name, title: title,
        caption:
          "Pictures found by gradient ascent from noise, \(pictures) of each, with the activation they reach. They"
          + " are what excites the unit most, not what it usually sees.\(note)"),
      ImageGrid(tiles, scale: 3))
  }

  // MARK: Patches

  private var topPatches: Illustration {
    let position =
      layer.flatMap(architecture.index) ?? (try? LayerChoice(nil, in: architecture))
      .flatMap { architecture.index(of: $0.name) } ?? max(0, architecture.entries.count - 2)
    let images = study.sample(Self.imageCount, for: "patches")
    let study = ChannelStudy(
      of: position, on: test.floats(images), labels: images.map { test.labels[$0] }, in: executor)
    let shown = study.channels.indices.prefix(Self.channelCount)
    let shape = architecture.inputShape
    let rows = shown.map { channel in
      let facts = study.channels[channel]
      return ImageGrid.Row(
        [
          StyledLine("channel \(channel)", .ink, weight: .semibold),
          StyledLine(facts.isDead ? "never active" : "likes \(classes[facts.favorite])"),
          StyledLine("selectivity \(Format.significant(facts.selectivity, 2))"),
        ],
        tiles: facts.peaks.map { peak in
          ImageGrid.Tile(
            PixelPictures.picture(
              Self.patch(test.floats([images[peak.image]]), shape, peak.field), shape),
            caption: [StyledLine("no. \(images[peak.image])")])
        })
    }
    let dead = study.channels.count(where: \.isDead)
    return Illustration(
      FigureText(
        name: "top-patches-\(study.layer)",
        title: "What the channels of \(study.layer) answer to most strongly",
        caption:
          "For each of the first \(shown.count) of \(study.channels.count) channels the \(study.channels[0].peaks.count)"
          + " strongest of \(drawing.drawn(images.count)), what lies outside the receptive field left out."
          + " \(dead) channels never change." + redundancy(study)),
      ImageGrid(rows: rows, scale: 2))
  }

  private func redundancy(_ study: ChannelStudy) -> String {
    guard let pairs = study.duplicates?.count, let rank = study.effectiveRank else { return "" }
    return " \(pairs) pairs go together (correlation above 0.95); the channels use"
      + " \(Format.significant(rank, 3)) directions (effective rank)."
  }

  /// An image with only what a receptive field holds.
  private static func patch(
    _ pixels: [Float], _ shape: ImageShape, _ field: ReceptiveField
  ) -> [Float] {
    pixels.indices.map { i in
      let place = i % (shape.height * shape.width)
      return field.rows.contains(place / shape.width) && field.columns.contains(place % shape.width)
        ? pixels[i] : 0
    }
  }

  // MARK: Maps

  /// The test images by each way of laying them out.
  private var embeddings: [Illustration] {
    let chosen = study.sample(Self.pointCount, for: "maps")
    let hidden =
      architecture.entries.first { $0.name == layer }
      ?? architecture.entries.dropLast().last { $0.layer.family != .noise }
    let images = test.floats(chosen)
    let executor = executor
    let values = hidden.flatMap { executor.tracer.activations(images, of: [$0.name])[$0.name] }
    return Embedding.allCases.map { method in
      let points = method.points(
        values ?? images, dimensions: hidden?.outputShape.count ?? architecture.inputShape.count,
        seed: seed, pool: pool)
      return Illustration(
        FigureText(
          name: "embedding-\(method.rawValue)",
          title:
            "\(Format.count(chosen.count)) test images by \(method.rawValue) of \(hidden?.name ?? "pixels")",
          caption:
            "Drawn at random. Each mark is the true class, misread images are ringed."
            + (method == .pca ? "" : " Only neighbourhood means something here, not distance.")),
        ClassMap(
          chosen.enumerated().map { row, image in
            ClassMap.Item(
              Point(Double(points[2 * row]), Double(points[2 * row + 1])),
              label: test.labels[image], isWrong: !study.predictions.isCorrect(image))
          }, classNames: classes))
    }
  }

  // MARK: Between images

  /// The plane through three images and the way between two, as a report has them.
  private var boundary: [Illustration] {
    let facts = study.boundaryFacts()
    return [facts.slice.map(drawing.slice), facts.path.isEmpty ? nil : drawing.path(facts)]
      .compactMap { $0 }
  }
}
