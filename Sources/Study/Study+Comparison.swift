import Attacks
import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Disagreements that are shown each way.
  private static let shownFlips = 12

  /// Another network beside the studied one.
  struct Comparison {
    /// How the two did on the same test images.
    let facts: ComparisonFacts
    fileprivate let own: Study
    fileprivate let other: Study
    fileprivate let attacked: (own: Attacked, before: Attacked)
    fileprivate let explained: [ChangeFacts.Explained]

    /// What changed from the other to the studied one; worked out where it is asked for.
    var change: ChangeFacts {
      own.changeFacts(from: other, attacked: attacked, explained: explained)
    }
  }

  /// Another network on the same test images, and what changed from it to this one.
  ///
  /// Both are attacked on the images that `attacked` names: another seed would draw others, and images are compared in pairs.
  func comparison(
    with other: Study, attacked: Attacked, explained: ExplanationFacts, aimed: [Aimed]
  ) -> Comparison {
    let stood = other.attacked(by: PGD.name, on: attacked.places)
    let (agreement, changed) = self.explained(beside: other)
    let theirs = other.predictions
    let evaluation = EvaluationResult(theirs, classNames: other.checkpoint.classes)
    let onlyStudied = flips(other) { self.predictions.isCorrect($0) && !theirs.isCorrect($0) }
    let onlyOther = flips(other) { !self.predictions.isCorrect($0) && theirs.isCorrect($0) }
    let architecture = other.architecture
    let facts = ComparisonFacts(
      name: other.subject.name, specification: architecture.specification.description,
      isConvolutional: architecture.entries.contains(where: \.isConvolution),
      parameters: architecture.parameterCount,
      multiplications: architecture.multiplications, errors: evaluation.errors,
      accuracy: evaluation.accuracy, interval: evaluation.accuracyInterval,
      onlyStudiedRight: onlyStudied.count, onlyOtherRight: onlyOther.count,
      pValue: McNemar.pValue(onlyFirst: onlyStudied.count, onlySecond: onlyOther.count),
      history: other.checkpoint.history,
      flips: (onlyStudied.prefix(Self.shownFlips) + onlyOther.prefix(Self.shownFlips)).map {
        ComparisonFacts.Flip(
          example: example($0), predicted: theirs.predicted[$0], confidence: theirs.confidence($0))
      },
      firstLayer: other.firstLayer(of: other.network),
      robustness: stood.points, transfer: transfer(aimed, to: other),
      explained: explanation(by: other, of: explained.rows.map(\.example.index)),
      agreement: agreement)
    return Comparison(
      facts: facts, own: self, other: other, attacked: (attacked, stood), explained: changed)
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

  /// Images that were made to fool this network, each with the whole of a size.
  typealias Aimed = (epsilon: Double, images: [Float])

  /// The attacked test images, changed at each size to fool this network; at size 0 as they are.
  ///
  /// For accuracy PGD leaves off once an image is misread. Another network has to see what the whole size allows.
  func aimed() -> [Aimed] {
    let images = attackedImages
    let (clean, labels) = (test.floats(images), images.map { test.labels[$0] })
    return [(0, clean)]
      + extent.epsilons.compactMap { epsilon in
        attack(PGD.name, epsilon).map {
          (epsilon, $0.adversarial(clean, labels: labels, against: executor))
        }
      }
  }

  /// What the other reads in images that were made to fool this one.
  private func transfer(_ aimed: [Aimed], to other: Study) -> [RobustnessFacts.Point] {
    let labels = attackedImages.map { test.labels[$0] }
    return aimed.map { epsilon, images in
      let logits = other.executor.logits(images)
      let changed = Predictions(
        logits: logits, labels: labels, classes: predictions.classes)
      return RobustnessFacts.Point(
        epsilon: epsilon, right: (0..<changed.count).count(where: changed.isCorrect),
        of: changed.count)
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
