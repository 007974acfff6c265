import Attribution
import Datasets
import Drawing
import Engine
import Evaluation
import Experiments
import Figures
import Networks
import Report
import Study
import Tracking

/// What a network looks like after an epoch, in pictures: always of the same images, so that epochs can be compared.
struct TrackedPictures {
  private let run: PreparedRun
  private let pool: WorkerPool
  /// The validation images; without any, training images.
  private let images: LabeledImages
  private let noun: String
  /// Some of them to be shown.
  private let shown: LabeledImages
  private let explanation: (any AttributionMethod)?

  /// How many images are shown, and explained.
  private static let (shownImages, explainedImages) = (24, 6)
  /// Where there are no validation images, how many training images stand in.
  private static let standIns = 1000
  /// Classes that a confusion matrix has room for.
  private static let confusedClasses = 2...100

  /// Pictures of a run's networks.
  init(_ run: PreparedRun, pool: WorkerPool) {
    self.run = run
    self.pool = pool
    let split = run.images.split
    let hasValidation = split.validation.count > 0
    images =
      hasValidation
      ? split.validation
      : split.train.selecting(0..<min(Self.standIns, split.train.count))
    noun = hasValidation ? "validation image" : "training image"
    shown = images.selecting(0..<min(Self.shownImages, images.count))
    // A network that this method has no rule for is shown without.
    explanation = try? AttributionMethods.method(
      ExplanationFacts.mainMethod, for: run.architecture)
  }

  /// The pictures of a network.
  ///
  /// - Parameter checkpoint: the network as it would be kept.
  /// - Returns: each under a tag of its own.
  /// - Throws: `CairoError` or `PictureError` if it cannot be drawn.
  func values(of checkpoint: Checkpoint) throws -> [TrackedValue] {
    let executor = Executor(checkpoint.network, pool: pool)
    let predictions = Predictions(of: executor, on: images)
    let figures: [(tag: String, figure: Figure)] = [
      [("samples", samples(predictions))],
      confusion(predictions).map { [("confusion", $0)] } ?? [],
      explanation.map { [("saliency", saliency($0, executor))] } ?? [],
    ].flatMap(\.self)
    return try figures.map { try Self.value($0.tag, $0.figure) } + Self.filters(of: checkpoint)
  }

  /// The weights of a network that lie on pixels; nothing if it has none.
  ///
  /// - Throws: `CairoError` or `PictureError` if they cannot be drawn.
  static func filters(of checkpoint: Checkpoint) throws -> [TrackedValue] {
    let subject = Study.Subject(name: "", checkpoint: checkpoint, sha256: "")
    return try [FigureKind.filters, .templates].flatMap { kind in
      try ReportFigures.figures(kind, of: subject).compactMap { illustration in
        // The report has them beside random ones, in two long lines. TensorBoard shows pictures small, and those of other
        // epochs under a slider.
        guard let drawn = illustration.chart as? ImageGrid, let trained = drawn.rows.last else {
          return nil
        }
        var grid = ImageGrid(trained.tiles, scale: drawn.scale, columns: 8)
        grid.key = drawn.key
        let text = FigureText(name: kind.rawValue, title: illustration.text.title)
        return try value(
          kind.rawValue, grid.figure(text, width: grid.usedWidth(within: 984)).withWords)
      }
    }
  }

  private static func value(_ tag: String, _ figure: Figure) throws -> TrackedValue {
    TrackedValue("pictures/\(tag)", .image(png: try figure.png(theme: .light, scale: 1)))
  }

  private func plane(_ pixels: some Sequence<Float>) -> Plane {
    Plane(pixels, run.architecture.inputShape)
  }

  private func picture(_ place: Int) -> Picture { plane(shown.floats([place])).picture }

  private func samples(_ predictions: Predictions) -> Figure {
    let classes = run.images.classes
    let tiles = (0..<shown.count).map { place in
      let label = classes[predictions.labels[place]]
      let read = classes[predictions.predicted[place]]
      return ImageGrid.Tile(
        picture(place),
        caption: [
          predictions.isCorrect(place) ? StyledLine(label) : .mistake(label, readAs: read),
          StyledLine(Format.probability(Double(predictions.confidence(place))), .ink3),
        ])
    }
    let right = (0..<shown.count).count(where: predictions.isCorrect)
    let grid = ImageGrid(tiles, scale: 3, columns: 6)
    return grid.figure(
      FigureText(
        name: "samples", title: "\(right) of \(shown.count) \(noun)s are read correctly.",
        caption: "With the probability of each answer."), width: grid.usedWidth(within: 984)
    ).withWords
  }

  private func confusion(_ predictions: Predictions) -> Figure? {
    let classes = run.images.classes
    guard Self.confusedClasses.contains(classes.count) else { return nil }
    let result = EvaluationResult(predictions, classNames: classes)
    let matrix = ConfusionMatrix(counts: result.confusion, classNames: classes)
    return matrix.figure(
      FigureText(
        name: "confusion",
        title:
          "\(Format.percent(result.accuracy)) of \(Format.count(images.count)) \(noun)s are right.",
        caption:
          "Rows are the true class, columns the answer. Color shows errors only, on a logarithmic scale."
      ),
      width: 560
    ).withWords
  }

  private func saliency(_ method: any AttributionMethod, _ executor: Executor) -> Figure {
    let count = min(Self.explainedImages, shown.count)
    let labels = Array(shown.labels.prefix(count))
    let maps = method.attribution(of: shown.floats(0..<count), in: executor, for: labels)
    let plate = Plate(
      (0..<count).map { plane(maps.map($0)).sum }, map: .signed, policy: .attribution)
    let grid = ImageGrid(
      rows: [
        ImageGrid.Row(tiles: (0..<count).map { ImageGrid.Tile(picture($0)) }),
        ImageGrid.Row(
          tiles: plate.pictures.enumerated().map { place, map in
            ImageGrid.Tile(
              map, caption: [StyledLine("for \(run.images.classes[labels[place]])")])
          }),
      ], scale: 3)
    return grid.figure(
      FigureText(
        name: "saliency", title: "What speaks for the true class of \(count) \(noun)s.",
        caption:
          "\(ExplanationFacts.mainMethod): orange speaks for the class, blue against it; each map has a scale of its own."
      ), width: grid.usedWidth(within: 984)
    ).withWords
  }
}
