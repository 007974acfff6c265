import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Networks
import Report

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

  let network: Network
  let classes: [String]
  let test: LabeledImages
  let pool: WorkerPool
  let seed: UInt64
  /// The layer looked at; each kind has its own usual one.
  let layer: String?

  /// Test images that are looked at for patches.
  private static let imageCount = 2000
  /// Test images that are laid out.
  private static let pointCount = 10_000
  /// Channels that are drawn.
  private static let channelCount = 24

  private var architecture: Architecture { network.architecture }
  private var executor: Executor { Executor(network, pool: pool) }

  /// The figures of a kind.
  ///
  /// - Throws: `Failure` if the layer does not exist.
  func figures(_ kind: Kind) throws -> [Illustration] {
    try architecture.checkLayer(layer)
    return switch kind {
    case .features: [classFeatures] + (channelFeatures.map { [$0] } ?? [])
    case .topPatches: [topPatches]
    case .embedding: embeddings
    case .boundary: [slice, path]
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
      layer.flatMap(architecture.index) ?? entries.lastIndex { $0.layer is Conv2D }
    guard let index else { return nil }
    let entry = entries[index]
    // Behind a rectifier there is no slope where nothing is active yet; before it there always is.
    let raised = entry.layer is ReLU && index > 0 ? entries[index - 1] : entry
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
    let count = min(Self.imageCount, test.count)
    let study = ChannelStudy(
      of: position, on: test.floats(0..<count), labels: (0..<count).map { test.labels[$0] },
      in: executor)
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
              Self.patch(test.floats([peak.image]), shape, peak.field), shape),
            caption: [StyledLine("no. \(peak.image)")])
        })
    }
    let dead = study.channels.count(where: \.isDead)
    return Illustration(
      FigureText(
        name: "top-patches-\(study.layer)",
        title: "What the channels of \(study.layer) answer to most strongly",
        caption:
          "For each of the first \(shown.count) of \(study.channels.count) channels the \(study.channels[0].peaks.count)"
          + " strongest of \(Format.count(count)) test images, what lies outside the receptive field left out."
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
    let count = min(Self.pointCount, test.count)
    let hidden =
      architecture.entries.first { $0.name == layer }
      ?? architecture.entries.dropLast().last { !($0.layer is Dropout) }
    let images = test.floats(0..<count)
    let executor = executor
    let predictions = Predictions(
      logits: executor.logits(images), labels: (0..<count).map { test.labels[$0] },
      classes: classes.count)
    let values = hidden.flatMap { executor.tracer.activations(images, of: [$0.name])[$0.name] }
    return Embedding.allCases.map { method in
      let points = method.points(
        values ?? images, dimensions: hidden?.outputShape.count ?? architecture.inputShape.count,
        seed: seed, pool: pool)
      return Illustration(
        FigureText(
          name: "embedding-\(method.rawValue)",
          title:
            "\(Format.count(count)) test images by \(method.rawValue) of \(hidden?.name ?? "pixels")",
          caption:
            "Each mark is the true class, misread images are ringed."
            + (method == .pca ? "" : " Only neighbourhood means something here, not distance.")),
        ClassMap(
          (0..<count).map {
            ClassMap.Item(
              Point(Double(points[2 * $0]), Double(points[2 * $0 + 1])),
              label: predictions.labels[$0], isWrong: !predictions.isCorrect($0))
          }, classNames: classes))
    }
  }

  // MARK: Between images

  /// The first right answers of three classes.
  private var corners: [Int] {
    let count = min(500, test.count)
    let predictions = Predictions(
      logits: executor.logits(test.floats(0..<count)),
      labels: (0..<count).map { test.labels[$0] }, classes: classes.count)
    var seen = Set<Int>()
    let right = (0..<count).filter {
      predictions.isCorrect($0) && seen.insert(predictions.labels[$0]).inserted
    }
    // With fewer classes read rightly, any images will do.
    return Array((right + Array(0..<count).filter { !right.contains($0) }).prefix(3))
  }

  private var slice: Illustration {
    let corners = corners
    let images = corners.map { test.floats([$0]) }
    let side = 31
    let probabilities = DecisionSlice.plane(
      through: (images[0], images[min(1, images.count - 1)], images[images.count - 1]),
      in: executor, side: side)
    let k = classes.count
    let items = (0..<side * side).map { place in
      let row = probabilities[place * k..<(place + 1) * k]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      return ClassMap.Item(
        Point(Double(place % side), Double(place / side)), label: best - row.startIndex,
        isWrong: row[best] < 0.5)
    }
    let names = corners.map { "no. \($0) (\(classes[test.labels[$0]]))" }
    return Illustration(
      FigureText(
        name: "boundary-slice", title: "What is read on the plane through three images",
        caption:
          "The plane through \(names.joined(separator: ", ")), which lie at a sixth from its upper left corner and two"
          + " thirds further right or further down. Marks are the predicted class, ringed below a probability of 0.5."
      ),
      ClassMap(items, classNames: classes, height: 600))
  }

  private var path: Illustration {
    let corners = corners
    let (start, end) = (
      test.floats([corners[0]]), test.floats([corners[min(1, corners.count - 1)]])
    )
    let shape = architecture.inputShape
    let points = 11
    let probabilities = DecisionSlice.path(from: start, to: end, in: executor, points: points)
    let k = classes.count
    let tiles = (0..<points).map { step in
      let t = Float(step) / Float(points - 1)
      let row = probabilities[step * k..<(step + 1) * k]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      return ImageGrid.Tile(
        PixelPictures.picture(zip(start, end).map { $0 + t * ($1 - $0) }, shape),
        caption: [
          StyledLine("read as \(classes[best - row.startIndex])"),
          StyledLine(Format.probability(Double(row[best]))),
        ])
    }
    return Illustration(
      FigureText(
        name: "boundary-path", title: "From one image to another in ten steps",
        caption:
          "Test images \(corners[0]) and \(corners[min(1, corners.count - 1)]) mixed, with what is read and how surely."
      ),
      ImageGrid(tiles, scale: 3))
  }
}
