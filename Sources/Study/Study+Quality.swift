import Datasets
import Evaluation
import Networks

extension Study {
  /// Edges of the bands of confidence in the report.
  static let bandEdges = [0, 0.5, 0.7, 0.9, 0.99, 0.999, 1]

  /// The place of a confidence among 20 equal bins; what is no number counts as none.
  static func bin(_ confidence: Float) -> Int {
    confidence.isFinite ? min(19, max(0, Int(confidence * 20))) : 0
  }

  /// How good the network is.
  package func qualityFacts() -> QualityFacts {
    var squares = [[QualityFacts.Square]](repeating: [], count: predictions.classes)
    for image in 0..<predictions.count {
      let label = predictions.labels[image]
      squares[label].append(
        QualityFacts.Square(
          probability: predictions.probability(image, of: label),
          isRight: predictions.isCorrect(image)))
    }
    for label in squares.indices {
      squares[label].sort { $0.probability > $1.probability }
    }
    let validation = Predictions(of: executor, on: split.validation)
    return QualityFacts(
      evaluation: EvaluationResult(predictions, classNames: checkpoint.classes),
      bands: Calibration.bands(predictions, edges: Self.bandEdges),
      temperature: Calibration.bestTemperature(validation), squares: squares,
      cells: confusedCells(), crowd: crowd(), reviewSteps: Calibration.steps(predictions))
  }

  /// Where the errors crowd in the order of the test images.
  private func crowd() -> QualityFacts.Crowd? {
    // Where the images lie class by class, a stretch is a class.
    guard zip(test.labels, test.labels.dropFirst()).contains(where: { $0 > $1 }) else { return nil }
    let isWrong = (0..<predictions.count).map { !predictions.isCorrect($0) }
    return Kuiper(isWrong).map { found in
      QualityFacts.Crowd(
        first: found.stretch.lowerBound, count: found.stretch.count,
        errors: isWrong[found.stretch].count { $0 }, pValue: found.pValue)
    }
  }

  /// Images kept for one cell, and for all of them.
  private static let (cellImages, allCellImages) = (50, 2000)
  /// Frequent confusions, and images of each, whose look-alikes are sought.
  private static let (frequentCells, comparedImages) = (6, 5)

  /// The misread images by cell, the fullest cell first, the surest image first.
  private func confusedCells() -> [QualityFacts.Cell] {
    let wrong = Dictionary(
      grouping: byConfidence { !predictions.isCorrect($0) }
    ) { predictions.labels[$0] * predictions.classes + predictions.predicted[$0] }
    var left = Self.allCellImages
    let sorted = wrong.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    return sorted.enumerated().map { place, cell in
      let (key, images) = cell
      let kept = Array(images.prefix(min(Self.cellImages, left)))
      left -= kept.count
      let isFrequent = place < Self.frequentCells && images.count > 1
      return QualityFacts.Cell(
        actual: key / predictions.classes, predicted: key % predictions.classes,
        count: images.count, images: kept, confidence: kept.map(predictions.confidence),
        pixels: kept.map { plane(test.floats([$0])) },
        lookAlikes: isFrequent
          ? lookAlikes(of: Array(kept.prefix(Self.comparedImages)), in: key % predictions.classes)
          : [])
    }
  }

  /// For each image the correctly read one of a class that the last hidden layer finds most like it.
  private func lookAlikes(of images: [Int], in label: Int) -> [QualityFacts.LookAlike] {
    let others = (0..<predictions.count).filter {
      predictions.labels[$0] == label && predictions.isCorrect($0)
    }
    return nearest(to: test.floats(images), among: others, of: test, count: 1).compactMap(\.first)
      .map {
        QualityFacts.LookAlike(
          index: $0.image, distance: $0.distance, pixels: plane(test.floats([$0.image])))
      }
  }
}
