import Attacks
import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Disagreements that are shown each way.
  private static let shownFlips = 12

  /// Another network on the same test images.
  func comparison(
    with other: Study, explained: ExplanationFacts, attacked: Attacked
  ) -> ComparisonFacts {
    let theirs = other.predictions
    let evaluation = EvaluationResult(theirs, classNames: other.checkpoint.classes)
    let onlyStudied = flips(other) { self.predictions.isCorrect($0) && !theirs.isCorrect($0) }
    let onlyOther = flips(other) { !self.predictions.isCorrect($0) && theirs.isCorrect($0) }
    let architecture = other.architecture
    return ComparisonFacts(
      name: other.subject.name, specification: architecture.specification.description,
      parameters: architecture.parameterCount, errors: evaluation.errors,
      accuracy: evaluation.accuracy, interval: evaluation.accuracyInterval,
      onlyStudiedRight: onlyStudied.count, onlyOtherRight: onlyOther.count,
      pValue: McNemar.pValue(onlyFirst: onlyStudied.count, onlySecond: onlyOther.count),
      history: other.checkpoint.history,
      flips: (onlyStudied.prefix(Self.shownFlips) + onlyOther.prefix(Self.shownFlips)).map {
        ComparisonFacts.Flip(
          example: example($0), predicted: theirs.predicted[$0], confidence: theirs.confidence($0))
      },
      firstLayer: other.firstLayer(of: other.network),
      robustness: other.attacked(by: PGD.name).points, transfer: transfer(attacked, to: other),
      explained: explanation(by: other, of: explained.rows.map(\.example.index)))
  }

  /// Images by how sure the one that errs is, the surest first.
  private func flips(_ other: Study, where isWanted: (Int) -> Bool) -> [Int] {
    func confidence(_ image: Int) -> Float {
      predictions.isCorrect(image)
        ? other.predictions.confidence(image) : predictions.confidence(image)
    }
    return (0..<predictions.count).filter(isWanted).sorted {
      (confidence($1), $0) < (confidence($0), $1)
    }
  }

  /// What the other reads in images that were made to fool this one.
  private func transfer(_ attacked: Attacked, to other: Study) -> [RobustnessFacts.Point] {
    attacked.images.map { epsilon, images in
      let logits = other.executor.logits(images)
      let changed = Predictions(
        logits: logits, labels: attackedLabels, classes: predictions.classes)
      let right = (0..<changed.count).count {
        other.predictions.isCorrect($0) && changed.isCorrect($0)
      }
      return RobustnessFacts.Point(epsilon: epsilon, right: right, of: changed.count)
    }
  }

  private func explanation(by other: Study, of images: [Int]) -> [ComparisonFacts.Explained] {
    let targets = images.map { other.predictions.predicted[$0] }
    let maps = IntegratedGradients().attribution(
      of: test.floats(images), in: other.executor, for: targets)
    return images.enumerated().map { row, image in
      ComparisonFacts.Explained(
        predicted: targets[row], confidence: other.predictions.confidence(image),
        map: map(maps, row).rounded())
    }
  }
}
